"""A made-up audit for tests of the review room: people, a drawn sample, answers. All of it is invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from opencdi.review.adjudication.settling import sign_off
from opencdi.review.audits.folder import DrawnSample, Log
from opencdi.review.audits.loading import load
from opencdi.review.audits.material import Facts, RecordedCrime
from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.audits.services import assign_readers
from opencdi.review.judging.answers import Answers, CrimeAnswer
from opencdi.review.judging.reading import case_to_read
from opencdi.review.judging.services import save, submit
from opencdi.review.people.models import Person
from opencdi.review.people.services import add_person, grant
from opencdi.review.policy import Role

MONDAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LOG = "09:02 INFT STATES SHE WAS PUNCHED IN THE FACE BY A STRANGER.\n09:10 NO INJURY SEEN."


def record(number: int, **values: Any) -> RecordedCrime:
    return RecordedCrime.model_validate(
        {
            "crime_id": f"42/{number:05d}/26",
            "class_code": "8N",
            "offence_written": "Assault with injury",
            "status": "live",
            "recorded_at": MONDAY + timedelta(hours=3),
            **values,
        }
    )


def log(number: int, *records: RecordedCrime, text: str = LOG, **values: Any) -> Log:
    facts = Facts.model_validate(
        {
            "incident_id": f"TS-{number:04d}",
            "reported_at": MONDAY,
            "channel": "101",
            "caller_role": "victim",
            "opening_code": "AS1",
            "opening_group": "violence",
            "records": records,
            **values,
        }
    )
    return Log(facts, text)


def sample(*logs: Log, name: str = "testshire-2026", **values: Any) -> DrawnSample:
    return DrawnSample(
        **{
            "name": name,
            "force": "Testshire",
            "first_day": None,
            "last_day": None,
            "edition": "by-date",
            "commitment": "c" * 64,
            "frame_sha256": "f" * 64,
            "sample_sha256": "5" * 64,
            "purpose": "sample",
            "logs": logs,
            "findings": {},
            **values,
        }
    )


def recorded_sample(count: int, **values: Any) -> DrawnSample:
    """So many incidents, each with one record of assault with injury."""
    return sample(*(log(number, record(number)) for number in range(1, count + 1)), **values)


def person(name: str, *roles: Role, force: str = "") -> Person:
    made = add_person(f"{name}@example.test", name.capitalize(), force)
    for role in roles:
        grant(made, role)
    return made


def auditors(*names: str) -> list[Person]:
    return [person(name, Role.AUDITOR) for name in names]


def loaded(drawn: DrawnSample, reread_chance: str = "0", **values: Any) -> Audit:
    """The sample loaded with readers assigned."""
    audit = load(drawn, reread_chance=Decimal(reread_chance), **values).audit
    assign_readers(audit)
    return audit


# Answers ------------------------------------------------------------------------------------------

NOTHING = Answers(nothing_required=True)


def correct(number: int) -> Answers:
    return crimes(found(number))


def found(number: int, **values: Any) -> CrimeAnswer:
    """Assault with injury, on record and in time."""
    given = {"requires": "crime", "class_code": "8N", "record": f"42/{number:05d}/26", "in_time": "yes"}
    return CrimeAnswer.model_validate({**given, **values})


def missing(class_code: str = "8N", **values: Any) -> CrimeAnswer:
    given = {
        "requires": "crime",
        "class_code": class_code,
        "record": "none",
        "spans": ((26, 37),),
        "cause": "limited_supervision",
    }
    return CrimeAnswer.model_validate({**given, **values})


def crimes(*each: CrimeAnswer) -> Answers:
    return Answers(crimes=each)


# Doing things -------------------------------------------------------------------------------------


def number_of(incident_id: str) -> int:
    return int(incident_id.rpartition("-")[2])


def judge(reader: Person, key: UUID, answers: Answers) -> None:
    """Save and submit in one go."""
    case = case_to_read(reader, key)
    assert case is not None
    save(reader, key, case.version, answers)
    submit(reader, key, case.version + 1)


def readings(audit: Audit) -> list[Assignment]:
    return list(
        Assignment.objects.filter(case__audit=audit, ended_at__isnull=True)
        .select_related("case", "person")
        .order_by("case__incident_id", "slot")
    )


def sign(*people: Person) -> None:
    for each in people:
        sign_off(each)
