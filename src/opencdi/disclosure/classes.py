"""From a kind of offence and its facts to the Home Office class (list of April 2026)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opencdi.disclosure.book import Kind
from opencdi.disclosure.tags import Tags


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides between classes of one kind: the victim, the attempt, and what the log speaks of."""

    sex: str | None
    age: int | None
    attempted: bool
    tags: Tags


CLASS_TAGS = (
    "acquaintance",
    "blade",
    "business",
    "cannabis",
    "emergency_victim",
    "family",
    "firearm",
    "hate_race",
    "hate_religion",
    "home",
    "indoors",
    "life",
    "non_molestation",
    "object_carried",
    "officer_victim",
    "outbuilding",
    "partner",
    "shop",
    "stalking_order",
    "street",
    "vehicle",
    "vehicle_damage",
)
"""All tags that ``class_of`` asks for."""

_OWNED_BY_BODY = ("shop", "business")
_OWNED_BY_PERSON = ("victim", "home", "object_carried", "vehicle")
OWNER_TAGS = (*_OWNED_BY_BODY, *_OWNED_BY_PERSON)
"""All tags that ``victim_kind_of`` asks for."""

CHILD_BELOW, YOUNG_CHILD_BELOW = 16, 13
"""The ages in years at which a class changes."""

_RACIAL = {
    "105A": "105B",
    "8N": "8P",
    "9A": "9B",
    "8L": "8M",
    "58A": "58J",
    "58B": "58J",
    "58C": "58J",
    "58D": "58J",
}
_ON_CONSTABLE = {"105A": "104", "8N": "8S"}
_ON_EMERGENCY_WORKER = {"8N": "8T"}


def class_of(kind: Kind, facts: Facts) -> str:
    """The class the words support. Where sex or age is unknown, the class of most such reports."""
    plain = kind.class_code or _CHOOSERS[kind.class_by or ""](facts)
    if facts.tags.any("officer_victim"):
        return _ON_CONSTABLE.get(plain, plain)
    if facts.tags.any("emergency_victim"):
        return _ON_EMERGENCY_WORKER.get(plain, plain)
    if facts.tags.any("hate_race", "hate_religion"):
        return _RACIAL.get(plain, plain)
    return plain


def victim_kind_of(kind: Kind, tags: Tags) -> str:
    """Who suffers an offence: a person, a body or the state. The tags are of the clauses that speak of it."""
    if kind.victim != "person":
        return kind.victim
    owned_by_body = kind.family in ("burglary", "damage", "theft") and tags.any(*_OWNED_BY_BODY)
    owned_by_person = tags.any(*_OWNED_BY_PERSON)
    return "organisation" if owned_by_body and not owned_by_person else "person"


def whole_log_tells(kind: Kind) -> bool:
    """Whether a place named anywhere in the log tells where the offence was."""
    return kind.family in ("burglary", "robbery") or kind.class_by == "weapon"


def _rape(facts: Facts) -> str:
    adult, under_16, under_13 = ("19F", "19G", "19H") if facts.sex == "M" else ("19C", "19D", "19E")
    if facts.age is None or facts.age >= CHILD_BELOW:
        return adult
    return under_16 if facts.age >= YOUNG_CHILD_BELOW else under_13


def _sexual_assault(facts: Facts) -> str:
    under_13 = facts.age is not None and facts.age < YOUNG_CHILD_BELOW
    return ("17" if facts.sex == "M" else "20") + ("B" if under_13 else "A")


def _child_sexual(facts: Facts) -> str:
    return "21" if facts.age is not None and facts.age < YOUNG_CHILD_BELOW else "22B"


def _robbery(facts: Facts) -> str:
    personal = facts.tags.any("object_carried", "street")
    return "34A" if facts.tags.any("shop", "business") and not personal else "34B"


def _burglary(facts: Facts) -> str:
    if facts.tags.any("outbuilding") and not facts.tags.any("indoors"):
        return "28N" if facts.attempted else "28M"
    if facts.tags.any("business") and not facts.tags.any("indoors", "home"):
        return "30D" if facts.attempted else "30C"
    return "28J" if facts.attempted else "28I"


def _distraction(facts: Facts) -> str:
    return "28L" if facts.attempted else "28K"


def _theft(facts: Facts) -> str:
    in_dwelling = facts.tags.any("indoors", "home") and facts.tags.any("partner", "family", "acquaintance")
    return "40" if in_dwelling else "49"


def _damage(facts: Facts) -> str:
    if facts.tags.any("vehicle", "vehicle_damage"):
        return "58C"
    if facts.tags.any("home"):
        return "58A"
    return "58B" if facts.tags.any("business", "shop") else "58D"


def _breach(facts: Facts) -> str:
    """Non-molestation orders are 066/39; restraining orders on conviction 008/31; stalking orders 008/74."""
    if facts.tags.any("stalking_order"):
        return "8Q"
    return "66" if facts.tags.any("non_molestation") else "8L"


def _arson(facts: Facts) -> str:
    return "56A" if facts.tags.any("life") else "56B"


def _drug_possession(facts: Facts) -> str:
    return "92E" if facts.tags.any("cannabis") else "92D"


def _weapon(facts: Facts) -> str:
    if facts.tags.any("firearm"):
        return "10B"
    return "10D" if facts.tags.any("blade") else "10C"


_CHOOSERS: dict[str, Callable[[Facts], str]] = {
    "rape": _rape,
    "sexual_assault": _sexual_assault,
    "child_sexual": _child_sexual,
    "robbery": _robbery,
    "burglary": _burglary,
    "distraction": _distraction,
    "theft": _theft,
    "damage": _damage,
    "arson": _arson,
    "breach": _breach,
    "drug_possession": _drug_possession,
    "weapon": _weapon,
}
