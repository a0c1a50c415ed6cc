"""Roles in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opencdi.review.policy import Role

ROLE_NAMES: dict[Role, str | Promise] = {
    Role.AUDITOR: _("Auditor"),
    Role.ADJUDICATOR: _("Adjudicator"),
    Role.REGISTRAR: _("Force crime registrar"),
    Role.FORCE_LEAD: _("Force lead"),
    Role.INSPECTOR: _("Inspector"),
    Role.PANEL_MEMBER: _("Scrutiny panel member"),
    Role.STATISTICIAN: _("Statistician"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.DATA_PROTECTION: _("Data protection officer"),
}


def role_name(role: Role | str) -> str:
    return str(ROLE_NAMES[Role(role)])
