"""The attack: between which whole numbers must a withheld count lie, given all that is shown?

Whoever attacks knows the shown counts, every relation, and that counts are whole numbers of 0 or more. The
answer is exact (an integer program for each limit, solved by HiGHS; Huangfu and Hall 2018), so that what it
cannot work out, nobody can from these relations. The view of an attacker by the limits of a withheld cell,
and the audit of a table by them, follow Willenborg and de Waal, Elements of Statistical Disclosure Control
(2001), chapter 8, and Hundepool and others, Statistical Disclosure Control (2012), section 4.3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint

from opencdi.publication.control.counts import Counts, Relation, components
from opencdi.publication.control.programs import whole_solution


@dataclass(frozen=True)
class Range:
    """The smallest and largest whole number that a count can be; ``high`` is None where nothing limits it."""

    low: int
    high: int | None

    @property
    def is_point(self) -> bool:
        return self.high == self.low

    def covers(self, low: int, high: int) -> bool:
        return self.low <= low and (self.high is None or self.high >= high)


def ranges(
    counts: Counts, hidden: Collection[int], wanted: Collection[int] | None = None
) -> dict[int, Range]:
    """What an attacker can say of each withheld cell, or of those ``wanted``."""
    concealed = frozenset(hidden)
    asked = concealed if wanted is None else concealed & frozenset(wanted)
    found: dict[int, Range] = {}
    for relations in components(counts.left_over(concealed)):
        cells = sorted({cell for relation in relations for cell, _ in relation.terms} & asked)
        if cells:
            found.update(_ranges_within(relations, cells))
    return {cell: found.get(cell, Range(0, None)) for cell in sorted(asked)}


def _ranges_within(relations: list[Relation], wanted: list[int]) -> Mapping[int, Range]:
    cells = sorted({cell for relation in relations for cell, _ in relation.terms})
    place = {cell: number for number, cell in enumerate(cells)}
    triples = [
        (row, place[cell], factor)
        for row, relation in enumerate(relations)
        for cell, factor in relation.terms
    ]
    rows, columns, factors = (np.array(each) for each in zip(*triples, strict=True))
    matrix = sparse.csc_array((factors.astype(float), (rows, columns)), shape=(len(relations), len(cells)))
    totals = np.array([relation.total for relation in relations], dtype=float)
    slack = np.array([relation.slack for relation in relations], dtype=float)
    known = LinearConstraint(matrix, totals - slack, totals + slack)
    return {cell: _range(known, len(cells), place[cell]) for cell in wanted}


def _range(known: LinearConstraint, cells: int, place: int) -> Range:
    low, high = (_least(known, cells, place, sign) for sign in (1.0, -1.0))
    return Range(low if low is not None else 0, -high if high is not None else None)


def _least(known: LinearConstraint, cells: int, place: int, sign: float) -> int | None:
    """The least value of ``sign`` times the cell; None where it has none."""
    cost = np.zeros(cells)
    cost[place] = sign
    solution = whole_solution(cost, known, Bounds(0, np.inf))
    return None if solution is None else round(sign * solution[place])
