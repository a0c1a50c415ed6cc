"""Which offences count together: layers, offender groups, victims and places, and what takes what in.

``batch_records.py`` says the same in SQL; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opencdi.counting import rulebook
from opencdi.counting.flow import Considered
from opencdi.counting.rulebook import Version
from opencdi.counting.traits import Traits

EACH_OFFENDER = ("victim_and_offender", "offender")
"""Ways of counting that count each offender, not the group."""

UNDEFINED_OFFENDERS = ("19J", "19K")


@dataclass(frozen=True)
class Layer:
    """A layer of crimes that are counted besides those of other layers, and the rule that says so."""

    name: str
    rule: str | None


VICTIM = Layer("victim", None)
CONDUCT = Layer("conduct", "conduct-besides")
SLAVERY = Layer("slavery", "slavery-besides")
UNDEFINED = Layer("undefined", "undefined-offenders-besides")
BREACH = Layer("breach", "breach-besides")


def layer_of(found: Traits, victim_based: str, conduct_besides: bool) -> Layer:
    """Which crimes an offence is weighed with."""
    if found.breach:
        return BREACH
    if victim_based == "no":
        one_group = found.group in ("Drug offences", "Possession of weapons", "Public order offences")
        return Layer("state " + (found.group if one_group else found.class_code), "state-besides")
    if found.class_code == "106":
        return SLAVERY
    if found.class_code in UNDEFINED_OFFENDERS:
        return UNDEFINED
    return CONDUCT if conduct_besides and found.conduct_rank else VICTIM


@dataclass(frozen=True)
class Placed:
    """One offence with what it counts together with."""

    considered: Considered
    layer: Layer
    suspects: int
    victim: int
    place: int = 0
    """0, or the number of a second household, building or shop of one victim."""
    taken_in_by: str | None = None
    """The rule that takes it into another offence."""

    @property
    def number(self) -> int:
        return int(self.considered.offence["offence_no"])

    @property
    def bucket(self) -> str:
        return self.considered.kind

    @property
    def finished_incident(self) -> int:
        return int(self.considered.offence.get("finished_incident") or 1)

    @property
    def shares(self) -> str | None:
        return self.considered.traits.shares if self.victim else None

    @property
    def shared_property(self) -> int | None:
        """The household, building or shop it names; 0 where the class shares by offender or incident."""
        if self.shares is None:
            return None
        if self.considered.traits.per != "victim":
            return 0
        number = self.considered.offence.get("property_no")
        return None if number is None else int(number)

    @property
    def order(self) -> tuple[Any, ...]:
        """The most serious first; the last part is unique."""
        return (self.considered.traits.rank, self.number)

    @property
    def key(self) -> tuple[Any, ...]:
        """Offences with one key are one record, or one for each offender."""
        if self.bucket == "crime":
            who = (self.victim, self.suspects, self.place)
            return (self.bucket, self.finished_incident, self.layer.name, *who)
        if self.bucket == "crime_related_incident":
            return (self.bucket,)
        if self.bucket == "n300":
            return (self.bucket, self.finished_incident, self.victim)
        return (self.bucket, self.finished_incident, self.victim, self.suspects)


def conduct_besides(day: date) -> bool:
    """Is a course of conduct counted besides the most serious other crime?"""
    return rulebook.load()["conduct-besides"].on(day) is not None


def counts_each(found: Traits) -> bool:
    """Does the class count each offender, not the group?"""
    each = found.per in EACH_OFFENDER or found.breach
    return each and found.class_code not in UNDEFINED_OFFENDERS


# Who counts together -----------------------------------------------------------------------------


def place_all(considered: Iterable[Considered], besides: bool) -> list[Placed]:
    """Give each offence that may stand on record its layer, victim, offender group and property."""
    placed = [
        Placed(
            one,
            layer_of(one.traits, one.facts["victim_based"] or "yes", besides),
            int(one.offence["suspect_group"]),
            0 if one.facts["victim_based"] == "no" else int(one.offence["victim_no"]),
        )
        for one in considered
        if one.kind != "not_recorded"
    ]
    placed = [replace(place, suspects=_suspects(place, placed)) for place in placed]
    placed = [replace(place, victim=_victim(place, placed)) for place in placed]
    return [replace(place, place=_second_place(place, placed)) for place in placed]


def _suspects(place: Placed, placed: Sequence[Placed]) -> int:
    """Without evidence that offenders acted independently (page 12), unknown ones are those known."""
    known = [
        other.suspects
        for other in placed
        if other.suspects
        and other.victim == place.victim
        and other.finished_incident == place.finished_incident
    ]
    return place.suspects or min(known, default=0)


def _victim(place: Placed, placed: Sequence[Placed]) -> int:
    """The victims of one household, building, shop or incident stand as the first of them."""
    if place.shared_property is None:
        return place.victim
    return min(other.victim for other in placed if _share(place, other))


def _share(place: Placed, other: Placed) -> bool:
    return (
        other.shares == place.shares
        and other.shared_property == place.shared_property
        and other.suspects == place.suspects
        and other.finished_incident == place.finished_incident
    )


def _second_place(place: Placed, placed: Sequence[Placed]) -> int:
    """A victim's second household, building or shop counts apart; the first counts with all else."""
    if not place.shared_property:
        return 0
    first = min(
        other.shared_property or 0
        for other in placed
        if other.shared_property
        and other.shares == place.shares
        and other.victim == place.victim
        and other.suspects == place.suspects
        and other.finished_incident == place.finished_incident
    )
    return place.shared_property if place.shared_property > first else 0


# What one offence takes in -----------------------------------------------------------------------


def takes_in(version: Version, found: Traits) -> bool:
    """Is an offence with these traits one that a merging rule counts instead?"""
    over = version.effect.over
    return found.class_code in over or found.group in over or (found.subcode or "") in over


def merging_rules(day: date) -> list[tuple[str, Version]]:
    """Rules that take one offence into another, in order."""
    return [
        (rule.id, version)
        for rule, version in rulebook.load().of_kind("count", day)
        if version.effect.count == "not_additional" and version.effect.over
    ]


def take_in(placed: Sequence[Placed], day: date) -> tuple[list[Placed], list[tuple[Placed, Placed]]]:
    """Offences that stand, and pairs of an offence taken in and the offence it counts in."""
    rules = merging_rules(day)
    marked = [replace(place, taken_in_by=_taken_in_by(place, placed, rules)) for place in placed]
    standing = [place for place in marked if place.taken_in_by is None]
    taken = [(place, _host(place, standing, dict(rules))) for place in marked if place.taken_in_by]
    return standing, taken


def _taken_in_by(place: Placed, placed: Sequence[Placed], rules: Sequence[tuple[str, Version]]) -> str | None:
    if place.bucket != "crime":
        return None
    facts = _known_facts(place)
    for rule_id, version in rules:
        if version.holds(facts) and any(_can_host(place, other, version) for other in placed):
            return rule_id
    return None


def _known_facts(place: Placed) -> dict[str, Any]:
    return {name: value for name, value in place.considered.facts.items() if value is not None}


def _can_host(place: Placed, other: Placed, version: Version) -> bool:
    """May a rule that takes an offence in count it in the other? Not in one that the rule takes in as well: a
    conspiracy to defraud is no substantive crime of another one."""
    return (
        other.bucket == "crime"
        and other.considered.certain
        and other.suspects == place.suspects
        and other.finished_incident == place.finished_incident
        and (version.effect.scope != "victim" or other.victim == place.victim)
        and takes_in(version, other.considered.traits)
        and not version.holds(_known_facts(other))
    )


def _host(place: Placed, standing: Sequence[Placed], rules: Mapping[str, Version]) -> Placed:
    """The most serious standing offence that takes it in; else the offenders' most serious one."""
    version = rules[place.taken_in_by or ""]
    direct = [other for other in standing if _can_host(place, other, version)]
    indirect = [
        other
        for other in standing
        if other.bucket == "crime"
        and other.considered.certain
        and other.suspects == place.suspects
        and other.finished_incident == place.finished_incident
    ]
    return min(direct or indirect, key=lambda other: other.order)
