"""Until a verdict stands, nothing an auditor is sent shows another judgement, the machine, or progress.

Two worlds are compared that differ only in what an auditor must not know; every address is asked in both by
the same person, and every byte of status, headers and body must be the same.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.review.browsing import address, signed_in
from tests.review.made_up import (
    auditors,
    correct,
    crimes,
    judge,
    loaded,
    log,
    missing,
    person,
    readings,
    record,
    sample,
    sign,
)

import opencdi.review
from opencdi.review.adjudication.settling import weigh
from opencdi.review.audits.models import Assignment, Audit, Case
from opencdi.review.judging.answers import Answers, CrimeAnswer
from opencdi.review.judging.services import hand_back
from opencdi.review.people.models import Person
from opencdi.review.policy import Role
from opencdi.review.quality.known_cases import KnownCase

pytestmark = pytest.mark.django_db

CANARY = "CANARY-OF-THE-OTHER-JUDGEMENT"
MACHINE = "CANARY-OF-THE-MACHINE"
KNOWN = "CANARY-OF-THE-TRUTH"

NOISE = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|data-token="[^"]*"|name="written_by" value="[^"]*"'
)
"""What differs between any two answers to one person: tokens that are random by design."""


class UndoError(Exception):
    """Ends a world."""


def made() -> tuple[Audit, Assignment]:
    """An audit with a lead, a known case and third readings, and one of Anna's readings."""
    people = auditors("anna", "ben", "dora")
    person("clara", Role.ADJUDICATOR)
    logs = [log(number, record(number)) for number in range(1, 5)]
    leads = {
        each.facts.incident_id: ({"kind": "missing", "explanation": MACHINE, "crime_id": None},)
        for each in logs
    }
    seeded = log(9001)
    known = KnownCase(
        facts=seeded.facts,
        log=seeded.text,
        truth=crimes(CrimeAnswer(requires="cannot_tell", missing=KNOWN)),
    )
    audit = loaded(sample(*logs, findings=leads), known=[known], known_share=0.25, reread_chance="0.5")
    reading = Assignment.objects.filter(person=people[0]).order_by("number")[0]
    return audit, reading


def others(reading: Assignment) -> list[Assignment]:
    case = reading.case
    return [each for each in readings(case.audit) if each.case_id == case.pk and each.pk != reading.pk]


def canary() -> Answers:
    return crimes(CrimeAnswer(requires="cannot_tell", missing=CANARY))


def nothing(_: Assignment) -> None:
    """The other reader has not begun."""


def other_has_a_draft(reading: Assignment) -> None:
    from opencdi.review.judging.services import save

    save(others(reading)[0].person, others(reading)[0].key, 0, canary())


def other_has_submitted(reading: Assignment) -> None:
    judge(others(reading)[0].person, others(reading)[0].key, canary())


def other_has_signed(reading: Assignment) -> None:
    other_has_submitted(reading)
    sign(others(reading)[0].person)


def everybody_else_has_signed_everything(reading: Assignment) -> None:
    for each in readings(reading.case.audit):
        if each.person_id != reading.person_id:
            judge(each.person, each.key, canary())
    sign(*{each.person for each in readings(reading.case.audit)} - {reading.person})


def other_has_handed_back(reading: Assignment) -> None:
    hand_back(others(reading)[0].person, others(reading)[0].key)


def the_case_is_a_known_one(reading: Assignment) -> None:
    from opencdi.review.quality.models import KnownTruth

    truth = KnownTruth(case=reading.case)
    truth.content = canary().model_dump_json()
    if not hasattr(reading.case, "known_truth"):
        truth.save()


def the_machine_found_more(reading: Assignment) -> None:
    from opencdi.review.findings.models import MachineFinding

    for _ in range(3):
        finding = MachineFinding(case=reading.case, kind="wrong_class")
        finding.content = f'{{"explanation": "{MACHINE}"}}'
        finding.save()


def the_case_is_to_be_read_again(reading: Assignment) -> None:
    from opencdi.review.quality.models import PlannedRereading

    PlannedRereading.objects.get_or_create(case=reading.case)
    weigh(Case.objects.get(pk=reading.case_id))


WORLDS = (
    other_has_a_draft,
    other_has_submitted,
    other_has_signed,
    everybody_else_has_signed_everything,
    other_has_handed_back,
    the_case_is_a_known_one,
    the_machine_found_more,
    the_case_is_to_be_read_again,
)


def addresses(reading: Assignment) -> list[str]:
    """Every address of the application, filled with this case's keys and with strangers'.

    Those of one's own account (sign-in, second factor) hold nothing of a case and random codes.
    """
    keys = [str(reading.key), str(reading.case.key), *(str(each.key) for each in others(reading))]
    keys += [str(each) for each in reading.case.adjudications.values_list("key", flat=True)]
    keys.append(str(uuid.UUID(int=7)))
    found: list[str] = []
    for route in _routes(get_resolver().url_patterns):
        if route.startswith("account/") or "<" in re.sub(
            r"<uuid:\w+>|<int:\w+>|<str:\w+>|<path:\w+>", "", route
        ):
            continue
        for key in keys if "<uuid:" in route else [""]:
            filled = re.sub(r"<uuid:\w+>", key, route)
            filled = re.sub(r"<int:\w+>", "1", re.sub(r"<(str|path):\w+>", "x", filled))
            found.append("/" + filled)
    return sorted(set(found))


def _routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and "^" not in route:
            yield route


def answer(client: Client, place: str) -> tuple[int, list[tuple[str, str]], bytes]:
    got = client.get(place)
    headers = sorted((name, value) for name, value in got.headers.items() if name != "Content-Length")
    body = b"".join(got.streaming_content) if got.streaming else got.content  # type: ignore[attr-defined]
    return got.status_code, headers, NOISE.sub(b"", body)


def seen_in(world: Callable[[Assignment], None], reading: Assignment) -> dict[str, Any]:
    """Everything the person is answered at every address, in a world that is undone afterwards."""
    seen: dict[str, Any] = {}
    try:
        with transaction.atomic():
            world(reading)
            client = signed_in(reading.person)
            for place in addresses(reading):
                try:
                    with transaction.atomic():
                        seen[place] = answer(client, place)
                        raise UndoError
                except UndoError:
                    pass
            raise UndoError
    except UndoError:
        pass
    return seen


@pytest.fixture(autouse=True)
def _the_clock_stands() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False):
        yield


def begun(reading: Assignment) -> None:
    """Nothing at all of the person's own."""


def submitted(reading: Assignment) -> None:
    judge(reading.person, reading.key, correct(1) if reading.case.incident_id == "TS-0001" else _nothing())


def signed(reading: Assignment) -> None:
    submitted(reading)
    sign(reading.person)


def _nothing() -> Answers:
    return Answers(nothing_required=True)


@pytest.mark.slow
@pytest.mark.parametrize("own", [begun, submitted])
def test_every_answer_is_the_same_byte_for_byte_whatever_the_others_and_the_machine_did(
    own: Callable[[Assignment], None],
) -> None:
    _, reading = made()
    own(reading)
    before = seen_in(nothing, reading)
    for world in WORLDS:
        after = seen_in(world, reading)
        shared = before.keys() & after.keys()
        assert len(shared) > 30 and any(str(reading.key) in place for place in shared)
        for place in sorted(shared):
            assert after[place] == before[place], (world.__name__, place)
        for place, (_, headers, body) in after.items():
            for text in (CANARY, MACHINE, KNOWN):
                assert text.encode() not in body and text not in str(headers), (world.__name__, place)


def test_after_signing_too_until_the_other_has_signed() -> None:
    _, reading = made()
    signed(reading)
    before = seen_in(nothing, reading)
    for world in (other_has_a_draft, other_has_submitted):
        assert seen_in(world, reading) == before


def test_the_comparison_would_notice_one_letter_more() -> None:
    _, reading = made()

    def one_letter_more(reading: Assignment) -> None:
        material = reading.case.material
        material.log = material.log + "X"
        material.save()

    assert seen_in(one_letter_more, reading) != seen_in(nothing, reading)


def test_no_mail_tells_by_its_time_what_the_others_did() -> None:
    """Mail is about signing in alone: whatever is done to a case, none is sent, at any moment."""
    _, reading = made()
    judge(reading.person, reading.key, canary())
    sign(reading.person)
    other_has_handed_back(reading)
    everybody_else_has_signed_everything(reading)
    for each in Case.objects.filter(audit=reading.case.audit):
        weigh(each)
    assert mail.outbox == []


def test_no_code_of_the_room_sends_mail() -> None:
    """So that none can be added unnoticed: those of signing in are django-allauth's own."""
    room = Path(opencdi.review.__file__).parent
    sends = re.compile(r"import.*\bmail\b|send_mail|EmailMessage|EmailMulti|\.email_user\(|smtplib")
    found = [str(path) for path in room.rglob("*.py") if sends.search(path.read_text(encoding="utf-8"))]
    assert found == []


ROLES_THAT_SEE_NO_JUDGEMENT = (None, *(role for role in Role if role != Role.ADJUDICATOR))


@pytest.mark.parametrize("role", ROLES_THAT_SEE_NO_JUDGEMENT)
def test_nobody_of_another_role_is_shown_a_judgement_or_a_log_of_a_case_being_judged(
    role: Role | None,
) -> None:
    _, reading = made()
    everybody_else_has_signed_everything(reading)
    stranger = person("zoe", *([role] if role else []))
    client = signed_in(stranger)
    for place in addresses(reading):
        _, headers, body = answer(client, place)
        for text in (CANARY, MACHINE, KNOWN, "PUNCHED"):
            assert text.encode() not in body and text not in str(headers), place


def test_the_adjudicator_is_not_told_who_judged_nor_what_the_machine_found() -> None:
    _, reading = made()
    pair = [reading, others(reading)[0]]
    judge(pair[0].person, pair[0].key, crimes(missing()))
    judge(pair[1].person, pair[1].key, canary())
    sign(pair[0].person, pair[1].person)
    clara = Person.objects.get(name="Clara")
    client = signed_in(clara)
    adjudication = reading.case.adjudications.first() or Case.objects.get(pk=reading.case_id)
    page = client.get(address("differing"))
    for place in addresses(reading):
        _, headers, body = answer(client, place)
        for text in (MACHINE, KNOWN, "Anna", "Ben", "Dora", "example.test"):
            shown = text.encode() in body.replace(b"clara@example.test", b"") or text in str(headers)
            assert not shown, (place, text)
    assert page.status_code == 200 and adjudication is not None
