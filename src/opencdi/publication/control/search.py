"""A quick search for another possible table: move one count, then mend each relation that no longer holds.

Every mend moves one more count, so that what is found is a small closed round of moves, in whole numbers.
The rounds are looked through from the cheapest on (uniform-cost search; Dijkstra 1959). Where none is found
within ``MOST_STEPS`` an integer program decides (``programs.py``).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from opencdi.publication.control.counts import Counts

MOST_STEPS = 150
MOST_MENDS = 4
"""Ways to mend one relation that are followed, the cheapest first."""


@dataclass(frozen=True)
class Web:
    """The relations as lists: which cells stand in each, and in which each cell stands."""

    cells: tuple[tuple[tuple[int, int], ...], ...]
    relations: tuple[tuple[tuple[int, int], ...], ...]
    values: tuple[int, ...]
    freedom: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, counts: Counts) -> Web:
        standing: list[list[tuple[int, int]]] = [[] for _ in counts.values]
        for number, relation in enumerate(counts.relations):
            for cell, factor in relation.terms:
                standing[cell].append((number, factor))
        least, most = counts.freedom
        return cls(
            tuple(relation.terms for relation in counts.relations),
            tuple(tuple(each) for each in standing),
            tuple(int(value) for value in counts.values),
            tuple((int(low), int(high)) for low, high in zip(least, most, strict=True)),
        )


Moves = Mapping[int, int]


def cheapest_round(web: Web, cost: NDArray[np.float64], cell: int, move: int) -> Moves | None:
    """Moves of cells, ``cell`` by ``move`` among them, after which every relation holds; None: not found."""
    order = count()
    start = {cell: move}
    prices = cost.tolist()
    heap: list[tuple[float, int, int, dict[int, int], dict[int, int]]] = []
    heapq.heappush(heap, (0.0, 0, next(order), start, _after({}, web, cell, move)))
    for _ in range(MOST_STEPS):
        if not heap:
            return None
        spent, _, _, moves, open_ = heapq.heappop(heap)
        if not open_:
            return moves
        relation, excess = min(open_.items(), key=lambda item: (len(web.cells[item[0]]), item[0]))
        for price, mender, step in _mends(web, prices, moves, relation, excess)[:MOST_MENDS]:
            left = _after(open_, web, mender, step)
            # Among rounds of one price those that are nearest to closing come first.
            heapq.heappush(heap, (spent + price, len(left), next(order), moves | {mender: step}, left))
    return None


def _mends(
    web: Web, prices: list[float], moves: Moves, relation: int, excess: int
) -> list[tuple[float, int, int]]:
    """Cells that can take up some of the excess: the cheapest first, and of these the roomiest."""
    found = []
    for cell, factor in web.cells[relation]:
        price = prices[cell]
        if cell in moves or price == math.inf or excess % factor:
            continue
        step = max(-excess // factor, -web.values[cell])
        if step:
            found.append((price, -abs(step), cell, step))
    found.sort()
    return [(price, cell, step) for price, _, cell, step in found]


def _after(open_: Mapping[int, int], web: Web, cell: int, move: int) -> dict[int, int]:
    """By how much each relation is out after the move; those that hold are left out."""
    out = dict(open_)
    for relation, factor in web.relations[cell]:
        low, high = web.freedom[relation]
        sum_ = out.pop(relation, 0) + factor * move
        if not low <= sum_ <= high:
            out[relation] = sum_
    return out
