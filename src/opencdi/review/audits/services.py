"""Readers of cases: assigned by ticket, replaced, handing back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.audits.assigning import Chosen, Wanted, assign, queue_order
from opencdi.review.audits.models import Assignment, Audit, Case
from opencdi.review.events.chain import record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.people.models import Interest, Person
from opencdi.review.policy import Role

BLIND_PAIR = (1, 2)
THIRD_READING = 3


def auditors(audit: Audit) -> list[Person]:
    """Who may read this audit at all: auditors, in an inspection none of the audited force's own."""
    able = Person.objects.filter(
        is_active=True,
        memberships__role=Role.AUDITOR,
        memberships__confirmed_at__isnull=False,
        memberships__ended_at__isnull=True,
    )
    if audit.kind == Audit.Kind.INSPECTION:
        able = able.exclude(force__iexact=audit.force)
    interested = Interest.objects.filter(about=Interest.About.FORCE, value__iexact=audit.force)
    return list(able.exclude(pk__in=interested.values("person")).order_by("pk"))


def is_interested(person: Person, case: Case) -> bool:
    """Does the application know of a reason why they may not judge this case?"""
    return is_interested_in_audit(person, case.audit) or str(person.pk) in _interested_in(case)


def is_interested_in_audit(person: Person, audit: Audit) -> bool:
    """Are they of the force that is inspected, or have they declared an interest in it?"""
    if audit.kind == Audit.Kind.INSPECTION and person.force.casefold() == audit.force.casefold():
        return True
    declared = Interest.objects.filter(about=Interest.About.FORCE, value__iexact=audit.force)
    return declared.filter(person=person).exists()


def assign_readers(audit: Audit, by: Person | None = None) -> int:
    """A reader for every place that lacks one; how many were filled.

    Raises ``UserError`` where too few people may read a case.
    """
    return fill_places(audit, audit.cases.all(), by)


def fill_places(audit: Audit, cases: QuerySet[Case], by: Person | None) -> int:
    """The same for some cases of the audit."""
    with writing():
        people = {str(person.pk): person for person in auditors(audit)}
        chosen = assign(list(_wanted(cases)), people, _workload(audit), audit.secret)
        _write(audit, chosen, people, by)
    return len(chosen)


def places_lacking(audit: Audit) -> int:
    """How many places of the audit's cases nobody is to read yet."""
    thirds = audit.cases.filter(planned_rereading__isnull=False).count()
    given = Assignment.objects.filter(case__audit=audit, ended_at__isnull=True).count()
    return len(BLIND_PAIR) * audit.cases.count() + thirds - given


def assign_case(case: Case) -> bool:
    """Fill the places one case lacks; False where nobody is left who may read it."""
    try:
        fill_places(case.audit, case.audit.cases.filter(pk=case.pk), None)
    except UserError:
        return False
    return True


def replace_reader(assignment: Assignment, because: str, by: Person | None) -> None:
    """End an assignment whose judgement is not signed; the place is filled by ``assign_readers``.

    Raises ``UserError`` where it is signed or has ended already.
    """
    with writing():
        current = Assignment.objects.select_related("case").get(pk=assignment.pk)
        if current.ended_at is not None:
            raise UserError("This case was taken from its reader already.")
        if hasattr(current, "judgement") and current.judgement.signed_at is not None:
            raise UserError("This judgement is signed, so its reader cannot be replaced any more.")
        current.ended_at, current.ended_because = timezone.now(), because
        current.save(update_fields=["ended_at", "ended_because"])
        record(
            Kind.CASE_HANDED_BACK if because == Assignment.Ended.HANDED_BACK else Kind.READER_REPLACED,
            by,
            case=current.case.key,
            assignment=current.key,
            because=because,
        )


def _workload(audit: Audit) -> dict[str, int]:
    given = Assignment.objects.filter(case__audit=audit, ended_at__isnull=True)
    return {str(row["person"]): row["count"] for row in given.values("person").annotate(count=Count("pk"))}


def _wanted(cases: QuerySet[Case]) -> Iterable[Wanted]:
    beside = ("audit", "planned_rereading", "material")
    for case in cases.prefetch_related("assignments").select_related(*beside):
        slots = (*BLIND_PAIR, THIRD_READING) if hasattr(case, "planned_rereading") else BLIND_PAIR
        past = list(case.assignments.all())
        filled = {each.slot for each in past if each.ended_at is None}
        lacking = tuple(slot for slot in slots if slot not in filled)
        if lacking:
            barred = {str(each.person_id) for each in past} | _interested_in(case)
            yield Wanted(str(case.key), lacking, frozenset(barred))


def _interested_in(case: Case) -> set[str]:
    unit = case.material.unit
    found = Interest.objects.filter(about=Interest.About.CASE, value=str(case.key)) | Interest.objects.filter(
        about=Interest.About.FORCE, value__iexact=case.audit.force
    )
    if unit:
        found |= Interest.objects.filter(about=Interest.About.UNIT, value__iexact=unit)
    return {str(person) for person in found.values_list("person", flat=True)}


def _write(audit: Audit, chosen: list[Chosen], people: dict[str, Person], by: Person | None) -> None:
    cases = {str(case.key): case for case in audit.cases.all()}
    slot_of = {(each.person, each.case): each.slot for each in chosen}
    for name, person in people.items():
        last = Assignment.objects.filter(person=person).aggregate(last=Max("number"))["last"] or 0
        mine = [each.case for each in chosen if each.person == name]
        for number, key in enumerate(queue_order(mine, str(person.key), audit.secret), start=last + 1):
            made = Assignment.objects.create(
                case=cases[key], person=person, slot=slot_of[name, key], number=number
            )
            record(Kind.READER_ASSIGNED, by, case=made.case.key, assignment=made.key, person=person.key)
