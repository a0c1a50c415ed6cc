"""How whoever organises the reading stands towards an audit: in an inspection nobody of the audited force."""

from __future__ import annotations

from uuid import UUID

from opencdi.review.audits.models import Audit
from opencdi.review.audits.services import is_interested_in_audit
from opencdi.review.judging.standing import side_of
from opencdi.review.people.models import Person
from opencdi.review.policy import Part, Standing


def standing_of_organiser(person: Person, key: UUID) -> Standing | None:
    audit = Audit.objects.filter(key=key).first()
    return None if audit is None else towards(person, audit)


def towards(person: Person, audit: Audit) -> Standing:
    part = Part.INTERESTED if is_interested_in_audit(person, audit) else Part.NONE
    return Standing(part=part, side=side_of(person, audit.force))
