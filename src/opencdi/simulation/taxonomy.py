"""The words for what is required, what went wrong and why; the truth tables use them."""

from __future__ import annotations

RECORD_AS = ("none", "crime", "n100", "crime_related_incident")
NOTHING, AS_CRIME, AS_N100, AS_RELATED = range(4)
ERRORS = (
    "none",
    "missing",
    "additional_missing",
    "wrong_class",
    "late",
    "n100_instead_of_crime",
    "wrongly_cancelled",
    "paperwork",
    "over_recorded",
)
(NONE, MISSING, ADDITIONAL, WRONG_CLASS, LATE, N100_FOR_CRIME, WRONGLY_CANCELLED, PAPERWORK, OVER) = range(9)
PAPERS = ("", "flag", "victim", "rationale", "victim_not_told")
REFERENCES = ("good", "damaged", "wrong", "missing")
CAUSES = (
    "",
    "first_contact_decision",
    "awaiting_appointment",
    "reliance_on_officer",
    "closed_with_non_crime_code",
    "incident_crime_interface",
    "specialist_mailbox",
    "third_party_not_treated_as_report",
    "rules_common_assault",
    "rules_conduct_crime",
    "rules_malicious_communications",
    "rules_public_order",
    "rules_one_crime_per_victim",
    "rules_principal_crime",
    "rules_n100",
    "rules_modern_slavery",
    "rules_classification",
    "limited_supervision",
    "victim_not_believed",
    "performance_pressure",
    "workload",
    "avi_insufficient",
    "presumed_consent",
    "victim_intoxicated",
    "victim_declined_to_support",
    "victim_not_told",
    "recording_fields_incomplete",
    "never_registered",
)
"""The causes that reports of the inspectorate name (published 2014 to 2020)."""


def cause_place(cause: str) -> int:
    """The place of a cause in ``CAUSES``."""
    return CAUSES.index(cause)
