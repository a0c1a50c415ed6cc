"""The operational log: who, what route, when; never a text, a token or a made-up line (ASVS 16.x)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.review.visitors import PASSWORD, browser_of, sign_in, somebody

from opencdi.review.accounts.invitations import invitation_path
from opencdi.review.policy import Role
from opencdi.review.project.logs import JsonLines

NASTY = 'x\r\n{"level": "info", "message": "signed in"}\u2028\x1b[31m'


@pytest.fixture
def lines() -> Iterator[Any]:
    """What the room's loggers write while a test runs, a list of lines when called."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("opencdi.review", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.django_db
def test_16_4_1_nobody_can_write_a_line_of_their_own(lines: Any) -> None:
    browser = Client(HTTP_USER_AGENT=NASTY, REMOTE_ADDR="10.0.0.1", HTTP_REFERER=NASTY)
    browser.get("/" + NASTY.replace("\r", "%0D").replace("\n", "%0A"))
    browser.post("/account/sign-in/", {"login": NASTY, "password": NASTY})
    for line in lines():
        assert json.loads(line)["logger"].startswith(("opencdi.review", "django"))
    assert not any(json.loads(line)["message"] == "signed in" for line in lines())


@given(st.text(max_size=80), st.text(max_size=80))
def test_16_4_1_a_record_is_one_line_whatever_it_holds(message: str, extra: str) -> None:
    record = logging.LogRecord("opencdi.review.x", logging.INFO, "x", 1, message, None, None)
    record.why = extra
    line = JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == message
    assert line.isascii()


@pytest.mark.django_db
def test_16_2_5_no_token_password_or_code_reaches_the_log(lines: Any) -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD, factor=False)
    link, browser = invitation_path(person), Client()
    browser.get(link)
    browser.get("/account/password/reset/1-abc123-0123456789abcdef/")
    sign_in(browser, person)
    sign_in(browser, person, "another-wrong-password")
    browser.get("/reading/?next=token-in-a-query")
    written = "\n".join(lines())
    for kept_out in (
        PASSWORD,
        "another-wrong",
        person.email,
        link.split("/")[-2],
        "abc123",
        "token-in-a-query",
    ):
        assert kept_out not in written
    assert "account/invitation/<str:token>/" in written


def test_16_2_5_an_error_is_told_by_kind_and_place_not_by_its_words() -> None:
    try:
        raise ValueError("Maya Ellison, 4 Rook Lane")
    except ValueError as error:
        record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "Bad %s", ("/a?b",), None)
        record.exc_info = (ValueError, error, error.__traceback__)
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "ValueError"
    assert line["place"].startswith("test_logging.py:")
    assert line["message"] == "Bad %s"
    assert "Ellison" not in json.dumps(line)


@pytest.mark.django_db
def test_16_2_2_every_line_has_its_time_in_utc(lines: Any) -> None:
    browser_of(somebody(Role.AUDITOR)).get("/")
    assert lines()
    for line in lines():
        assert datetime.fromisoformat(json.loads(line)["at"]).utcoffset().total_seconds() == 0  # type: ignore


@pytest.mark.django_db
def test_16_3_1_signing_in_and_failing_to_are_written_with_who_and_from_where(lines: Any) -> None:
    person = somebody(Role.AUDITOR, password=PASSWORD, factor=False)
    browser = Client(REMOTE_ADDR="10.0.0.7")
    sign_in(browser, person, "wrong password indeed")
    sign_in(browser, person)
    browser.post("/account/sign-out/")
    said = {json.loads(line)["message"]: json.loads(line) for line in lines()}
    assert said["sign-in failed"]["address"] == "10.0.0.7"
    assert said["signed in"]["person"] == said["signed out"]["person"] == str(person.key)


@pytest.mark.django_db
def test_16_3_2_a_refusal_is_written_with_the_route_and_the_person(lines: Any) -> None:
    person = somebody(Role.AUDITOR)
    browser_of(person).get("/deciding/")
    refusals = [json.loads(line) for line in lines() if json.loads(line)["message"] == "refused"]
    assert [(one["route"], one["person"]) for one in refusals] == [("deciding/", str(person.key))]


@pytest.mark.django_db
def test_an_error_page_and_the_log_share_a_reference(lines: Any) -> None:
    browser_of(somebody(Role.AUDITOR)).get("/help/")
    assert all(len(json.loads(line)["reference"]) == 10 for line in lines() if "request" in line)
