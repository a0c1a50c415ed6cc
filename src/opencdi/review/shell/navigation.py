"""What stands in the service navigation, by role. A page joins by one line here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role


@dataclass(frozen=True)
class Place:
    """One entry: its words, the name of its route, and the roles that see it (nobody else learns of it)."""

    words: str | Promise
    route: str
    roles: frozenset[Role]


EVERYONE = frozenset(Role)

PLACES: tuple[Place, ...] = (
    Place(_("My work"), "home", EVERYONE),
    Place(_("Judge"), "queue", frozenset({Role.AUDITOR})),
    Place(_("Decide"), "differing", frozenset({Role.ADJUDICATOR})),
    Place(_("Desk"), "desk", frozenset({Role.REGISTRAR})),
    Place(_("Readers"), "readers", frozenset({Role.ADMINISTRATOR})),
    Place(_("Answers"), "answers", frozenset({Role.FORCE_LEAD, Role.REGISTRAR, Role.INSPECTOR})),
    Place(_("Actions"), "actions", frozenset({Role.FORCE_LEAD, Role.REGISTRAR, Role.INSPECTOR})),
    Place(_("Panels"), "panels", frozenset({Role.PANEL_MEMBER, Role.REGISTRAR, Role.INSPECTOR})),
)


def places_for(roles: Iterable[Role], path: str) -> list[dict[str, object]]:
    """The entries that somebody with these roles sees, as the macro wants them; the present one marked."""
    held = frozenset(roles)
    seen = [(str(place.words), reverse(place.route)) for place in PLACES if place.roles & held]
    return [{"text": words, "href": href, **_mark(href, path)} for words, href in seen]


def _mark(href: str, path: str) -> dict[str, bool]:
    if path == href:
        return {"current": True}
    return {"active": True} if href != "/" and path.startswith(href) else {}
