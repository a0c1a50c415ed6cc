"""Headers and cookies of every answer (ASVS 3.3.x, 3.4.x, 14.3.2)."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from tests.review.security.addresses import every_address
from tests.review.visitors import PASSWORD, browser_of, somebody

from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db


def _answers(browser: Client) -> Any:
    for address in every_address():
        yield address, browser.get(address, secure=True)


@pytest.mark.parametrize("who", ["nobody", *Role])
def test_3_4_every_answer_to_everybody_carries_the_safe_headers(production: Any, who: str) -> None:
    browser = Client(SERVER_NAME="review.force.police.example")
    if who != "nobody":
        browser.force_login(somebody(Role(who)))
    for address, answer in _answers(browser):
        headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy, address
        assert headers["Cache-Control"] == "no-store", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["Referrer-Policy"] == "same-origin", address
        assert headers["X-Frame-Options"] == "DENY", address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains"), address
        assert answer.status_code < 500, address


@pytest.mark.parametrize("who", ["nobody", Role.AUDITOR, Role.ADMINISTRATOR])
def test_3_4_3_no_page_has_a_script_or_a_style_of_its_own(who: str) -> None:
    browser = Client() if who == "nobody" else browser_of(somebody(Role(who)))
    for address, answer in _answers(browser):
        text = answer.content.decode(errors="replace")
        assert " style=" not in text, address
        assert " onclick=" not in text, address
        assert "<style" not in text, address
        for script in text.split("<script")[1:]:
            opening = script.partition(">")[0]
            assert "src=" in opening or 'type="application/json"' in opening, address


def test_3_4_1_plain_http_leads_to_https(production: Any) -> None:
    answer = Client(SERVER_NAME="review.force.police.example").get("/account/sign-in/")
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_3_3_cookies_are_for_this_host_alone_over_tls_and_out_of_reach_of_scripts(production: Any) -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD, factor=False)
    browser = Client(SERVER_NAME="review.force.police.example")
    browser.get("/account/sign-in/", secure=True)
    browser.post("/account/sign-in/", {"login": person.email, "password": PASSWORD}, secure=True)
    browser.post("/language/", {"language": "cy"}, secure=True)
    assert set(browser.cookies) == {"__Host-sid", "__Host-csrf", "__Host-language"}
    cookies: SimpleCookie = browser.cookies
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
    assert not cookies["__Host-sid"]["max-age"]


def test_14_3_1_signing_out_clears_what_the_browser_kept() -> None:
    browser = browser_of(somebody(Role.AUDITOR))
    answer = browser.post("/account/sign-out/")
    # Not "cookies": that would sign people out of every other service of their force's domain.
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/").status_code == 302


def test_an_unknown_host_is_refused(production: Any) -> None:
    assert Client(SERVER_NAME="elsewhere.example").get("/", secure=True).status_code == 400
