"""Error pages say in plain words what to do, and show nothing of the inside (ASVS 16.5.1, 16.5.3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from tests.review.visitors import browser_of, somebody

from opencdi.review.access import public, signed_in
from opencdi.review.policy import Role
from opencdi.review.project import urls
from opencdi.review.shell import errors

pytestmark = pytest.mark.django_db

SECRET = "Maya Ellison was seen at 4 Rook Lane"


def _breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError(SECRET)


def _denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


def _odd(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


def _takes_a_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns = [
    *urls.urlpatterns,
    path("try/breaks/", public(_breaks)),
    path("try/denied/", signed_in(_denied)),
    path("try/odd/", public(_odd)),
    path("try/form/", public(_takes_a_form)),
    path("try/changed/", public(lambda request: errors.shown(request, "changed", again="/"))),
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500, handler429 = urls.handler500, urls.handler429


@pytest.fixture(autouse=True)
def _addresses_that_fail(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def _page(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/nothing/", 404, "Page not found"),
        ("/try/odd/", 400, "We could not read that request"),
        ("/try/denied/", 403, "You cannot see this page"),
        ("/try/changed/", 409, "Somebody changed this while you were working on it"),
        ("/account/invitation/old/", 410, "This link no longer works"),
        ("/try/breaks/", 500, "something went wrong here"),
    ],
)
def test_16_5_1_an_error_is_a_plain_page_that_says_what_to_do(address: str, status: int, title: str) -> None:
    browser = browser_of(somebody(Role.AUDITOR))
    browser.raise_request_exception = False
    answer = browser.get(address)
    assert answer.status_code == status
    page = _page(answer)
    assert title in page
    assert page.count("<h1") == 1
    for inside in ("Traceback", "Exception", "django", "sqlite", SECRET, ".py"):
        assert inside not in page


@pytest.mark.parametrize("error", errors.PAGES.values(), ids=errors.PAGES)
def test_every_error_says_what_happened_and_begins_what_to_do_with_a_verb(error: errors.ErrorPage) -> None:
    assert len(str(error.what)) > 30
    assert str(error.do).split()[0] in {"Go", "Open", "Shorten", "Wait", "Ask", "If"}


def test_16_5_3_the_page_of_our_own_fault_needs_neither_database_nor_session(monkeypatch: Any) -> None:
    browser = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "django.contrib.sessions.backends.db.SessionStore.load",
            lambda self: (_ for _ in ()).throw(OSError),
        )
        browser.cookies["sessionid"] = "x" * 32
        answer = browser.get("/try/breaks/")
    assert answer.status_code == 500
    assert "give the reference" in _page(answer)


def test_a_request_larger_than_is_taken_says_so_and_what_to_do() -> None:
    answer = Client().post("/try/form/", {"story": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Shorten the text" in _page(answer)


def test_a_megabyte_of_text_is_within_what_is_taken() -> None:
    assert Client().post("/try/form/", {"story": "x" * 1_000_000}).status_code == 200


def test_more_fields_than_any_form_has_are_refused() -> None:
    answer = Client().post("/try/form/", {f"f{number}": "1" for number in range(2_001)})
    assert answer.status_code == 413


def test_a_form_whose_token_is_missing_says_how_to_go_on() -> None:
    answer = Client(enforce_csrf_checks=True).post("/try/form/", {"a": "b"})
    assert answer.status_code == 403
    assert "This form had been open too long" in _page(answer)
    assert 'href="/try/form/"' in _page(answer)


def test_too_many_attempts_say_when_to_come_back() -> None:
    browser = Client()
    answers = [browser.post("/account/password/reset/", {"email": "x@example.invalid"}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert "Wait five minutes" in _page(answers[-1])


@pytest.mark.parametrize(
    "path", ["/%00", "/account/invitation/%F0%9F%98%80/", "/reading/%2e%2e/%2e%2e/", "//"]
)
def test_odd_addresses_are_answered_like_any_other(path: str) -> None:
    assert Client().get(path).status_code in (302, 400, 404, 410)
