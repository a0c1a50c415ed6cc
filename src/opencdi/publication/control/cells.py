"""The counts of one audit as cells, and every relation between them that a reader can know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from opencdi.counting import classification
from opencdi.estimation.measures import MEASURES
from opencdi.publication.control.counts import Counts, Relation
from opencdi.publication.figures import ALL_CRIMES, DOMESTIC_ABUSE, AuditResults, Figure, Key

Part = Literal["yes", "no", "read"]
"""Crimes that count in the rate, crimes that do not, and both together."""

PARTS: tuple[Part, ...] = ("yes", "no", "read")

OF_VERDICTS = frozenset(measure.name for measure in MEASURES)
"""Measures that count crimes; the others are worked out from these or are about reviewers."""

NOT_DOMESTIC_ABUSE = ("flag", "not domestic abuse")
"""Never shown, and yet anyone can subtract domestic abuse from all crimes."""

ERRORS, CAUSES, NOT_AUDITED = "errors", "causes", "not_audited"

SAME_COUNTS: tuple[tuple[tuple[str, Part], ...], ...] = (
    (("recorded", "read"), ("recorded_correctly", "read")),
    (("recorded", "yes"), ("in_24_hours", "read")),
    (("recorded", "yes"), ("right_class", "read")),
    (("recorded", "yes"), ("over_recorded", "no")),
    (("recorded_correctly", "yes"), ("right_class", "yes")),
)
"""Counts of one group that are the same but for answers nobody knew (``estimation.measures``)."""

RECORDED_RIGHT: tuple[str, Part] = ("recorded_correctly", "yes")

ERROR_COUNTS: tuple[tuple[tuple[str, ...], str, Part], ...] = (
    (("missing", "n100_wrong", "cancelled_wrong"), "recorded", "no"),
    (("late",), "in_24_hours", "no"),
    (("wrong_class",), "right_class", "no"),
    (("over_recorded",), "over_recorded", "yes"),
    (("n100_wrong",), "n100_rightly", "no"),
    (("cancelled_wrong",), "cancelled_rightly", "no"),
)
"""Kinds of error that add up to a count of all crimes but for what nobody knew."""


@dataclass(frozen=True, order=True)
class Cell:
    """One count: of a figure (its key and part), or of a kind of error, cause or reason."""

    measure: str
    dimension: str
    group: str
    part: Part = "yes"

    @property
    def key(self) -> Key:
        return self.measure, self.dimension, self.group

    def of(self, measure: str, part: Part) -> Cell:
        """A count of another measure for the same group."""
        return Cell(measure, self.dimension, self.group, part)

    @property
    def is_of_a_figure(self) -> bool:
        return self.measure in OF_VERDICTS


NEARLY_ALL = 0.8
"""The share of a whole from which its parts are taken to add up to it; what is missing (an answer that nobody
knew, a crime of no group) counts as known. Of fewer parts an attacker knows how large the rest is to a factor
of two, and of a small rest no more than to ``A_GUESS``: to know it better is to have seen the records."""

A_GUESS = 20
"""Crimes by which an outsider is unsure of what no page shows: the highest threshold of the rules."""


@dataclass(frozen=True)
class AuditCounts:
    """The cells of one audit in a fixed order, their counts, and those that no page ever shows."""

    cells: tuple[Cell, ...]
    place: Mapping[Cell, int]
    counts: Counts
    never_shown: frozenset[int]

    def value(self, cell: Cell) -> int:
        return int(self.counts.values[self.place[cell]])


def is_counted(figure: Figure) -> bool:
    """A share of crimes whose numerator and denominator are known."""
    return (
        figure.measure in OF_VERDICTS
        and figure.unit == "share"
        and figure.numerator is not None
        and figure.denominator is not None
    )


def audit_counts(audit: AuditResults) -> AuditCounts:
    """Every count of the audit that is shown or can be had by adding and subtracting."""
    values = dict(_counted(audit))
    implied = dict(_implied_by_subtraction(values))
    every = values | implied
    cells = tuple(every)
    place = {cell: number for number, cell in enumerate(cells)}
    numbers = np.array(list(every.values()), dtype=np.int64)
    relations = tuple(
        Relation.that_holds(numbers, [(place[cell], factor) for cell, factor in terms]).give_or_take(slack)
        for terms, slack in _relations(every)
    )
    never_shown = frozenset(place[cell] for cell in implied)
    return AuditCounts(cells, place, Counts(numbers, relations), never_shown)


def _counted(audit: AuditResults) -> Iterator[tuple[Cell, int]]:
    for figure in audit.figures:
        if is_counted(figure):
            assert figure.numerator is not None and figure.denominator is not None
            parts = (figure.numerator, figure.denominator - figure.numerator, figure.denominator)
            for part, count in zip(PARTS, parts, strict=True):
                yield Cell(*figure.key, part), count
    for name in (ERRORS, CAUSES, NOT_AUDITED):
        for each in getattr(audit, name):
            if each.count is not None:
                yield Cell(name, "kind", each.kind), each.count


def _implied_by_subtraction(values: Mapping[Cell, int]) -> Iterator[tuple[Cell, int]]:
    """Crimes without domestic abuse, and crimes recorded in the wrong class where that is not a figure."""
    for cell, count in values.items():
        everything = Cell(cell.measure, *ALL_CRIMES, cell.part)
        if (cell.dimension, cell.group) == DOMESTIC_ABUSE and everything in values:
            yield Cell(cell.measure, *NOT_DOMESTIC_ABUSE, cell.part), max(values[everything] - count, 0)
        right, wrong = cell.of(*RECORDED_RIGHT), cell.of("right_class", "no")
        if (cell.measure, cell.part) == ("recorded", "yes") and right in values and wrong not in values:
            yield wrong, max(count - values[right], 0)


Terms = list[tuple[Cell, int]]


def _relations(counted: Mapping[Cell, int]) -> Iterator[tuple[Terms, int]]:
    """Every relation with how far off its total an attacker may be."""
    yield from ((terms, 0) for terms in _exact_relations(frozenset(counted)))
    for whole, parts in _sums(frozenset(counted)):
        if whole in counted:
            rest = counted[whole] - sum(counted[part] for part in parts)
            unsure = 0 if _nearly_all(whole, parts, counted) else max(rest, A_GUESS)
            yield [*((part, 1) for part in parts), (whole, -1)], unsure


def _nearly_all(whole: Cell, parts: Sequence[Cell], counted: Mapping[Cell, int]) -> bool:
    """Whether the parts make up the whole: by the crimes read for these groups, where that is known."""
    for of in ((whole.measure, "read"), ("recorded", "read"), (whole.measure, whole.part)):
        cells = [each.of(*of) for each in (whole, *parts)]
        if all(each in counted for each in cells):
            everything, *each = (counted[cell] for cell in cells)
            return sum(each) >= NEARLY_ALL * everything
    return False


def _exact_relations(known: frozenset[Cell]) -> Iterator[Terms]:
    ordered = sorted(known)
    keys = sorted({cell.key for cell in known if cell.is_of_a_figure})
    for key in keys:
        yes, no, read = (Cell(*key, part) for part in PARTS)
        if known.issuperset((yes, no, read)):
            yield [(yes, 1), (no, 1), (read, -1)]
        recorded, right = yes.of("recorded", "yes"), yes.of(*RECORDED_RIGHT)
        if key[0] == "right_class" and read not in known and known.issuperset((recorded, right, no)):
            yield [(recorded, 1), (right, -1), (no, -1)]
    for dimension, group in sorted({key[1:] for key in keys}):
        for (first, one), (second, other) in SAME_COUNTS:
            pair = Cell(first, dimension, group, one), Cell(second, dimension, group, other)
            if known.issuperset(pair):
                yield [(pair[0], 1), (pair[1], -1)]
    for kinds, measure, part in ERROR_COUNTS:
        parts = [cell for kind in kinds if (cell := Cell(ERRORS, "kind", kind)) in known]
        whole = Cell(measure, *ALL_CRIMES, part)
        if parts and whole in known:
            yield [*((each, 1) for each in parts), (whole, -1)]
    causes, errors = ([cell for cell in ordered if cell.measure == name] for name in (CAUSES, ERRORS))
    if causes and errors:
        yield [*((cell, 1) for cell in causes), *((cell, -1) for cell in errors)]


def _sums(present: frozenset[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each whole with its parts: all crimes by flag and by group, and groups by subgroup."""
    parts: defaultdict[tuple[Cell, str], list[Cell]] = defaultdict(list)
    for cell in sorted(present):
        if cell.is_of_a_figure and cell.dimension in ("flag", "offence_group", "offence_subgroup"):
            by = "flag" if cell.dimension == "flag" else "offence"
            parts[_whole_of(cell, present), by].append(cell)
    for (whole, by), cells in parts.items():
        if by == "offence" or {cell.group for cell in cells} == {DOMESTIC_ABUSE[1], NOT_DOMESTIC_ABUSE[1]}:
            yield whole, cells


def _whole_of(cell: Cell, present: frozenset[Cell]) -> Cell:
    parent = Cell(cell.measure, "offence_group", group_of(cell.group), cell.part)
    if cell.dimension == "offence_subgroup" and parent in present:
        return parent
    return Cell(cell.measure, *ALL_CRIMES, cell.part)


@cache
def _groups() -> Mapping[str, str]:
    return {each.subgroup: each.group for each in classification.load().classes.values()}


def group_of(subgroup: str) -> str:
    """The group of the offence list that a subgroup belongs to; empty where the list does not know it."""
    return _groups().get(subgroup, "")
