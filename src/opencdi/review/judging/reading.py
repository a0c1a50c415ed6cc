"""All that pages of an auditor can see: their own queue, the log, the records, their own answers.

These functions ask the database for the person's own assignments and nothing else, and what they return
holds values and no rows, so that no template can walk from here to anybody else's judgement, to the state of
the case or to what a machine found. import-linter keeps ``judging`` from importing the rooms that hold those.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Assignment
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.models import Judgement
from opencdi.review.people.models import Person

NOT_STARTED = "not_started"


@dataclass(frozen=True)
class QueueItem:
    """One case of the person's own queue."""

    key: UUID
    number: int
    stage: str


@dataclass(frozen=True)
class CaseToRead:
    """One case as its reader sees it."""

    key: UUID
    number: int
    of: int
    """The number of their last report; one that was handed back leaves a gap and no number too high."""
    facts: Facts
    log: str
    answers: Answers
    stage: str
    version: int
    """Of the judgement; 0 before anything is saved."""
    saved_at: datetime | None


def queue(person: Person) -> list[QueueItem]:
    """Everything the person is to read or has read, in their own order."""
    rows = (
        Assignment.objects.filter(person=person, ended_at__isnull=True)
        .order_by("number")
        .values_list("key", "number", "judgement__stage")
    )
    return [QueueItem(key, number, stage or NOT_STARTED) for key, number, stage in rows]


def next_to_read(person: Person) -> QueueItem | None:
    return next((item for item in queue(person) if item.stage in (NOT_STARTED, Judgement.Stage.DRAFT)), None)


def case_to_read(person: Person, key: UUID) -> CaseToRead | None:
    """One of the person's own cases; None where the key is of none of theirs."""
    own = Assignment.objects.filter(person=person, ended_at__isnull=True)
    assignment = own.filter(key=key).select_related("case__material", "judgement").first()
    if assignment is None:
        return None
    material = assignment.case.material
    judgement: Judgement | None = getattr(assignment, "judgement", None)
    return CaseToRead(
        key=assignment.key,
        number=assignment.number,
        of=own.aggregate(last=Max("number"))["last"],
        facts=Facts.model_validate_json(material.facts),
        log=material.log,
        answers=answers_of(judgement),
        stage=judgement.stage if judgement else NOT_STARTED,
        version=judgement.version if judgement else 0,
        saved_at=judgement.saved_at if judgement else None,
    )


def answers_of(judgement: Judgement | None) -> Answers:
    text = judgement.content if judgement else ""
    return Answers.model_validate_json(text) if text else Answers()
