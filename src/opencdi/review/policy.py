"""Who may do what: role, action, state of the case, assignment, own force. What is not granted is refused."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    AUDITOR = "auditor"
    ADJUDICATOR = "adjudicator"
    REGISTRAR = "registrar"
    FORCE_LEAD = "force_lead"
    INSPECTOR = "inspector"
    PANEL_MEMBER = "panel_member"
    STATISTICIAN = "statistician"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION = "data_protection"
