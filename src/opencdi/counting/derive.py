"""The facts of one disclosed offence, from its row and its incident's.

``batch.py`` says the same in SQL; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from opencdi.counting.facts import FACTS, LAW_DAYS, LISTED, age_band, committed_before

LONDON = ZoneInfo("Europe/London")

Row = Mapping[str, Any]
"""A row of ``schema.DISCLOSED_OFFENCES`` or ``schema.INCIDENTS``."""

Facts = dict[str, str | None]

NO_CODE = ""
"""The code of an offence of which only the class is known: none that a rule could name."""

CONSTABLE_CLASSES = ("104", "8S")


def london_day(instant: datetime) -> date:
    """The date in Europe/London of a moment."""
    return instant.astimezone(LONDON).date()


def stated(offence: Row, incident: Row) -> Facts:
    """What the report itself says, before anything is presumed."""
    facts = dict.fromkeys(FACTS, None) | _listed(offence)
    occurred = offence.get("occurred_on") or london_day(incident["reported_at"])
    age = offence.get("victim_age")
    band = None if age is None else age_band(age)
    facts |= {
        "class": offence["class_code"],
        "subcode": offence.get("subcode") or NO_CODE,
        "assertion": offence["assertion"],
        "attempted": _yes(offence["attempted"]),
        "victim_kind": offence["victim_kind"],
        "victim_sex": offence.get("victim_sex"),
        "victim_age": band,
        "aged_16_or_over": None if band is None else _yes(band in ("16_or_17", "adult")),
        "relationship": _known(offence.get("relationship")),
        "victim_confirms": _known(offence["victim_confirms"]),
        "victim_traced": _known(offence["victim_traced"]),
        "evidence_to_contrary": _known(offence["evidence_to_contrary"]),
        "other_force_records": _known(offence["other_force_records"]),
        "school_deals": _known(offence["school_deals"]),
        "reporter": _reporter(incident["caller_role"], facts["parent_or_carer"], age),
    }
    facts["reporter_is_this_victim"] = _yes(_is_reporter(offence, facts))
    facts |= {committed_before(day): _yes(occurred < day) for day in LAW_DAYS}
    return facts


def presumed(facts: Facts) -> Facts:
    """The facts, with what the rules presume where the report is silent."""
    said = {
        name: next(
            (
                presumption.value
                for presumption in fact.presumptions
                if all(facts[asked] in values for asked, values in presumption.when.items())
            ),
            None,
        )
        for name, fact in FACTS.items()
        if facts[name] is None and fact.presumptions
    }
    return facts | said


def _listed(offence: Row) -> Facts:
    """Facts listed as ``name=value``; of a fact listed with several values the vocabulary's first stands."""
    items = frozenset(offence.get("facts") or ())
    return {
        fact.name: next((value for value in fact.values if f"{fact.name}={value}" in items), None)
        for fact in LISTED
    }


def _reporter(caller_role: str, parent_or_carer: str | None, age: int | None) -> str | None:
    if caller_role != "third_party":
        return _known(caller_role)
    child = age is not None and age < 18
    acts = parent_or_carer == "yes" or (parent_or_carer is None and child)
    return "parent_or_carer" if acts else "other_third_party"


def _is_reporter(offence: Row, facts: Facts) -> bool:
    """The caller is taken to be the first victim; an officer is, of an assault on a constable."""
    if facts["reporter"] == "victim":
        return bool(offence["victim_no"] <= 1)
    constable = offence["class_code"] in CONSTABLE_CLASSES or facts["victim_is_constable"] == "yes"
    return facts["reporter"] == "officer" and constable


def _known(answer: str | None) -> str | None:
    return None if answer == "unknown" else answer


def _yes(so: bool) -> str:
    return "yes" if so else "no"
