"""How much each reader of an audit has to do and has done: counts, never a case or an answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.audits.services import auditors, places_lacking
from opencdi.review.judging.models import Judgement
from opencdi.review.people.models import Person
from opencdi.review.policy import Action, allowed
from opencdi.review.readers.standing import towards

Stage = Judgement.Stage
COUNTS = ("not_begun", "begun", "submitted", "signed")


@dataclass(frozen=True)
class AuditLine:
    """One audit in the list."""

    key: UUID
    name: str
    force: str
    cases: int
    readers: int
    lacking: int
    """Places of cases that nobody is to read yet."""


@dataclass(frozen=True)
class Workload:
    """What one reader has of one audit; the four counts add up to all that is theirs."""

    key: UUID
    name: str
    not_begun: int
    begun: int
    submitted: int
    signed: int
    may_read: bool
    """Are they given cases of this audit from now on?"""


def audits_for(person: Person) -> list[AuditLine]:
    """The audits whose readers this person may see to."""
    found = Audit.objects.annotate(case_count=Count("cases")).order_by("-loaded_at")
    return [
        AuditLine(
            audit.key, audit.name, audit.force, audit.case_count, len(auditors(audit)), places_lacking(audit)
        )
        for audit in found
        if allowed(person.roles, Action.ASSIGN_READERS, towards(person, audit))
    ]


def workload_of(audit: Audit) -> list[Workload]:
    """Everybody who may read this audit or has a case of it, by name."""
    able = set(auditors(audit))
    rows = (
        Assignment.objects.filter(case__audit=audit, ended_at__isnull=True)
        .values("person")
        .annotate(
            not_begun=Count("pk", filter=Q(judgement__isnull=True)),
            begun=Count("pk", filter=Q(judgement__stage=Stage.DRAFT)),
            submitted=Count("pk", filter=Q(judgement__stage=Stage.SUBMITTED)),
            signed=Count("pk", filter=Q(judgement__stage=Stage.SIGNED)),
        )
    )
    counted = {
        row["person"]: {name: count for name, count in row.items() if name != "person"} for row in rows
    }
    people = able | set(Person.objects.filter(pk__in=counted))
    nothing = dict.fromkeys(COUNTS, 0)
    return [
        Workload(each.key, each.name, **counted.get(each.pk, nothing), may_read=each in able)
        for each in sorted(people, key=lambda one: (one.name.casefold(), one.pk))
    ]
