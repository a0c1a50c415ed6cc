"""Complementary suppression: what else must be withheld so that small counts cannot be worked out.

For each count that needs protection two other tables are sought, each as possible as the true one: one in
which the count is so low, and one in which it is so high, that nobody can tell how small it is. Every cell in
which such a table differs from the true one must be withheld; of all such tables the one that costs least is
taken. The tables are the proof: an attacker who knows only what is shown cannot rule them out. One table
often proves more than one count.

The method is the heuristic of one cell at a time with a cost for every cell moved (Kelly, Golden and Assad,
Cell suppression: disclosure protection for sensitive tabular data, Networks 22, 1992; Fischetti and Salazar,
Solving the cell suppression problem on tabular data with linear constraints, Management Science 47, 2001),
with whole numbers asked of the tables (integer programs, HiGHS).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from opencdi.publication.control.counts import Counts, Ints

HIDDEN_COST = 1e-4
"""Of moving what is withheld anyway: next to nothing, never nothing, so that tables stay near the truth."""


@dataclass(frozen=True)
class Need:
    """A withheld count must be able to be ``low`` or less, and ``high`` or more."""

    low: int
    high: int


@dataclass(frozen=True)
class Plan:
    """What the one who withholds may choose from.

    ``cost`` is what it costs the reader to lose a cell, infinite where it may not or cannot be withheld
    (published before). ``together`` are the cells withheld with a cell. ``near`` gives ever wider sets of
    cells to look among, the last one being enough to decide.
    """

    cost: NDArray[np.float64]
    together: Callable[[int], Iterable[int]]
    near: Callable[[int], Iterable[Ints]]


@dataclass
class Protection:
    """``hidden`` with the count each was withheld for (itself where it is small), and what has no proof."""

    hidden: dict[int, int] = field(default_factory=dict)
    unprotected: list[int] = field(default_factory=list)


def protect(counts: Counts, needs: Mapping[int, Need], plan: Plan) -> Protection:
    """Withhold every cell in need and, for their sake, as little else as can be found."""
    found = Protection()
    found.hidden.update({cell: cell for cell in needs})
    for cell in needs:
        _hide(found, cell, cell, plan)
    proofs = _Proofs(counts.values, needs)
    for cell, need in sorted(needs.items(), key=lambda item: (counts.values[item[0]], item[0])):
        for limit in (need.high, need.low):
            if not proofs.prove(cell, limit):
                table = _cheapest_table(counts, cell, limit, plan, found)
                if table is None:
                    found.unprotected.append(cell)
                    break
                for moved in np.flatnonzero(table != counts.values):
                    _hide(found, int(moved), cell, plan)
                proofs.add(table)
    return found


class _Proofs:
    """The least and greatest value of each needy cell in any possible table found so far."""

    def __init__(self, values: Ints, needs: Mapping[int, Need]) -> None:
        self.cells = np.array(list(needs), dtype=np.intp)
        self.place = {cell: number for number, cell in enumerate(needs)}
        self.least, self.most = values[self.cells].copy(), values[self.cells].copy()

    def prove(self, cell: int, limit: int) -> bool:
        place = self.place[cell]
        return bool(self.least[place] <= limit <= self.most[place])

    def add(self, table: Ints) -> None:
        self.least = np.minimum(self.least, table[self.cells])
        self.most = np.maximum(self.most, table[self.cells])


def _hide(found: Protection, cell: int, because_of: int, plan: Plan) -> None:
    for each in (cell, *plan.together(cell)):
        found.hidden.setdefault(each, because_of)


def _cheapest_table(counts: Counts, cell: int, limit: int, plan: Plan, found: Protection) -> Ints | None:
    cost = np.where(_mask(found.hidden, len(counts.values)), HIDDEN_COST, plan.cost)
    for candidates in _ever_wider(plan.near(cell)):
        table = _table_among(counts, candidates, cell, limit, cost)
        if table is not None:
            return table
    return None


def _ever_wider(sets: Iterable[Ints]) -> Iterator[Ints]:
    before = -1
    for each in sets:
        if len(each) > before:
            yield each
        before = len(each)


def _mask(cells: Iterable[int], size: int) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=bool)
    mask[list(cells)] = True
    return mask


def _table_among(
    counts: Counts, candidates: Ints, cell: int, limit: int, cost: NDArray[np.float64]
) -> Ints | None:
    """The cheapest possible table with ``cell`` at ``limit`` or beyond that moves candidates only."""
    usable = candidates[np.isfinite(cost[candidates])]
    place = np.flatnonzero(usable == cell)
    if not len(place):
        return None
    true = counts.values[usable].astype(float)
    size, wanted = len(usable), float(limit) - true[place[0]]
    least, most = np.zeros(2 * size), np.concatenate([np.full(size, np.inf), true])
    rise, fall = int(place[0]), size + int(place[0])
    least[rise if wanted > 0 else fall] = abs(wanted)
    most[fall if wanted > 0 else rise] = 0
    solved = milp(
        np.tile(cost[usable], 2),
        constraints=_possible(counts, usable),
        bounds=Bounds(least, most),
        integrality=np.ones(2 * size),
    )
    if solved.status != 0:
        return None
    table = counts.values.copy()
    table[usable] += np.rint(solved.x[:size] - solved.x[size:]).astype(np.int64)
    return table


def _possible(counts: Counts, usable: Ints) -> LinearConstraint:
    """Rises and falls of the usable cells that keep every relation."""
    matrix = counts.matrix[:, usable].tocsr()
    rows = np.flatnonzero(np.diff(matrix.indptr))
    least, most = counts.freedom
    moves = sparse.hstack([matrix[rows], -matrix[rows]], format="csc")
    return LinearConstraint(moves, least[rows], most[rows])
