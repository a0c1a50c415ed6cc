"""Why a record went wrong: the causes that reports of the inspectorate name, 2014 to 2020, by level."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Cause:
    code: str
    level: str
    words: str | Promise


LEVELS: dict[str, str | Promise] = {
    "process": _("Process"),
    "knowledge": _("Knowledge of the rules"),
    "supervision": _("Supervision"),
    "belief": _("Belief"),
    "culture": _("Culture and pressure"),
    "cancellation": _("Cancellation"),
    "paperwork": _("Paperwork"),
    "it": _("Systems"),
    "unclear": _("Not clear"),
}

CAUSES: tuple[Cause, ...] = (
    Cause("first_contact_decision", "process", _("Wrong decision at first contact")),
    Cause("awaiting_appointment", "process", _("Left waiting for an appointment")),
    Cause("reliance_on_officer", "process", _("Left to the officer who attended")),
    Cause("closed_with_non_crime_code", "process", _("Log closed with a code that is no crime")),
    Cause("incident_crime_interface", "process", _("Lost between the incident and the crime system")),
    Cause("specialist_mailbox", "process", _("Referred to a specialist unit outside the log")),
    Cause(
        "third_party_not_treated_as_report",
        "process",
        _("Third-party report not treated as a report of crime"),
    ),
    Cause("disclosed_in_investigation", "process", _("Disclosed while another crime was investigated")),
    Cause("never_registered", "process", _("Never registered as an incident")),
    Cause("rules_common_assault", "knowledge", _("Rules on common assault")),
    Cause("rules_conduct_crime", "knowledge", _("Rules on harassment, stalking, controlling behaviour")),
    Cause("rules_malicious_communications", "knowledge", _("Rules on malicious communications")),
    Cause("rules_public_order", "knowledge", _("Rules on public order")),
    Cause("rules_one_crime_per_victim", "knowledge", _("One crime for each victim")),
    Cause("rules_principal_crime", "knowledge", _("Principal crime rule")),
    Cause("rules_n100", "knowledge", _("Rules on N100")),
    Cause("rules_modern_slavery", "knowledge", _("Rules on modern slavery")),
    Cause("rules_classification", "knowledge", _("Rules on classification")),
    Cause("limited_supervision", "supervision", _("Too little supervision of recording decisions")),
    Cause("victim_not_believed", "belief", _("The person who reported was not believed")),
    Cause("performance_pressure", "culture", _("Pressure on performance")),
    Cause("workload", "culture", _("Workload")),
    Cause("avi_insufficient", "cancellation", _("Additional information too weak to cancel")),
    Cause("presumed_consent", "cancellation", _("Consent presumed")),
    Cause("victim_intoxicated", "cancellation", _("Victim thought too drunk")),
    Cause("victim_declined_to_support", "cancellation", _("Victim did not support a prosecution")),
    Cause("victim_not_told", "paperwork", _("Victim not told")),
    Cause("recording_fields_incomplete", "paperwork", _("Fields of the record not filled in")),
    Cause("systems", "it", _("Codes, systems or migration")),
    Cause("not_clear", "unclear", _("The record does not show why")),
)

BY_CODE = {cause.code: cause for cause in CAUSES}
