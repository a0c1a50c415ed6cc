"""How somebody stands towards a case they are to decide, by the key of the adjudication."""

from __future__ import annotations

from uuid import UUID

from opencdi.review.adjudication.models import Adjudication
from opencdi.review.audits.states import State
from opencdi.review.judging.standing import side_of
from opencdi.review.people.models import Person
from opencdi.review.policy import Part, Standing


def standing_of_adjudicator(person: Person, key: UUID) -> Standing | None:
    """None where the key is of no adjudication of this person."""
    found = (
        Adjudication.objects.filter(person=person, key=key, ended_at__isnull=True)
        .values("decided_at", "case__state", "case__audit__force")
        .first()
    )
    if found is None:
        return None
    part = Part.ADJUDICATED if found["decided_at"] else Part.ADJUDICATING
    return Standing(State(found["case__state"]), part, side_of(person, found["case__audit__force"]))
