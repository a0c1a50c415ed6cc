"""How often a page asks the database: not more for a longer queue, and seldom at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.review.browsing import address, sent, signed_in
from tests.review.made_up import auditors, correct, judge, loaded, number_of, readings, recorded_sample

from opencdi.review.audits.models import Assignment

pytestmark = pytest.mark.django_db

MOST = {"home": 12, "queue": 12, "content_warning": 12, "judge_crime": 20, "check_case": 12, "submitted": 14}


def _queries(client: Client, ask: Callable[[], Any]) -> int:
    ask()
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    assert answer.status_code == 200
    return len(asked)


def _counts(cases: int) -> dict[str, int]:
    """Queries of each page of an auditor who has so many cases."""
    auditors(f"anna{cases}", f"ben{cases}")
    audit = loaded(recorded_sample(cases, name=f"of-{cases}"))
    given = [each for each in readings(audit) if each.person == readings(audit)[0].person]
    done, begun, new = given[:3]
    judge(done.person, done.key, correct(number_of(done.case.incident_id)))
    client = signed_in(done.person)
    _draft(client, begun)
    return {
        "home": _queries(client, lambda: client.get(address("home"))),
        "queue": _queries(client, lambda: client.get(address("queue"))),
        "content_warning": _queries(client, lambda: client.get(address("content_warning", new.key))),
        "judge_crime": _queries(client, lambda: client.get(address("judge_crime", new.key, number=1))),
        "check_case": _queries(client, lambda: client.get(address("check_case", begun.key))),
        "submitted": _queries(client, lambda: client.get(address("submitted", done.key))),
    }


def _draft(client: Client, reading: Assignment) -> None:
    fields = {"version": "0", "requires": "nothing", "victim": "1", "then": "draft"}
    client.post(address("judge_crime", reading.key, number=1), sent(reading.person, **fields))


def test_pages_of_an_auditor_ask_as_often_for_three_cases_as_for_thirty_and_seldom() -> None:
    few, many = _counts(3), _counts(30)
    assert few == many
    assert {name: count for name, count in many.items() if count > MOST[name]} == {}
