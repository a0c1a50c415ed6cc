"""Ranks with intervals, and the forces that cannot be told apart.

Every pair of forces is compared; a force's rank lies between one more than the forces proven better and the
number of forces less those proven worse, for all forces at once (Mogstad, Romano, Shaikh & Wilhelm 2024,
*Rev. Econ. Stud.* 91, 476-518; Klein, Wright & Wieczorek 2020, *J. R. Stat. Soc. A* 183, 589-606, from joint
intervals). The pairs are tested by Holm's step-down (1979, *Scand. J. Statist.* 6, 65-70), which
holds the joint level whatever the dependence. A group is a longest run of ranked forces of which no two are
proven different.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from opencdi.estimation.arrays import Booleans, Floats
from opencdi.estimation.binomial import CONFIDENCE


@dataclass(frozen=True)
class Rank:
    """1 is the highest rate. The interval holds for all forces at once."""

    name: str
    rate: float
    best: int
    worst: int

    def __str__(self) -> str:
        return f"{self.name}: rank {self.best} to {self.worst}"


@dataclass(frozen=True)
class Ranking:
    """Forces from the highest rate to the lowest, and the groups that cannot be told apart."""

    ranks: tuple[Rank, ...]
    groups: tuple[tuple[str, ...], ...]
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def ranking(
    names: Sequence[str], rates: Floats, standard_errors: Floats, confidence: float = CONFIDENCE
) -> Ranking:
    """Simultaneous rank intervals of independent rates; arrays of shape (forces,)."""
    order = np.lexsort((np.arange(rates.size), -rates))
    ordered = rates[order]
    proven = proven_higher(ordered, standard_errors[order], 1 - confidence)
    ranks = tuple(
        Rank(
            names[place],
            float(rates[place]),
            1 + int(proven[:, position].sum()),
            rates.size - int(proven[position].sum()),
        )
        for position, place in enumerate(order)
    )
    groups = tuple(tuple(ranks[position].name for position in group) for group in _indistinguishable(proven))
    return Ranking(ranks, groups, confidence)


def proven_higher(rates: Floats, standard_errors: Floats, risk: float) -> Booleans:
    """Whether the row's force is proven higher than the column's, by Holm over all pairs; two-sided."""
    first, second = np.triu_indices(rates.size, 1)
    gap = rates[first] - rates[second]
    spread = np.hypot(standard_errors[first], standard_errors[second])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(gap == 0, 0.0, np.abs(gap) / spread)
    p = 2 * ndtr(-z)
    order = np.argsort(p, kind="stable")
    passed = p[order] <= risk / (p.size - np.arange(p.size))
    rejected = np.zeros(p.size, dtype=bool)
    rejected[order] = np.logical_and.accumulate(passed) if p.size else passed
    proven = np.zeros((rates.size, rates.size), dtype=bool)
    proven[first, second] = rejected & (gap > 0)
    proven[second, first] = rejected & (gap < 0)
    return proven


def _indistinguishable(proven: Booleans) -> list[range]:
    """Longest runs of the ordered forces without a proven difference, none inside another."""
    different = proven | proven.T
    runs: list[range] = []
    for start in range(len(different)):
        end = start + 1
        while end < len(different) and not different[start:end, end].any():
            end += 1
        if not runs or end > runs[-1].stop:
            runs.append(range(start, end))
    return runs
