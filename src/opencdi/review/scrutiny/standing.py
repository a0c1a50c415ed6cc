"""How somebody stands towards a panel or a case of it, by its key."""

from __future__ import annotations

from uuid import UUID

from opencdi.review.judging.standing import side_of
from opencdi.review.people.models import Person
from opencdi.review.policy import Part, Standing
from opencdi.review.scrutiny.models import Panel, PanelCase
from opencdi.review.scrutiny.services import may_see


def standing_to_panel(person: Person, key: UUID) -> Standing | None:
    panel = Panel.objects.filter(key=key).select_related("audit").first()
    if panel is None:
        return None
    sits = panel.members.filter(pk=person.pk).exists()
    return Standing(part=Part.ON_PANEL if sits else Part.NONE, side=side_of(person, panel.audit.force))


def standing_to_panel_case(person: Person, key: UUID) -> Standing | None:
    """A member who may not see a case (nothing declared, a conflict, not confirmed) has no part in it."""
    one = PanelCase.objects.filter(key=key).select_related("panel__audit").first()
    if one is None:
        return None
    part = Part.ON_PANEL if may_see(person, one) else Part.NONE
    return Standing(part=part, side=side_of(person, one.panel.audit.force))
