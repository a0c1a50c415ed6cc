"""The findings of a force's nightly audit on the registrar's desk: taken in, looked at, decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import BaseModel, ConfigDict

from opencdi.engine import Relation
from opencdi.review.desk.models import Lead, LeadDecision
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.judging.services import NotYoursError
from opencdi.review.people.models import Person

COLUMNS = (
    "finding_id",
    "incident_id",
    "kind",
    "class_required",
    "class_recorded",
    "crime_id",
    "seriousness",
    "deadline_at",
    "explanation",
    "settles",
    "edition",
)


class LeadContent(BaseModel):
    """What stands on a lead in words."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    explanation: str = ""
    settles: str | None = None
    class_recorded: str | None = None
    crime_id: str | None = None
    edition: str | None = None
    narrative: str | None = None


@dataclass(frozen=True)
class TakenIn:
    """What a night brought: leads seen for the first time, still there, and gone."""

    new: int
    still: int
    gone: int


def nightly_rows(tables: Mapping[str, Relation]) -> list[dict[str, Any]]:
    """The findings of an audit with unit and text of their incident, in the order of their numbers."""
    findings, incidents = tables["findings"], tables["incidents"]
    columns = ", ".join(f"found.{name}" for name in COLUMNS)
    return findings.engine.rows(
        f"select {columns}, incident.unit, incident.narrative from {findings.name} as found "
        f"left join {incidents.name} as incident on incident.incident_id = found.incident_id "
        "order by found.finding_id"
    )


def take_in(force: str, rows: Iterable[Mapping[str, Any]], now: datetime | None = None) -> TakenIn:
    """Bring the desk up to a night: new leads are added, those no longer found are marked as gone."""
    moment = now or timezone.now()
    with writing():
        before = {lead.finding_id: lead for lead in Lead.objects.filter(force=force)}
        seen: set[str] = set()
        new = 0
        for row in rows:
            seen.add(row["finding_id"])
            new += row["finding_id"] not in before
            _keep(force, row, before.get(row["finding_id"]), moment)
        gone = [lead for name, lead in before.items() if name not in seen and lead.gone_at is None]
        Lead.objects.filter(pk__in=[lead.pk for lead in gone]).update(gone_at=moment)
        taken = TakenIn(new=new, still=len(seen) - new, gone=len(gone))
        record(Kind.LEADS_LOADED, None, new=taken.new, still=taken.still, gone=taken.gone)
    return taken


def _keep(force: str, row: Mapping[str, Any], lead: Lead | None, moment: datetime) -> None:
    kept = lead or Lead(force=force, finding_id=row["finding_id"], first_seen_at=moment)
    kept.incident_id = row["incident_id"] or ""
    kept.kind, kept.class_required = row["kind"], row["class_required"] or ""
    kept.unit, kept.seriousness = row["unit"] or "", row["seriousness"] or 0
    kept.deadline_at, kept.last_seen_at, kept.gone_at = row["deadline_at"], moment, None
    kept.content = LeadContent.model_validate(row).model_dump_json()
    kept.save()


def waiting(force: str) -> list[Lead]:
    """Leads that are there and not decided (or only asked about), the nearest deadline first."""
    open_leads = Lead.objects.filter(force__iexact=force, gone_at__isnull=True).prefetch_related("decisions")
    return sorted(
        (lead for lead in open_leads if not is_decided(lead)),
        key=lambda lead: (lead.deadline_at is None, lead.deadline_at, -lead.seriousness, lead.pk),
    )


def is_decided(lead: Lead) -> bool:
    decisions = list(lead.decisions.all())
    return bool(decisions) and decisions[-1].says != LeadDecision.Says.ASKED


def lead_of(person: Person, key: UUID) -> Lead:
    """Raises ``NotYoursError`` where it is no lead of the person's own force."""
    found = Lead.objects.filter(key=key, force__iexact=person.force).first() if person.force else None
    if found is None:
        raise NotYoursError
    return found


def lead_opened(person: Person, lead: Lead) -> None:
    """That somebody looked at a log is told before they see it."""
    with writing():
        record(Kind.LEAD_OPENED, person, lead=lead.key)


def decide_lead(
    person: Person, lead: Lead, says: str, reason: str, crime_id: str = "", cause: str = ""
) -> None:
    with writing():
        decision = LeadDecision(lead=lead, person=person, says=says, crime_id=crime_id, cause=cause)
        decision.reason = reason
        decision.save()
        record(
            Kind.LEAD_DECIDED,
            person,
            lead=lead.key,
            says=says,
            crime=digest(decision.key, crime_id),
            cause=cause,
            reason=digest(decision.key, reason),
        )
