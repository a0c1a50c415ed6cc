"""What both readers may see once a verdict stands: each other's answers, what stands and why, what a machine
thought. Never who the other was, nor whether the case was a known one or a third reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from opencdi.review.adjudication.models import Adjudication, Verdict
from opencdi.review.adjudication.services import Dispute, dispute
from opencdi.review.adjudication.settling import facts_of, signed_of
from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Assignment, Case
from opencdi.review.audits.services import BLIND_PAIR
from opencdi.review.audits.states import State
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.findings.models import MachineFinding
from opencdi.review.judging.answers import Answers
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.services import NotYoursError
from opencdi.review.people.models import Person


@dataclass(frozen=True)
class Revealed:
    """A settled case as one of its readers sees it."""

    key: UUID
    number: int
    facts: Facts
    log: str
    mine: Answers
    other: Answers
    verdicts: Sequence[Verdict]
    how: str
    reason: str
    findings: Sequence[str]


def revealed_to(person: Person) -> list[tuple[UUID, int]]:
    """Key and number of the person's own cases on which a verdict stands."""
    return list(
        Assignment.objects.filter(
            person=person,
            ended_at__isnull=True,
            judgement__stage=Judgement.Stage.SIGNED,
            case__state=State.SETTLED,
        )
        .order_by("number")
        .values_list("key", "number")
    )


def reveal(person: Person, key: UUID) -> Revealed:
    """Raises ``NotYoursError``. That it was seen is an event."""
    assignment = (
        Assignment.objects.filter(person=person, key=key, ended_at__isnull=True)
        .select_related("case__material", "case__settlement__adjudication")
        .first()
    )
    if assignment is None:
        raise NotYoursError
    case = assignment.case
    with writing():
        record(Kind.CASE_REVEALED, person, case=case.key, assignment=key)
    mine, other = _mine_and_other(case, assignment.slot)
    return Revealed(
        key=key,
        number=assignment.number,
        facts=facts_of(case),
        log=case.material.log,
        mine=mine,
        other=other,
        verdicts=list(case.settlement.verdicts.all()),
        how=case.settlement.how,
        reason=_reason(case.settlement.adjudication),
        findings=[
            str(json.loads(each.content)["explanation"])
            for each in MachineFinding.objects.filter(case=case).order_by("pk")
        ],
    )


def decided_dispute(person: Person, key: UUID) -> tuple[Dispute, Sequence[Verdict]]:
    """What the adjudicator saw and decided. Raises ``NotYoursError``."""
    seen = dispute(person, key)
    verdicts = Verdict.objects.filter(settlement__adjudication__key=key)
    return seen, list(verdicts)


def _mine_and_other(case: Case, slot: int) -> tuple[Answers, Answers]:
    """A reader of the pair sees the other one; a third reader sees what the pair agreed on, or its first."""
    signed = signed_of(case)
    said = {1: signed.first, 2: signed.second, 3: signed.third}
    beside = 2 if slot == BLIND_PAIR[0] else 1
    mine, other = said[slot], said[beside]
    assert mine is not None and other is not None
    return mine, other


def _reason(adjudication: Adjudication | None) -> str:
    if adjudication is None:
        return ""
    return str(json.loads(adjudication.content)["reason"])
