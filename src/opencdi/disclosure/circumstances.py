"""What else a log says that the recording rules ask: confirmation, tracing, evidence, other bodies, flags.

``unknown`` stays unknown, except that a log which speaks of no evidence to the contrary, no other
force and no school is answered ``no``: the rules ask for what is available when the report is made
(crime recording rules, general rules A).
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.disclosure.book import Kind

_CONFIRMING_CALLERS = frozenset({"victim", "third_party", "professional"})
_ABUSE_FAMILIES = frozenset(
    {"violence", "harassment", "sexual", "damage", "public_order", "theft", "burglary"}
)
_FLAG_TAGS = {
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
    "honour_based_abuse": ("honour",),
    "mental_health": ("mental_health",),
}
_SEXUAL_ABUSE = frozenset(
    {"rape", "penetration", "sexual_assault", "child_sexual", "grooming", "child_images"}
)
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


def victim_confirms(tags: frozenset[str], context: Context, assertion: str) -> str:
    """Does the victim, or who acts for them, confirm? A refusal to support a prosecution is no denial."""
    if "refuses_to_confirm" in tags:
        return "no"
    if assertion == "asserted" and context.caller_role in _CONFIRMING_CALLERS:
        return "yes"
    return "yes" if "confirms" in tags and assertion == "asserted" else "unknown"


def victim_traced(tags: frozenset[str], context: Context) -> str:
    if context.caller_role == "victim" or "victim_spoken" in tags:
        return "yes"
    return "no" if "victim_untraced" in tags else "unknown"


def evidence_to_contrary(tags: frozenset[str]) -> str:
    return "yes" if "contrary" in tags else "no"


def other_force_records(tags: frozenset[str], context: Context) -> str:
    return "yes" if context.other_force or "other_force" in tags else "no"


def school_deals(tags: frozenset[str]) -> str:
    return "yes" if "school" in tags else "no"


def flags_due(
    kind: Kind, tags: frozenset[str], context: Context, relationship: str | None, age: int | None
) -> list[str]:
    """Flags the words and the offence call for, in the order of the schema's list."""
    due = {flag for flag, calling in _FLAG_TAGS.items() if not tags.isdisjoint(calling)}
    if (
        relationship in ("partner", "family")
        and kind.family in _ABUSE_FAMILIES
        and (age is None or age >= 16)
    ):
        due.add("domestic_abuse")
    child = age is not None and age < _CHILD_BELOW
    if kind.name in _SEXUAL_ABUSE and (child or (age is None and "child_victim" in tags)):
        due.add("child_sexual_abuse")
    if kind.name == "cse":
        due.add("child_sexual_exploitation")
    if kind.name == "slavery":
        due.add("modern_slavery")
    if kind.name == "poisoning":
        due.add("spiking")
    if kind.family == "drugs":
        due.add("drugs")
    if "metal" in tags and kind.family in ("theft", "vehicle", "burglary"):
        due.add("metal_theft")
    due.update(flag for flag in context.flags if flag in ("domestic_abuse", "vulnerable", "youth"))
    return sorted(due)
