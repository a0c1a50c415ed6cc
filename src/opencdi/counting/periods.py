"""Runs of days on which no rule changes, and the rules in force in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from opencdi.counting import rulebook
from opencdi.counting.editions import EDITIONS, Edition
from opencdi.counting.rulebook import Kind, Rule, Version


@dataclass(frozen=True)
class Period:
    """A run of days on which no rule changes: its number from 1, its first day and its edition."""

    number: int
    first_day: date
    edition: Edition


@dataclass(frozen=True)
class InForce:
    """One version of a rule, with the numbers of the periods it is in force in."""

    rule: Rule
    version: Version
    periods: tuple[int, ...]


def periods(edition: Edition | None) -> tuple[Period, ...]:
    """Every period, the oldest first; the one on an edition's first day where an edition is named."""
    if edition is not None:
        return (Period(1, edition.valid_from, edition),)
    changes = {known.valid_from for known in EDITIONS} | {
        day for rule in rulebook.load() for day in rulebook.boundaries(rule)
    }
    days = sorted(day for day in changes if day >= EDITIONS[0].valid_from)
    return tuple(
        Period(number, day, next(known for known in EDITIONS if known.covers(day)))
        for number, day in enumerate(days, start=1)
    )


@cache
def in_force(kind: Kind, known: tuple[Period, ...]) -> tuple[InForce, ...]:
    """Rules of a kind in the order of asking, each version once."""
    found: dict[tuple[str, date], tuple[Rule, Version, list[int]]] = {}
    for period in known:
        for rule, version in rulebook.load().of_kind(kind, period.first_day):
            found.setdefault((rule.id, version.first_day), (rule, version, []))[2].append(period.number)
    every = [InForce(rule, version, tuple(numbers)) for rule, version, numbers in found.values()]
    return tuple(sorted(every, key=lambda one: (one.rule.order, one.rule.id, one.version.first_day)))
