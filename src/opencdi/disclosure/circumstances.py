"""What else a log says that the recording rules ask: confirmation, tracing, evidence, other bodies, flags.

``unknown`` stays unknown, except that a log which speaks of no evidence to the contrary, no other
force and no school is answered ``no``: the rules ask for what is available when the report is made
(crime recording rules, general rules A).
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.disclosure.automaton import Tags
from opencdi.disclosure.book import Kind

_CONFIRMING_CALLERS = frozenset({"victim", "third_party", "professional"})
_ABUSE_FAMILIES = frozenset(
    {"violence", "harassment", "sexual", "damage", "public_order", "theft", "burglary"}
)
_ACT_TAGS = {
    "hate_race": ("hate_race",),
    "hate_religion": ("hate_religion",),
    "hate_sexual_orientation": ("hate_sexual_orientation",),
    "hate_disability": ("hate_disability",),
    "hate_transgender": ("hate_transgender",),
    "alcohol": ("drunk",),
    "knife": ("blade",),
    "firearm": ("firearm",),
    "emergency_worker": ("officer_victim", "emergency_victim"),
    "corrosive": ("corrosive",),
    "online": ("online",),
}
_LOG_TAGS = {"honour_based_abuse": ("honour",), "mental_health": ("mental_health",)}
_SEXUAL_ABUSE = frozenset(
    {"rape", "penetration", "sexual_assault", "child_sexual", "grooming", "child_images"}
)
_OF_KIND = {"cse": "child_sexual_exploitation", "slavery": "modern_slavery", "poisoning": "spiking"}
_CARRIED_OVER = frozenset({"domestic_abuse", "vulnerable", "youth"})
_CHILD_BELOW = 18


@dataclass(frozen=True, slots=True)
class Context:
    """What the incident record says beside its narrative."""

    caller_role: str = "unknown"
    opening_group: str = "unknown"
    closing_group: str = "unknown"
    flags: tuple[str, ...] = ()
    other_force: str | None = None
    victim_sex: str | None = None
    victim_age: int | None = None
    """Sex and age in years of the victim on record, where there is exactly one."""


def victim_confirms(tags: Tags, context: Context, assertion: str) -> str:
    """Does the victim, or who acts for them, confirm? A refusal to support a prosecution is no denial."""
    if tags.any("refuses_to_confirm"):
        return "no"
    if assertion == "asserted" and context.caller_role in _CONFIRMING_CALLERS:
        return "yes"
    return "yes" if tags.any("confirms") and assertion == "asserted" else "unknown"


def victim_traced(tags: Tags, context: Context) -> str:
    if context.caller_role == "victim" or tags.any("victim_spoken"):
        return "yes"
    return "no" if tags.any("victim_untraced") else "unknown"


def evidence_to_contrary(tags: Tags) -> str:
    return "yes" if tags.any("contrary") else "no"


def other_force_records(tags: Tags, context: Context) -> str:
    return "yes" if context.other_force or tags.any("other_force") else "no"


def school_deals(tags: Tags) -> str:
    return "yes" if tags.any("school") else "no"


def flags_said(tags: Tags, context: Context) -> frozenset[str]:
    """Flags the words of the log, or its own qualifiers, call for on any offence in it."""
    said = {flag for flag, calling in _LOG_TAGS.items() if tags.any(*calling)}
    return frozenset(said.union(flag for flag in context.flags if flag in _CARRIED_OVER))


def flags_of_the_act(tags: Tags) -> frozenset[str]:
    """Flags the words about one offence call for; a knife or a mail named elsewhere in the log does not."""
    return frozenset(flag for flag, calling in _ACT_TAGS.items() if tags.any(*calling))


def flags_due(
    kind: Kind, said: frozenset[str], tags: Tags, relationship: str | None, age: int | None
) -> list[str]:
    """Flags due on one offence, in alphabetical order."""
    due = set(said)
    if (
        relationship in ("partner", "family")
        and kind.family in _ABUSE_FAMILIES
        and (age is None or age >= 16)
    ):
        due.add("domestic_abuse")
    child = age is not None and age < _CHILD_BELOW
    if kind.name in _SEXUAL_ABUSE and (child or (age is None and tags.any("child_victim"))):
        due.add("child_sexual_abuse")
    if kind.name in _OF_KIND:
        due.add(_OF_KIND[kind.name])
    if kind.family == "drugs":
        due.add("drugs")
    if kind.family in ("theft", "vehicle", "burglary") and tags.any("metal"):
        due.add("metal_theft")
    return sorted(due)
