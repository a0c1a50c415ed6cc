"""How somebody stands towards a case they are to read, by the key of their assignment.

The state of the case is told to the policy, which for a reader asks for it only where a verdict stands.
"""

from __future__ import annotations

from uuid import UUID

from opencdi.review.audits.models import Assignment
from opencdi.review.audits.states import State
from opencdi.review.judging.models import Judgement
from opencdi.review.people.models import Person
from opencdi.review.policy import Part, Side, Standing

PART_AT: dict[str, Part] = {
    Judgement.Stage.DRAFT: Part.READING,
    Judgement.Stage.SUBMITTED: Part.SUBMITTED,
    Judgement.Stage.SIGNED: Part.SIGNED,
}


def standing_of_reader(person: Person, key: UUID) -> Standing | None:
    """None where the key is of no assignment of this person."""
    found = (
        Assignment.objects.filter(person=person, key=key)
        .values("ended_at", "judgement__stage", "case__state", "case__audit__force")
        .first()
    )
    if found is None:
        return None
    if found["ended_at"] is not None:
        part = Part.HANDED_BACK
    else:
        part = PART_AT[found["judgement__stage"] or Judgement.Stage.DRAFT]
    return Standing(State(found["case__state"]), part, side_of(person, found["case__audit__force"]))


def side_of(person: Person, force: str) -> Side:
    if not person.force:
        return Side.NO_FORCE
    return Side.OWN_FORCE if person.force.casefold() == force.casefold() else Side.ANOTHER_FORCE
