"""How somebody stands towards an audit or an adverse verdict, by its key."""

from __future__ import annotations

from uuid import UUID

from opencdi.review.answers.models import AdverseVerdict
from opencdi.review.audits.models import Audit
from opencdi.review.judging.standing import side_of
from opencdi.review.people.models import Person
from opencdi.review.policy import Standing


def standing_to_audit(person: Person, key: UUID) -> Standing | None:
    force = Audit.objects.filter(key=key).values_list("force", flat=True).first()
    return None if force is None else Standing(side=side_of(person, force))


def standing_to_adverse(person: Person, key: UUID) -> Standing | None:
    found = AdverseVerdict.objects.filter(key=key)
    force = found.values_list("verdict__settlement__case__audit__force", flat=True).first()
    return None if force is None else Standing(side=side_of(person, force))
