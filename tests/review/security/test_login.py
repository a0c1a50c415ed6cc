"""Signing in: limits, passwords, second factors, resets, invitations (ASVS 6.x)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review.visitors import PASSWORD, browser_of, code_now, code_of, sign_in, somebody

from opencdi.review.accounts.closing import close_account, remove_second_factors
from opencdi.review.accounts.invitations import invitation_path
from opencdi.review.accounts.passwords import NoWordsOfThisPlace, place_words
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

pytestmark = pytest.mark.django_db

CHECK = "/account/second-factor/check/"


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def test_6_3_3_a_password_alone_is_not_enough_and_the_code_completes_it() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    assert sign_in(browser, person).headers["Location"] == CHECK
    assert browser.get("/").headers["Location"].startswith("/account/sign-in/")
    assert "There is a problem" in _text(browser.post(CHECK, {"code": "000000"}))
    assert browser.post(CHECK, {"code": code_now()}).headers["Location"] == "/"
    assert "My work" in _text(browser.get("/"))


@pytest.mark.parametrize("role", list(Role))
def test_6_3_3_everybody_without_a_second_factor_is_sent_to_set_one_up(role: Role) -> None:
    browser = browser_of(somebody(role, factor=False))
    assert browser.get("/").headers["Location"] == "/account/second-factor/"
    assert browser.post("/account/password/change/").headers["Location"] == "/account/second-factor/"
    assert browser.get("/account/second-factor/app/").status_code == 200


def test_6_5_1_a_code_works_once() -> None:
    person, code = somebody(Role.AUDITOR, password=PASSWORD), code_now()
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, person)
    assert first.post(CHECK, {"code": code}).status_code == 302
    assert second.post(CHECK, {"code": code}).status_code == 200


def test_6_5_2_secrets_of_second_factors_lie_sealed_in_the_database() -> None:
    person = somebody(Role.AUDITOR, factor=False)
    browser = browser_of(person)
    page = _text(browser.get("/account/second-factor/app/"))
    secret = re.search(r'review-code">([A-Z2-7]+)<', page)
    assert secret
    sent = browser.post("/account/second-factor/app/", {"code": code_of(secret[1])})
    assert sent.status_code == 302
    kept = Authenticator.objects.get(user=person, type="totp")
    assert secret[1] not in str(kept.data)


def test_6_1_1_five_wrong_passwords_close_an_account_for_five_minutes_from_everywhere() -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD)
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), person, "wrong password indeed")
    closed = sign_in(Client(REMOTE_ADDR="10.0.0.9"), person)
    assert closed.status_code == 200
    assert "Too many failed" in _text(closed)
    with time_machine.travel(_in_seconds(301)):
        assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), person).status_code == 302


def test_6_3_1_many_accounts_tried_from_one_address_are_throttled() -> None:
    people = [somebody(Role.AUDITOR, password=PASSWORD) for _ in range(11)]
    browser = Client(REMOTE_ADDR="10.1.1.1")
    for person in people[:10]:
        sign_in(browser, person, "wrong password indeed")
    assert "Too many failed" in _text(sign_in(browser, people[10]))


def test_6_3_1_second_factors_cannot_be_guessed() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    sign_in(browser, person)
    tried = [_text(browser.post(CHECK, {"code": f"{number:06}"})) for number in range(7)]
    assert "Incorrect code" in tried[0]
    assert "Too many failed" in tried[-1]


def test_6_3_8_nobody_learns_from_the_sign_in_page_who_has_an_account() -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD)
    known = _text(sign_in(Client(REMOTE_ADDR="10.2.0.1"), person, "wrong password indeed"))
    stranger = Person(email="nobody@example.invalid")
    unknown = _text(sign_in(Client(REMOTE_ADDR="10.2.0.2"), stranger, "wrong password indeed"))
    assert _without_tokens(known, person.email) == _without_tokens(unknown, stranger.email)


def test_6_3_8_asking_for_a_new_password_answers_everybody_alike() -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD)
    for address in (person.email, "nobody@example.invalid"):
        answer = Client().post("/account/password/reset/", {"email": address})
        assert answer.headers["Location"] == "/account/password/reset/sent/"


def test_6_3_4_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/account/signup/").status_code == 404


def test_6_4_3_a_new_password_does_not_go_round_the_second_factor() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    browser.post("/account/password/reset/", {"email": person.email})
    [message] = mail.outbox
    link = re.search(r"https?://[^/]+(/account/password/reset/\S+)", str(message.body))
    assert link
    form = browser.get(link[1], follow=True)
    fresh = "copper otter umbrella ninety"
    action = form.redirect_chain[-1][0]
    browser.post(action, {"password1": fresh, "password2": fresh})
    assert browser.get("/").status_code == 302
    assert sign_in(browser, person, fresh).headers["Location"] == CHECK
    assert "This link no longer works" in _text(Client().get(link[1], follow=True))


def test_6_4_1_a_link_for_a_new_password_works_for_one_hour() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    browser.post("/account/password/reset/", {"email": person.email})
    link = re.search(r"https?://[^/]+(/account/password/reset/\S+)", str(mail.outbox[0].body))
    assert link
    with time_machine.travel(_in_seconds(3700)):
        assert "This link no longer works" in _text(browser.get(link[1], follow=True))


def test_6_4_4_a_lost_factor_is_removed_only_when_somebody_else_checked_who_it_is() -> None:
    person, registrar = somebody(Role.AUDITOR), somebody(Role.REGISTRAR)
    browser = browser_of(person)
    with pytest.raises(Exception, match="Somebody else"):
        remove_second_factors(person, person)
    remove_second_factors(person, registrar)
    assert browser.get("/").headers["Location"].startswith("/account/sign-in/")
    assert not Authenticator.objects.filter(user=person).exists()


def test_the_last_second_factor_cannot_be_taken_away() -> None:
    person, browser = somebody(Role.AUDITOR, password=PASSWORD), Client()
    sign_in(browser, person)
    browser.post(CHECK, {"code": code_now()})
    browser.post("/account/reauthenticate/?next=/", {"password": PASSWORD})
    browser.post("/account/second-factor/app/remove/")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short one", "at least 15"),
        ("passwordpassword", "not made of your name"),
        ("police crime audit", "not made of your name"),
        ("Thames Valley 2026", "not made of your name"),
        ("person invalid example", "not made of your name"),
    ],
)
def test_6_2_a_weak_password_is_refused_with_what_to_do(password: str, said: str) -> None:
    person = somebody(Role.AUDITOR, factor=False)
    answer = Client().post(invitation_path(person), {"password1": password, "password2": password})
    assert answer.status_code == 200
    assert said in _text(answer).replace("&#39;", "'")


@pytest.mark.parametrize("password", ["plumlanternbicyclemoth", "żółw i czarna perła", "x7" * 60])
def test_6_2_5_no_rule_about_what_characters_a_good_password_holds(password: str) -> None:
    person = somebody(Role.AUDITOR, factor=False)
    answer = Client().post(invitation_path(person), {"password1": password, "password2": password})
    assert answer.status_code == 302


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(place_words())), min_size=2, max_size=5))
def test_6_2_11_words_of_this_place_however_joined_are_no_password(words: list[str]) -> None:
    with pytest.raises(ValidationError):
        NoWordsOfThisPlace().validate("".join(words) + "1!")


def test_6_2_6_a_password_can_be_pasted_and_shown() -> None:
    page = _text(Client().get("/account/sign-in/"))
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page
    assert "govuk-password-input" in page


def test_an_invitation_works_once_and_leads_to_a_second_factor() -> None:
    person, browser = somebody(Role.AUDITOR, factor=False), Client()
    link = invitation_path(person)
    answer = browser.post(link, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/second-factor/"
    assert Client().get(link).status_code == 410


def test_an_invitation_ends_after_its_time() -> None:
    link = invitation_path(somebody(Role.AUDITOR, factor=False))
    with time_machine.travel(_in_seconds(73 * 3600)):
        answer = Client().get(link)
    assert answer.status_code == 410
    assert "Ask the administrator for a new invitation" in _text(answer)


def test_an_invitation_that_was_cut_or_changed_says_so() -> None:
    link = invitation_path(somebody(Role.AUDITOR, factor=False))
    assert Client().get(link[:-6] + "/").status_code == 410


def test_7_4_2_a_closed_account_is_out_at_once_and_stays_out() -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD)
    browser = browser_of(person)
    assert browser.get("/").status_code == 200
    assert close_account(person) == 1
    assert browser.get("/").status_code == 302
    assert sign_in(Client(), person).status_code in (200, 302)
    assert Client().get("/").status_code == 302


def _in_seconds(seconds: int) -> Any:
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(seconds=seconds)


def _without_tokens(page: str, email: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace(email, "")
