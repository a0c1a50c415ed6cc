"""Calling a panel, confirming redactions, declaring conflicts, scoring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.adjudication.models import Verdict
from opencdi.review.adjudication.settling import facts_of
from opencdi.review.audits.models import Audit, Case
from opencdi.review.audits.states import State
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person
from opencdi.review.scrutiny.models import Declaration, Panel, PanelCase, Score
from opencdi.review.scrutiny.redaction import known_words, redacted
from opencdi.sampling.tickets import ticket

SEXUAL = "Sexual offences"


def call_panel(
    audit: Audit, kind: str, meets_on: date, members: Sequence[Person], most: int, by: Person
) -> Panel:
    """Call a panel and draw its cases by ticket from the settled cases of its kind.

    Raises ``UserError`` for a day past, no members, or no settled case of the kind that is not drawn yet.
    """
    if meets_on < timezone.localdate():
        raise UserError(f"{meets_on:%-d %B %Y} is past. Give a day that is still to come.")
    if not members:
        raise UserError("A panel needs at least one member. Choose who is to sit on it.")
    with writing():
        drawn = _drawn(audit, kind, most)
        if not drawn:
            raise UserError("No settled case of this kind is left to draw. Wait for more verdicts.")
        panel = Panel.objects.create(audit=audit, kind=kind, meets_on=meets_on, called_by=by)
        panel.members.set(members)
        for number, case in enumerate(drawn, start=1):
            one = PanelCase(panel=panel, case=case, number=number)
            one.redacted = redacted(case.material.log, known_words(_known_of(case)))
            one.save()
        record(
            Kind.PANEL_CALLED,
            by,
            audit=audit.key,
            panel=panel.key,
            about=kind,
            cases=[str(case.key) for case in drawn],
            members=[str(member.key) for member in members],
        )
    return panel


def confirm_redaction(person: Person, key: UUID, version: int, text: str) -> None:
    """Let a panel see a case in these words. Raises ``StaleFormError`` where it was confirmed since."""
    with writing():
        one = case_of(key)
        if one.version != version or one.confirmed_at is not None:
            raise StaleFormError
        one.redacted = text
        one.version += 1
        one.confirmed_by, one.confirmed_at = person, timezone.now()
        one.save()
        record(
            Kind.REDACTION_CONFIRMED, person, panel=one.panel.key, case=one.key, words=digest(one.key, text)
        )


def declare(person: Person, panel: Panel, has_conflict: bool, case: PanelCase | None = None) -> None:
    """Say whether one has a conflict with the panel as a whole, or with one of its cases."""
    with writing():
        Declaration.objects.create(panel=panel, case=case, person=person, has_conflict=has_conflict)
        record(
            Kind.CONFLICT_DECLARED,
            person,
            panel=panel.key,
            case=case.key if case else None,
            conflict=has_conflict,
        )


def has_declared(person: Person, panel: Panel) -> bool:
    return panel.declarations.filter(person=person, case__isnull=True).exists()


def has_conflict(person: Person, one: PanelCase) -> bool:
    """Their latest word on the panel, or on this case, is that they have a conflict."""
    of_panel = one.panel.declarations.filter(person=person, case__isnull=True).last()
    of_case = one.declarations.filter(person=person).last()
    return any(said is not None and said.has_conflict for said in (of_panel, of_case))


def may_see(person: Person, one: PanelCase) -> bool:
    """A member who has declared no conflict, of a case whose redaction is confirmed."""
    return (
        one.confirmed_at is not None
        and one.panel.members.filter(pk=person.pk).exists()
        and has_declared(person, one.panel)
        and not has_conflict(person, one)
    )


def case_opened(person: Person, one: PanelCase) -> None:
    """That somebody looked at a redacted log is told before they see it."""
    with writing():
        record(Kind.NARRATIVE_OPENED, person, panel=one.panel.key, case=one.key, redacted=True)


def score(person: Person, one: PanelCase, value: int, remark: str) -> None:
    """Raises ``NotYoursError`` for who may not see the case."""
    with writing():
        if not may_see(person, one):
            raise NotYoursError
        given = Score(case=one, person=person, value=value)
        given.remark = remark
        given.save()
        record(
            Kind.CASE_SCORED,
            person,
            panel=one.panel.key,
            case=one.key,
            score=value,
            remark=digest(given.key, remark),
        )


def latest_scores(one: PanelCase) -> list[Score]:
    """Each member's latest score of a case."""
    return list({each.person_id: each for each in one.scores.select_related("person")}.values())


def case_of(key: UUID) -> PanelCase:
    """Raises ``NotYoursError`` where there is none."""
    found = PanelCase.objects.filter(key=key).select_related("panel__audit", "case__material").first()
    if found is None:
        raise NotYoursError
    return found


def verdicts_of(one: PanelCase) -> list[Verdict]:
    return list(one.case.settlement.verdicts.order_by("number"))


def _drawn(audit: Audit, kind: str, most: int) -> list[Case]:
    """The next cases of the kind by ticket that no panel of this audit has had."""
    settled = audit.cases.filter(state=State.SETTLED, known_truth__isnull=True).exclude(
        pk__in=PanelCase.objects.filter(panel__audit=audit).values("case")
    )
    verdicts = Verdict.objects.filter(settlement__case__in=settled)
    if kind == Panel.Kind.RAPE:
        verdicts = verdicts.filter(offence_group=SEXUAL)
    else:
        verdicts = verdicts.filter(domestic_abuse=True)
    able = settled.filter(pk__in=verdicts.values("settlement__case")).select_related("material")
    return sorted(able, key=lambda case: ticket(audit.secret, "panel", kind, str(case.key)))[:most]


def _known_of(case: Case) -> list[str | None]:
    """What the case's own fields know that could tell who or where."""
    facts = facts_of(case)
    return [
        facts.address,
        facts.incident_id,
        facts.unit,
        *(record.crime_id for record in facts.records),
        *facts.people,
    ]
