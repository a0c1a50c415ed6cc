"""How many crimes, once each offence has been considered: for one report, with every merging explained.

The mechanisms are few: who counts together (one crime per victim and offender group, or the class's own
unit), the finished incident, the principal crime, the course of conduct, and what is counted besides.
``batch.py`` says the same in SQL; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from opencdi.counting import rulebook, traits
from opencdi.counting.editions import Edition
from opencdi.counting.facts import FACTS
from opencdi.counting.flow import CANNOT_TELL, Considered, conduct_is_weighed, consider
from opencdi.counting.placing import (
    VICTIM,
    Placed,
    conduct_besides,
    counts_each,
    place_all,
    take_in,
)
from opencdi.counting.traits import Traits
from opencdi.schema import FLAGS

BUCKETS = ("crime", "N100/1", "N100/2", "N100/3", "n300", "crime_related_incident")

RECORD_AS = {"crime": "crime", "n300": "n300", "crime_related_incident": "crime_related_incident"}


@dataclass(frozen=True)
class Required:
    """One row of ``schema.REQUIRED_CRIMES``, before its number within the incident."""

    principal: Placed
    record_as: str
    n100_code: str | None
    class_code: str
    subcode: str | None
    traits: Traits
    offence_nos: tuple[int, ...]
    copies: int
    certain: bool
    missing_facts: tuple[str, ...]
    flags_due: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def order(self) -> tuple[Any, ...]:
        bucket = BUCKETS.index(self.principal.bucket)
        return (bucket, *self.principal.order)


@dataclass(frozen=True)
class Outcome:
    """One row of ``schema.OFFENCE_DECISIONS``."""

    offence_no: int
    outcome: str
    required_no: int | None
    stopped_at_step: int | None
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What one report requires, and what became of each offence it discloses."""

    edition: Edition
    deadline_at: datetime
    considered: tuple[Considered, ...]
    required: tuple[Required, ...]
    """One entry for each group of offences; ``copies`` of it are on record."""
    outcomes: tuple[Outcome, ...]


def decide(
    incident: Mapping[str, Any], offences: Sequence[Mapping[str, Any]], edition: Edition, day: date
) -> Decision:
    """Apply an edition to one report. ``day`` is the date whose rules apply (Europe/London)."""
    considered = tuple(consider(offence, incident, day) for offence in offences)
    placed = place_all(considered, conduct_besides(day))
    standing, taken = take_in(placed, day)
    groups: dict[tuple[Any, ...], list[Placed]] = {}
    for place in standing:
        groups.setdefault(place.key, []).append(place)
    hosts = {id(place): key for key, places in groups.items() for place in places}
    guests: dict[tuple[Any, ...], list[Placed]] = {}
    for guest, host in taken:
        guests.setdefault(hosts[id(host)], []).append(guest)
    required = tuple(
        sorted(
            (
                _require(places, guests.get(key, []), conduct_is_weighed(day))
                for key, places in groups.items()
            ),
            key=lambda crime: crime.order,
        )
    )
    return Decision(
        edition,
        incident["reported_at"].astimezone(UTC) + time_to_record(day),
        considered,
        required,
        tuple(_outcomes(considered, required, standing, dict(_by_number(taken)), day)),
    )


def time_to_record(day: date) -> timedelta:
    """Time that may pass, on the clock of elapsed time, between report and record."""
    version = rulebook.load()["within-24-hours"].on(day)
    return timedelta(hours=version.effect.hours or 0 if version else 0)


# Which crime is the principal one ----------------------------------------------------------------


def _principal(places: Sequence[Placed], conduct_weighed: bool) -> tuple[Placed, bool]:
    """The principal offence, and whether a course of conduct is it by its rank over the others."""
    conduct = [place for place in places if place.considered.traits.conduct_rank]
    others = [place for place in places if not place.considered.traits.conduct_rank]
    if conduct_weighed and conduct and others and _against_one_victim(places[0]):
        best = min(place.considered.traits.conduct_rank for place in conduct)
        if all(place.considered.traits.beaten_by >> (best - 1) & 1 for place in others):
            return min(conduct, key=lambda place: place.order), True
    return min(places, key=lambda place: place.order), False


def _against_one_victim(place: Placed) -> bool:
    return place.bucket == "crime" and place.layer == VICTIM


def _require(places: Sequence[Placed], guests: Sequence[Placed], conduct_weighed: bool) -> Required:
    sure = [place for place in places if place.considered.certain]
    principal, by_conduct = _principal(sure or places, conduct_weighed)
    over_all, _ = _principal(places, conduct_weighed)
    certain = bool(sure) and over_all is principal
    ordered = [principal, *sorted((p for p in places if p is not principal), key=lambda p: p.order)]
    together = [*ordered, *sorted(guests, key=lambda guest: guest.order)]
    bucket = principal.bucket
    return Required(
        principal=principal,
        record_as=RECORD_AS.get(bucket, "n100"),
        n100_code=bucket if bucket.startswith("N100") else None,
        class_code=traits.DEATH if bucket == "n300" else principal.considered.traits.class_code,
        subcode=_death_code(principal) if bucket == "n300" else principal.considered.traits.subcode,
        traits=principal.considered.traits,
        offence_nos=tuple(place.number for place in together),
        copies=_copies(principal, places) if bucket == "crime" else 1,
        certain=certain,
        missing_facts=() if certain else _missing(places),
        flags_due=tuple(flag for flag in FLAGS if any(flag in place.considered.flags for place in together)),
        rules=tuple(_rules(principal, places, guests, by_conduct)),
    )


def _death_code(place: Placed) -> str | None:
    stop = place.considered.reached[0].version.effect if place.considered.reached else None
    return stop.n300 if stop and stop.n300 else place.considered.traits.subcode


def _copies(principal: Placed, places: Sequence[Placed]) -> int:
    if not _counts_each(principal):
        return 1
    return max(int(place.considered.offence.get("offenders") or 1) for place in places if _counts_each(place))


def _counts_each(place: Placed) -> bool:
    return counts_each(place.considered.traits)


def _missing(places: Sequence[Placed]) -> tuple[str, ...]:
    missing = {fact for place in places for fact in place.considered.missing}
    return tuple(name for name in FACTS if name in missing)


def merged_by(places: Sequence[Placed], by_conduct: bool) -> str | None:
    """The rule by which the offences of one record are one."""
    if len(places) == 1:
        return None
    if by_conduct:
        return "conduct-principal"
    codes = {(place.considered.traits.class_code, place.considered.traits.subcode) for place in places}
    return "principal-crime" if len(codes) > 1 else "finished-incident"


def _rules(
    principal: Placed, places: Sequence[Placed], guests: Sequence[Placed], by_conduct: bool
) -> Iterable[str]:
    yield from principal.considered.rules
    bucket = principal.bucket
    if bucket != "crime":
        yield "n100" if bucket.startswith("N100") else bucket.replace("_", "-")
    else:
        yield "record-crime"
        yield _unit_rule(principal)
        if principal.layer.rule:
            yield principal.layer.rule
        merged = merged_by(places, by_conduct)
        if merged:
            yield merged
        taking = {guest.taken_in_by for guest in guests}
        yield from sorted(rule for rule in taking if rule)
    yield "within-24-hours"


def _unit_rule(place: Placed) -> str:
    if _counts_each(place):
        return "one-crime-per-offender-each"
    if place.victim == 0:
        return "one-crime-per-offender"
    return "one-crime-per-victim" if place.shared_property is None else "one-crime-per-unit"


# What became of each offence ---------------------------------------------------------------------


def _by_number(taken: Sequence[tuple[Placed, Placed]]) -> Iterable[tuple[int, Placed]]:
    for guest, _ in taken:
        yield guest.number, guest


def _outcomes(
    considered: Sequence[Considered],
    required: Sequence[Required],
    standing: Sequence[Placed],
    taken: Mapping[int, Placed],
    day: date,
) -> Iterable[Outcome]:
    first_number: dict[int, int] = {}
    record: dict[int, Required] = {}
    next_number = 1
    for crime in required:
        for number in crime.offence_nos:
            first_number[number], record[number] = next_number, crime
        next_number += crime.copies
    group = {place.number: place for place in standing}
    for one in considered:
        number = int(one.offence["offence_no"])
        step = None if one.certain and one.kind == "crime" else one.stopped_at_step
        if number not in record:
            yield Outcome(number, "not_recorded", None, step, one.rules)
            continue
        crime = record[number]
        rules = one.rules
        if number in taken:
            rules = (*rules, taken[number].taken_in_by or "")
        elif number != crime.offence_nos[0] and group[number].bucket == "crime":
            rules = (*rules, *(rule for rule in crime.rules if rule in MERGING))
        yield Outcome(number, _outcome(one, crime, number in taken), first_number[number], step, rules)


MERGING = ("conduct-principal", "principal-crime", "finished-incident")


def _outcome(one: Considered, crime: Required, taken: bool) -> str:
    if taken:
        return "merged"
    if not one.certain and not crime.certain:
        return CANNOT_TELL
    bucket = crime.principal.bucket
    if bucket != "crime":
        return "n100" if bucket.startswith("N100") else bucket
    return "principal" if int(one.offence["offence_no"]) == crime.offence_nos[0] else "merged"
