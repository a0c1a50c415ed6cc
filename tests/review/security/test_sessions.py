"""Sessions: they rotate, end in time, can be seen and ended (ASVS 7.x); nothing typed is lost with one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.review.visitors import PASSWORD, browser_of, code_now, code_of, sign_in, somebody

from opencdi.review.accounts.kept import FIELD, author_token, forget_old_answers, kept_answer
from opencdi.review.accounts.models import KeptAnswer
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ENDED = "/account/session-ended/"
CHECK = "/account/second-factor/check/"


def test_7_2_4_a_session_gets_a_new_name_at_sign_in() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    sign_in(browser, person)
    before = browser.cookies["sessionid"].value
    browser.post(CHECK, {"code": code_now()})
    assert browser.cookies["sessionid"].value != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/").status_code == 302


def test_7_3_1_a_session_ends_after_twenty_minutes_without_a_request() -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = browser_of(somebody(Role.AUDITOR))
        for _ in range(3):
            assert browser.get("/").status_code == 200
            clock.shift(timedelta(minutes=19))
        clock.shift(timedelta(minutes=1))
        answer = browser.get("/")
        assert answer.headers["Location"].startswith(ENDED)
        assert answer.headers["Clear-Site-Data"]
        assert browser.get("/").headers["Location"].startswith("/account/sign-in/")


def test_7_3_2_a_session_ends_after_twelve_hours_however_busy() -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = browser_of(somebody(Role.AUDITOR))
        for _ in range(12 * 6):
            assert browser.get("/").status_code == 200
            clock.shift(timedelta(minutes=10))
        assert browser.get("/").headers["Location"].startswith(ENDED)


def test_7_4_1_signing_out_ends_the_session_for_good() -> None:
    browser = browser_of(somebody(Role.AUDITOR))
    kept = browser.cookies["sessionid"].value
    browser.post("/account/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/").status_code == 302


def test_7_4_3_a_changed_password_ends_every_other_session() -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD)
    other, browser = browser_of(person), Client()
    sign_in(browser, person)
    browser.post(CHECK, {"code": code_now()})
    fresh = "copper otter umbrella ninety"
    browser.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    )
    assert other.get("/").status_code == 302
    assert browser.get("/").status_code == 200


def test_7_4_3_a_new_second_factor_ends_every_other_session(
    django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = False
    person = somebody(Role.AUDITOR, factor=False)
    other, browser = browser_of(person), browser_of(person)
    page = browser.get("/account/second-factor/app/").content.decode()
    secret = page.split('review-code">')[1].split("<")[0]
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/second-factor/app/", {"code": code_of(secret)})
    assert other.get("/account/").headers["Location"].startswith("/account/sign-in/")
    assert browser.get("/account/").status_code == 200


def test_7_4_4_every_page_offers_to_sign_out() -> None:
    browser = browser_of(somebody(Role.AUDITOR))
    for address in ("/", "/account/", "/help/", "/nothing-here/"):
        assert 'action="/account/sign-out/"' in browser.get(address).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/account/second-factor/keys/add/",
        "/account/second-factor/codes/make/",
    ],
)
def test_7_5_1_changing_how_one_signs_in_asks_who_it_is_again(address: str) -> None:
    answer = browser_of(somebody(Role.AUDITOR, password=PASSWORD)).get(address)
    assert answer.status_code == 302
    assert "again" in answer.headers["Location"] or "reauthenticate" in answer.headers["Location"]


def test_7_5_2_one_sees_and_ends_ones_own_sessions_and_nobody_elses() -> None:
    person, stranger = somebody(Role.AUDITOR), somebody(Role.AUDITOR)
    here = browser_of(person, REMOTE_ADDR="10.0.0.1")
    there, theirs = browser_of(person, REMOTE_ADDR="10.0.0.2"), browser_of(stranger, REMOTE_ADDR="10.0.0.3")
    page = here.get("/account/sessions/").content.decode()
    assert "10.0.0.3" not in page
    here.post("/account/sessions/")
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == theirs.get("/").status_code == 200


def test_staying_signed_in_takes_one_press() -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = browser_of(somebody(Role.AUDITOR))
        browser.get("/")
        clock.shift(timedelta(minutes=19))
        assert browser.post("/account/stay-signed-in/").status_code == 204
        clock.shift(timedelta(minutes=19))
        assert browser.get("/").status_code == 200


def test_the_way_back_after_a_session_leads_only_into_this_room() -> None:
    page = Client().get(ENDED, {"next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page
    assert "next=/reading/" in Client().get(ENDED, {"next": "/reading/"}).content.decode()


# What was being typed ---------------------------------------------------------------------------------


def _sent(person: Person, **fields: str) -> dict[str, str]:
    return {FIELD: author_token(person), **fields}


def _given_back(person: Person, path: str, rf: Any) -> Any:
    request = rf.get(path)
    request.user = person
    return kept_answer(request)


LONG = "Long answer, ⚠️ مرحبا, " + "word " * 2000


def test_a_long_answer_sent_after_the_session_ended_is_kept_for_its_author_alone(rf: Any) -> None:
    person, stranger = somebody(Role.AUDITOR), somebody(Role.AUDITOR)
    with time_machine.travel(START, tick=False) as clock:
        browser = browser_of(person)
        browser.get("/")
        clock.shift(timedelta(minutes=25))
        answer = browser.post("/reading/", _sent(person, reason=LONG))
        assert "kept=yes" in answer.headers["Location"]
        assert "has been kept" in browser.get(answer.headers["Location"]).content.decode()
        assert _given_back(person, "/reading/", rf)["reason"] == LONG
        assert _given_back(stranger, "/reading/", rf) is None
        assert _given_back(person, "/deciding/", rf) is None
    row = KeptAnswer.objects.get()
    assert b"Long answer" not in bytes(row.sealed)


def test_nobody_can_put_words_into_somebody_elses_form(rf: Any) -> None:
    person, other = somebody(Role.AUDITOR), somebody(Role.AUDITOR)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    browser.post("/reading/", _sent(other, reason="not mine"))
    browser.post("/reading/", {FIELD: "made-up", "reason": "not genuine"})
    assert not KeptAnswer.objects.exists()


def test_3_5_1_a_form_with_an_old_token_is_refused_and_its_answer_kept(rf: Any) -> None:
    person = somebody(Role.AUDITOR)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    answer = browser.post("/reading/", _sent(person, reason="still here"))
    assert answer.status_code == 403
    assert "your answer is safe" in answer.content.decode()
    assert _given_back(person, "/reading/", rf)["reason"] == "still here"


def test_passwords_and_codes_are_never_kept(rf: Any) -> None:
    person = somebody(Role.AUDITOR)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    browser.post("/account/password/change/", _sent(person, oldpassword="x", password1="y", password2="y"))
    assert not KeptAnswer.objects.exists()


def test_what_nobody_came_back_for_is_removed_after_a_day() -> None:
    person = somebody(Role.AUDITOR)
    with time_machine.travel(START, tick=False) as clock:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(person)
        browser.post("/reading/", _sent(person, reason="old"))
        assert forget_old_answers() == 0
        clock.shift(timedelta(hours=25))
        assert forget_old_answers() == 1
