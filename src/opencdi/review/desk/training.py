"""Training needs by unit: which causes of error recur where, in verdicts and in the registrar's decisions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.adjudication.models import Verdict
from opencdi.review.answers.services import ADVERSE
from opencdi.review.desk.models import LeadDecision, TrainingNeed
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.causes import BY_CODE
from opencdi.review.people.models import Person

NO_UNIT = ""


@dataclass(frozen=True)
class UnitErrors:
    """How often one cause of error was found in one unit."""

    unit: str
    cause: str
    words: str
    in_audits: int
    in_leads: int

    @property
    def together(self) -> int:
        return self.in_audits + self.in_leads


def errors_by_unit(force: str) -> list[UnitErrors]:
    """The commonest first: causes in settled audits, and in leads decided as errors, of one force."""
    audits: Counter[tuple[str, str]] = Counter()
    for verdict in Verdict.objects.filter(
        settlement__case__audit__force__iexact=force, settlement__case__known_truth__isnull=True
    ).select_related("settlement__case__material"):
        if verdict.stands in ADVERSE and verdict.cause:
            audits[verdict.settlement.case.material.unit, verdict.cause] += 1
    leads: Counter[tuple[str, str]] = Counter(
        (decision.lead.unit, decision.cause)
        for decision in LeadDecision.objects.filter(
            lead__force__iexact=force, says=LeadDecision.Says.RECORD
        ).select_related("lead")
        if decision.cause
    )
    found = [
        UnitErrors(unit, cause, str(BY_CODE[cause].words), audits[unit, cause], leads[unit, cause])
        for unit, cause in audits.keys() | leads.keys()
        if cause in BY_CODE
    ]
    return sorted(found, key=lambda each: (-each.together, each.unit, each.cause))


def note_need(person: Person, unit: str, cause: str) -> None:
    """Raises ``UserError`` where the same need of the unit is still open."""
    with writing():
        if TrainingNeed.objects.filter(
            force__iexact=person.force, unit=unit, cause=cause, met_on__isnull=True
        ).exists():
            raise UserError("This need of the unit is noted already. Note another, or mark it as met.")
        need = TrainingNeed.objects.create(force=person.force, unit=unit, cause=cause, noted_by=person)
        record(
            Kind.TRAINING_NEED_NOTED,
            person,
            need=need.key,
            cause=cause,
            unit=digest(need.key, unit),
            met=False,
        )


def meet_need(person: Person, need: TrainingNeed, met_on: date) -> None:
    """Raises ``UserError`` for a day that is still to come."""
    if met_on > timezone.localdate():
        raise UserError(f"{met_on:%-d %B %Y} is still to come. Give the day on which the training was held.")
    with writing():
        changed = TrainingNeed.objects.filter(pk=need.pk, met_on__isnull=True).update(
            met_on=met_on, met_by=person
        )
        if changed:
            record(Kind.TRAINING_NEED_NOTED, person, need=need.key, cause=need.cause, met=True)
