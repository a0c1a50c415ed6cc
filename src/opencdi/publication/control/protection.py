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
from scipy.optimize import Bounds, LinearConstraint

from opencdi.publication.control.counts import Counts, Ints
from opencdi.publication.control.programs import whole_solution
from opencdi.publication.control.search import Web, cheapest_round

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

    ``cost`` is what it costs the reader to lose a cell: infinite where it cannot be withheld (published
    before), 0 where it is never shown. ``together`` are the cells withheld with a cell. ``near`` gives ever
    wider sets of cells to look among, the last one being enough to decide.
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
    web = Web.of(counts)
    for cell in sorted(needs, key=lambda each: (counts.values[each], each)):
        for limit in proofs.lacking(cell):
            table = _another_table(counts, web, cell, limit, plan, found)
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
        self.needs = needs
        self.cells = np.array(list(needs), dtype=np.intp)
        self.place = {cell: number for number, cell in enumerate(needs)}
        self.least, self.most = values[self.cells].copy(), values[self.cells].copy()

    def lacking(self, cell: int) -> Iterator[int]:
        """The limits that no table has reached; looked at anew after each."""
        place, need = self.place[cell], self.needs[cell]
        if self.most[place] < need.high:
            yield need.high
        if self.least[place] > need.low:
            yield need.low

    def add(self, table: Ints) -> None:
        self.least = np.minimum(self.least, table[self.cells])
        self.most = np.maximum(self.most, table[self.cells])


def _hide(found: Protection, cell: int, because_of: int, plan: Plan) -> None:
    for each in (cell, *plan.together(cell)):
        found.hidden.setdefault(each, because_of)


def _another_table(
    counts: Counts, web: Web, cell: int, limit: int, plan: Plan, found: Protection
) -> Ints | None:
    """The cheapest possible table found in which ``cell`` is at ``limit`` or beyond."""
    free = _mask(found.hidden, len(counts.values)) & np.isfinite(plan.cost)
    price = np.where(free, 0, plan.cost)
    if not np.isfinite(price[cell]):
        return None
    cost = np.maximum(price, HIDDEN_COST)
    moves = cheapest_round(web, price, cell, limit - int(counts.values[cell]))
    if moves is not None:
        table = counts.values.copy()
        table[list(moves)] += np.array(list(moves.values()))
        return table
    for among in _ever_wider(plan.near(cell)):
        another = _table_among(counts, among, cell, limit, cost)
        if another is not None:
            return another
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
    moves = whole_solution(np.tile(cost[usable], 2), _possible(counts, usable), Bounds(least, most))
    return _moved(counts, usable, moves) if moves is not None else None


def _possible(counts: Counts, usable: Ints) -> LinearConstraint:
    """Rises and falls of the usable cells that keep every relation."""
    matrix = counts.matrix[:, usable].tocsr()
    rows = np.flatnonzero(np.diff(matrix.indptr))
    least, most = counts.freedom
    moves = sparse.hstack([matrix[rows], -matrix[rows]], format="csc")
    return LinearConstraint(moves, least[rows], most[rows])


def _moved(counts: Counts, usable: Ints, moves: NDArray[np.float64]) -> Ints:
    table = counts.values.copy()
    table[usable] += np.rint(moves[: len(usable)] - moves[len(usable) :]).astype(np.int64)
    return table
