"""What else a log says that the recording rules ask: confirmation, tracing, evidence, other bodies, flags.

``unknown`` stays unknown, except that a log which speaks of no evidence to the contrary, no other
force and no school is answered ``no``: the rules ask for what is available when the report is made
(crime recording rules, general rules A).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from opencdi.disclosure.book import Kind
from opencdi.disclosure.tags import Tags

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
    "knife": ("blade",),
    "firearm": ("firearm",),
    "emergency_worker": ("officer_victim", "emergency_victim"),
    "corrosive": ("corrosive",),
}
_LOG_TAGS = {"honour_based_abuse": ("honour",), "mental_health": ("mental_health",)}
_SEXUAL_ABUSE = frozenset(
    {"rape", "penetration", "sexual_assault", "child_sexual", "grooming", "child_images"}
)
_COMMITTED_ONLINE = frozenset(
    {
        "malicious_communications",
        "harassment",
        "stalking",
        "fraud",
        "blackmail",
        "image_abuse",
        "child_images",
        "grooming",
    }
)
"""Kinds an element of which is done online where the words about them name a site or a service."""
_FOUND_NOT_DONE_TO = frozenset({"child_images"})
"""Kinds where a partner or relative named beside the act is who found out, not who suffered it."""
_SUFFERED_BY_CHILDREN = frozenset({"child_cruelty"})
"""Kinds whose victim is under 16, whatever else the log says."""
_OF_KIND = {"cse": "child_sexual_exploitation", "slavery": "modern_slavery", "poisoning": "spiking"}
CARRIED_OVER = frozenset({"domestic_abuse", "vulnerable", "youth"})
CHILD_BELOW = 18
GROWN_FROM = 16

ANSWER_TAGS = (
    *("refuses_to_confirm", "confirms", "victim_spoken", "victim_untraced"),
    *("contrary", "other_force", "school"),
    *(tag for calling in _LOG_TAGS.values() for tag in calling),
)
"""All that ``answers`` asks for."""

ACT_TAGS = (
    *("online", "drink_made_worse", "caller_drunk"),
    *(tag for calling in _ACT_TAGS.values() for tag in calling),
)
"""All that ``flags_of_the_act`` asks for."""

LOG_TAGS = ("child_victim", "metal", *(tag for calling in _LOG_TAGS.values() for tag in calling))
"""All that ``flags_said`` and ``flags_due`` ask for."""


class Context(NamedTuple):
    """What the incident record says beside its narrative."""

    caller_role: str = "unknown"
    opening_group: str = "unknown"
    closing_group: str = "unknown"
    flags: tuple[str, ...] = ()
    other_force: str | None = None
    victim_sex: str | None = None
    victim_age: int | None = None
    """Sex and age in years of the victim on record, where there is exactly one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What holds for every offence of one log: the answers, as columns, and the flags it calls for."""

    denied: bool
    speaks_for_victim: bool
    confirmed: bool
    columns: Mapping[str, str]
    flags: frozenset[str]

    def confirms(self, assertion: str) -> str:
        """Does the victim, or who acts for them, confirm? To refuse a prosecution is no denial."""
        if self.denied:
            return "no"
        confirmed = assertion == "asserted" and (self.speaks_for_victim or self.confirmed)
        return "yes" if confirmed else "unknown"


def answers(tags: Tags, caller_role: str, other_force: str | None, record_flags: tuple[str, ...]) -> Answers:
    """The answers that the tags of a log and its record give; for the latter see ``Context``.

    Who reports for a victim that nobody has found acts for no one.
    """
    untraced = caller_role != "victim" and tags.any("victim_untraced")
    elsewhere = other_force or tags.any("other_force")
    return Answers(
        tags.any("refuses_to_confirm"),
        caller_role in _CONFIRMING_CALLERS and not untraced,
        tags.any("confirms"),
        {
            "victim_traced": _victim_traced(tags, caller_role),
            "evidence_to_contrary": "yes" if tags.any("contrary") else "no",
            "other_force_records": "yes" if elsewhere else "no",
            "school_deals": "yes" if tags.any("school") else "no",
        },
        flags_said(tags, record_flags),
    )


def _victim_traced(tags: Tags, caller_role: str) -> str:
    if caller_role == "victim" or tags.any("victim_spoken"):
        return "yes"
    return "no" if tags.any("victim_untraced") else "unknown"


def flags_said(tags: Tags, record_flags: tuple[str, ...]) -> frozenset[str]:
    """Flags the words of the log, or its own qualifiers, call for on any offence in it."""
    said = {flag for flag, calling in _LOG_TAGS.items() if tags.any(*calling)}
    return frozenset(said.union(flag for flag in record_flags if flag in CARRIED_OVER))


def flags_of_the_act(kind: Kind, tags: Tags) -> frozenset[str]:
    """Flags the words about one offence call for; a knife or a mail named elsewhere in the log does not.

    That somebody was drunk is a description; the flag is due where the words blame the drink.
    """
    called = {flag for flag, calling in _ACT_TAGS.items() if tags.any(*calling)}
    if tags.any("drink_made_worse") and not tags.any("caller_drunk"):
        called.add("alcohol")
    if kind.name in _COMMITTED_ONLINE and tags.any("online"):
        called.add("online")
    return frozenset(called)


def flags_due(
    kind: Kind, said: frozenset[str], tags: Tags, relationship: str | None, age: int | None
) -> list[str]:
    """Flags due on one offence, in alphabetical order. ``said`` are those its own words call for."""
    due = set(said)
    close = relationship in ("partner", "family") and kind.family in _ABUSE_FAMILIES
    if close and kind.name not in _FOUND_NOT_DONE_TO and _grown(kind, said, tags, age):
        due.add("domestic_abuse")
    child = age is not None and age < CHILD_BELOW
    if kind.name in _SEXUAL_ABUSE and (child or (age is None and tags.any("child_victim"))):
        due.add("child_sexual_abuse")
    if kind.name in _OF_KIND:
        due.add(_OF_KIND[kind.name])
    if kind.family == "drugs":
        due.add("drugs")
    if kind.family in ("theft", "vehicle", "burglary") and tags.any("metal"):
        due.add("metal_theft")
    return sorted(due)


def _grown(kind: Kind, said: frozenset[str], tags: Tags, age: int | None) -> bool:
    """Whether nothing says that the victim is under 16, below which abuse at home is not domestic abuse."""
    if kind.name in _SUFFERED_BY_CHILDREN:
        return False
    if age is None:
        return "youth" not in said and not (kind.name in _SEXUAL_ABUSE and tags.any("child_victim"))
    return age >= GROWN_FROM
