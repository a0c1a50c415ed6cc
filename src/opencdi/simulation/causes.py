"""Why a record went wrong: one cause for each error, likely ones for the circumstances."""

from __future__ import annotations

import numpy as np

from opencdi.simulation.draws import Draws, Integers, Rows, Truths
from opencdi.simulation.events import FORM, LAY, PROFESSIONAL, REFERRAL, Events
from opencdi.simulation.offences import offences
from opencdi.simulation.requirements import ADDED, SPARE, Candidates
from opencdi.simulation.taxonomy import (
    ADDITIONAL,
    AS_CRIME,
    AS_N100,
    LATE,
    MISSING,
    N100_FOR_CRIME,
    OVER,
    PAPERWORK,
    WRONG_CLASS,
    WRONGLY_CANCELLED,
    cause_place,
)

_ANY = (
    "first_contact_decision",
    "awaiting_appointment",
    "reliance_on_officer",
    "closed_with_non_crime_code",
    "incident_crime_interface",
    "limited_supervision",
    "performance_pressure",
    "victim_not_believed",
    "victim_declined_to_support",
)
_REFERRED = ("specialist_mailbox", "third_party_not_treated_as_report")
_LATE = ("workload", "awaiting_appointment", "reliance_on_officer", "specialist_mailbox")
_CANCELLED = (
    "avi_insufficient",
    "presumed_consent",
    "victim_intoxicated",
    "victim_declined_to_support",
    "victim_not_believed",
)
_BY_RULE = {
    ("8L", "8Q", "8U"): "rules_conduct_crime",
    ("8R",): "rules_malicious_communications",
    ("105A", "105B"): "rules_common_assault",
    ("9A", "9B"): "rules_public_order",
}
_BADLY_KNOWN = 0.45
"""How often a poorly known rule is the cause, where one applies. Assumed."""


class Causes:
    """Draws causes."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws

    def of(self, keys: Rows, error: Integers, facts: Events, found: Candidates) -> Integers:
        """Places in ``CAUSES``; 0 where there is no error."""
        rules = self._draws.chance(keys, "knowledge", _BADLY_KNOWN)
        conduct = _of_classes(found, ("8L", "8Q", "8U"))
        answers = {
            MISSING: self._missing(keys, facts, found, rules),
            ADDITIONAL: _either(found.slot == ADDED, "rules_principal_crime", "rules_one_crime_per_victim"),
            WRONG_CLASS: _either(conduct & rules, "rules_conduct_crime", "rules_classification"),
            LATE: self._one_of(keys, "late", _LATE),
            N100_FOR_CRIME: np.full(len(keys), cause_place("rules_n100")),
            WRONGLY_CANCELLED: self._one_of(keys, "cancel", _CANCELLED),
            PAPERWORK: _either(
                found.record_as == AS_CRIME, "recording_fields_incomplete", "limited_supervision"
            ),
            OVER: _either(found.slot == SPARE, "rules_principal_crime", "incident_crime_interface"),
        }
        return np.select([error == kind for kind in answers], list(answers.values()), 0)

    def _missing(self, keys: Rows, facts: Events, found: Candidates, rules: Truths) -> Integers:
        referred = self._one_of(keys, "referral", _REFERRED)
        third = (facts.reporter == LAY) | (facts.reporter == PROFESSIONAL)
        tests = [found.record_as == AS_N100, facts.writing == REFERRAL, third, _of_classes(found, ("106",))]
        answers = [
            np.full(len(keys), cause_place("rules_n100")),
            referred,
            np.full(len(keys), cause_place("third_party_not_treated_as_report")),
            np.full(len(keys), cause_place("rules_modern_slavery")),
        ]
        for classes, cause in _BY_RULE.items():
            tests.append(rules & _of_classes(found, classes))
            answers.append(np.full(len(keys), cause_place(cause)))
        tests.append(rules & (facts.writing == FORM))
        answers.append(np.full(len(keys), cause_place("incident_crime_interface")))
        return np.select(tests, answers, self._one_of(keys, "general", _ANY))

    def _one_of(self, keys: Rows, name: str, causes: tuple[str, ...]) -> Integers:
        places = np.array([cause_place(cause) for cause in causes])
        return np.asarray(places[self._draws.below(keys, f"cause:{name}", len(places))])


def _of_classes(found: Candidates, classes: tuple[str, ...]) -> Truths:
    return np.isin(np.array(offences().class_codes), classes)[found.offence]


def _either(test: Truths, yes: str, no: str) -> Integers:
    return np.where(test, cause_place(yes), cause_place(no))
