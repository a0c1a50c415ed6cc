"""One disclosed offence on its own: what class it is, and at which step of the flow it stops, if at any.

``batch.py`` says the same in SQL; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from opencdi.counting import rulebook, traits
from opencdi.counting.conditions import unknown
from opencdi.counting.derive import NO_CODE, Facts, Row, presumed, stated
from opencdi.counting.facts import FACTS
from opencdi.counting.rulebook import Rule, Rulebook, Version
from opencdi.counting.traits import Traits
from opencdi.schema import FLAGS

KINDS = ("crime", "N100/1", "N100/2", "N100/3", "n300", "crime_related_incident", "not_recorded")
"""What can stand on record for one offence, the fullest record first."""

CANNOT_TELL = "cannot_tell"

Ruling = tuple[Rule, Version]


@dataclass(frozen=True)
class Reached:
    """A rule of the flow that stops the offence, or may."""

    rule: Rule
    version: Version
    certain: bool

    @property
    def step(self) -> int:
        return self.version.effect.step or 0


@dataclass(frozen=True)
class Considered:
    """One offence after the questions that concern it alone."""

    offence: Row
    facts: Facts
    traits: Traits
    class_rules: tuple[str, ...]
    reached: tuple[Reached, ...]
    kinds: tuple[str, ...]
    """What can stand on record for it; more than one where a missing fact decides."""
    missing: tuple[str, ...]
    flags: tuple[str, ...] = field(default=())

    @property
    def certain(self) -> bool:
        return len(self.kinds) == 1

    @property
    def kind(self) -> str:
        """What stands on record for it, or the fullest record that may."""
        return self.kinds[0]

    @property
    def stopped_at_step(self) -> int | None:
        return self.reached[0].step if self.reached else None

    @property
    def rules(self) -> tuple[str, ...]:
        return (*self.class_rules, *(reached.rule.id for reached in self.reached))


def rounds_of_class_rules(book: Rulebook, day: date) -> tuple[tuple[Ruling, ...], ...]:
    """Class rules in force, by round: each thousand of ``order`` is read after the one before."""
    rulings = list(book.of_kind("class", day))
    numbers = sorted({rule.order // 1000 for rule, _ in rulings})
    return tuple(
        tuple(ruling for ruling in rulings if ruling[0].order // 1000 == number) for number in numbers
    )


def consider(offence: Row, incident: Row, day: date) -> Considered:
    """Ask of one offence everything that concerns it alone, by the rules in force on ``day``."""
    book = rulebook.load()
    facts, class_rules = _classified(presumed(stated(offence, incident)), book, day)
    known_as = traits.of(facts["class"] or "", facts["subcode"])
    found = traits.weighed(known_as, conduct_is_weighed(day))
    facts = with_traits(facts, found)
    reached = tuple(_reached(book.of_kind("flow", day), facts))
    kinds = _kinds(reached, found)
    missing = _missing(reached, facts) if len(kinds) > 1 else ()
    return Considered(
        offence,
        facts,
        found,
        class_rules,
        reached,
        kinds,
        missing,
        _flags(book, day, facts, offence.get("flags_due") or ()),
    )


def conduct_is_weighed(day: date) -> bool:
    """Do courses of conduct take precedence over other crimes, by their ranks?"""
    return rulebook.load()["conduct-principal"].on(day) is not None


def with_traits(facts: Facts, found: Traits) -> Facts:
    """The facts that follow from the class."""
    return facts | {
        "subcode": found.subcode or NO_CODE,
        "group": found.group,
        "subgroup": found.subgroup,
        "victim_based": victim_based(found, facts["victim_kind"]),
        "indictable_only": "yes" if found.indictable_only else "no",
        "notifiable": "no" if found.class_code == traits.NOT_NOTIFIABLE else "yes",
    }


PUBLIC_ORDER_CLASSES = ("9A", "9B")
"""Victim-based classes that may have no specific victim: then one crime (recording rules, page 86)."""


def victim_based(found: Traits, victim_kind: str | None) -> str:
    if found.victim_or_state == "S":
        return "no"
    either = found.victim_or_state == "S/V" or found.class_code in PUBLIC_ORDER_CLASSES
    return "no" if either and victim_kind == "state" else "yes"


def _classified(facts: Facts, book: Rulebook, day: date) -> tuple[Facts, tuple[str, ...]]:
    applied: list[str] = []
    for rulings in rounds_of_class_rules(book, day):
        said = known(facts)
        for rule, version in rulings:
            if version.holds(said):
                applied.append(rule.id)
                facts = facts | reclassed(version, facts)
                break
    return facts, tuple(applied)


def reclassed(version: Version, facts: Facts) -> Facts:
    """Class and code by a class rule; what its effect leaves out stays, a code where the class has it."""
    class_code = version.effect.to_class or facts["class"] or ""
    subcode = version.effect.to_subcode or facts["subcode"]
    return {"class": class_code, "subcode": subcode if (class_code, subcode) in traits.table() else NO_CODE}


def known(facts: Facts) -> dict[str, str]:
    """The facts that are known."""
    return {name: value for name, value in facts.items() if value is not None}


def _reached(rulings: Iterable[Ruling], facts: Facts) -> list[Reached]:
    reached = []
    said = known(facts)
    for rule, version in rulings:
        holds = version.holds(said)
        if holds is not False:
            reached.append(Reached(rule, version, holds is True))
        if holds:
            break
    return reached


def kind_of(version: Version, rape: bool) -> str:
    """What stands on record where a rule of the flow stops an offence."""
    effect = version.effect
    return effect.n100 if rape and effect.n100 else effect.outcome or ""


def _kinds(reached: Sequence[Reached], found: Traits) -> tuple[str, ...]:
    rape = found.subgroup == traits.RAPE
    possible = {kind_of(stop.version, rape) for stop in reached}
    if not any(stop.certain for stop in reached):
        possible.add("crime")
    return tuple(kind for kind in KINDS if kind in possible)


def _missing(reached: Sequence[Reached], facts: Facts) -> tuple[str, ...]:
    asked = {
        fact
        for stop in reached
        if not stop.certain
        for fact in unknown(stop.version.when, stop.version.unless, facts)
    }
    return tuple(name for name in FACTS if name in asked)


def _flags(book: Rulebook, day: date, facts: Facts, named: Sequence[str]) -> tuple[str, ...]:
    said = known(facts)
    called = {version.effect.flag for _, version in book.of_kind("flag", day) if version.holds(said)}
    return tuple(flag for flag in FLAGS if flag in called or flag in named)
