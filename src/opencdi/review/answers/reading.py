"""What the force, the registrar and the reviewer see of adverse verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencdi.review.adjudication.settling import facts_of
from opencdi.review.answers.models import AdverseVerdict
from opencdi.review.answers.services import deadline_of, is_open_for_answers
from opencdi.review.answers.states import Standing, Step, steps_from
from opencdi.review.audits.material import Facts
from opencdi.review.audits.models import Audit
from opencdi.review.audits.states import State
from opencdi.review.judging.answers import CrimeAnswer
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

STANDINGS: dict[str, str | Promise] = {
    Standing.AWAITING: _("Awaiting an answer"),
    Standing.ACCEPTED: _("Accepted"),
    Standing.DISPUTED: _("Disputed"),
    Standing.UPHELD: _("Upheld"),
    Standing.CHANGED: _("Changed by the reviewer"),
    Standing.CORRECTED: _("Put right"),
}


@dataclass(frozen=True)
class AuditLine:
    """One audit: what was asked, by when, and how many verdicts stand where."""

    key: UUID
    name: str
    force: str
    deadline: date | None
    is_open: bool
    is_settled: bool
    counts: dict[str, int]

    @property
    def asked(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Matter:
    """One adverse verdict with all that was said of it."""

    key: UUID
    version: int
    audit: Audit
    standing: str
    facts: Facts
    verdict: str
    """What the readers or the adjudicator came to."""
    stands: str
    """What stands now, after a decided dispute."""
    answer: CrimeAnswer
    log: str
    deadline: date | None
    open_steps: frozenset[Step]
    history: tuple[tuple[datetime, str, str, str, Sequence[Any]], ...]
    """When, what, by whom, in which words, with which files."""


def audits_for(person: Person) -> list[AuditLine]:
    """The audits somebody may see answers of: all for an inspector, their own force's otherwise."""
    return [_line(audit) for audit in audits_of(person)]


def audits_of(person: Person) -> QuerySet[Audit]:
    everything = Audit.objects.order_by("name")
    if Role.INSPECTOR in person.roles:
        return everything.exclude(force__iexact=person.force) if person.force else everything
    return everything.filter(force__iexact=person.force) if person.force else everything.none()


def verdicts_of(audit: Audit) -> list[AdverseVerdict]:
    return list(
        AdverseVerdict.objects.filter(verdict__settlement__case__audit=audit)
        .select_related("verdict__settlement__case", "decision")
        .order_by("verdict__settlement__case__incident_id", "verdict__number")
    )


def stands_now(adverse: AdverseVerdict) -> str:
    decision = getattr(adverse, "decision", None)
    return decision.verdict if decision else adverse.verdict.stands


def matter(key: UUID) -> Matter:
    adverse = AdverseVerdict.objects.select_related(
        "verdict__settlement__case__audit", "verdict__settlement__case__material"
    ).get(key=key)
    case = adverse.verdict.settlement.case
    text = adverse.verdict.answer
    return Matter(
        key=adverse.key,
        version=adverse.version,
        audit=case.audit,
        standing=adverse.standing,
        facts=facts_of(case),
        verdict=adverse.verdict.stands,
        stands=stands_now(adverse),
        answer=CrimeAnswer.model_validate_json(text) if text else CrimeAnswer(),
        log=case.material.log,
        deadline=deadline_of(case.audit),
        open_steps=_open_steps(adverse, case.audit),
        history=tuple(_history(adverse)),
    )


def _open_steps(adverse: AdverseVerdict, audit: Audit) -> frozenset[Step]:
    steps = steps_from(Standing(adverse.standing))
    return steps if is_open_for_answers(audit) else steps - {Step.ACCEPTED, Step.DISPUTED}


def _history(adverse: AdverseVerdict) -> list[tuple[datetime, str, str, str, Sequence[Any]]]:
    said: list[tuple[datetime, str, str, str, Sequence[Any]]] = [
        (each.given_at, f"force-{each.says}", each.person.name, each.reason, list(each.files.all()))
        for each in adverse.answers.select_related("person")
    ]
    decision = getattr(adverse, "decision", None)
    if decision is not None:
        said.append(
            (decision.decided_at, f"decided-{decision.verdict}", decision.person.name, decision.reason, [])
        )
    correction = getattr(adverse, "correction", None)
    if correction is not None:
        words = f"{correction.crime_id}\n{correction.note}".strip()
        said.append((correction.entered_at, "corrected", correction.person.name, words, []))
    return sorted(said, key=lambda each: each[0])


def _line(audit: Audit) -> AuditLine:
    counts: dict[str, int] = {}
    for standing in AdverseVerdict.objects.filter(verdict__settlement__case__audit=audit).values_list(
        "standing", flat=True
    ):
        counts[standing] = counts.get(standing, 0) + 1
    return AuditLine(
        key=audit.key,
        name=audit.name,
        force=audit.force,
        deadline=deadline_of(audit),
        is_open=is_open_for_answers(audit),
        is_settled=not audit.cases.exclude(state=State.SETTLED).exists(),
        counts=counts,
    )
