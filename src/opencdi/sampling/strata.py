"""Strata: how the frame is cut, so that every reported group is reached and reading pays.

A stratum is channel x opening group x offence group x score band. Crossing them all would leave
thousands of cells with a handful of incidents, so small cells are joined along a fixed order, and
only along dimensions that are not reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

JOINED = "any"
"""The label of a dimension whose cells were joined."""


@dataclass(frozen=True)
class Dimension:
    """One way to cut the frame: its values, and which one each incident has (shape (N,))."""

    name: str
    values: Sequence[str]
    code: NDArray[np.integer]


@dataclass(frozen=True)
class Strata:
    """The strata: a label each, and the number of each incident's stratum (shape (N,))."""

    labels: tuple[str, ...]
    number: NDArray[np.intp]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Incidents a stratum, shape (H,)."""
        return np.bincount(self.number, minlength=len(self.labels)).astype(np.int64)


def score_bands(scores: NDArray[np.float64], bands: int) -> NDArray[np.intp]:
    """Band 0 (lowest) to ``bands - 1`` of each score, cut by the cumulative square root rule.

    ``scores``: shape (n,), the predicted chance that a required crime is missing, 0 to 1. Cuts lie
    at equal steps of the cumulative sum of sqrt(p(1-p)), the standard deviation that Neyman's
    allocation works with (Dalenius & Hodges 1959, JASA 54, 88-101; Sarndal, Swensson & Wretman 1992,
    12.6). A constant score gives one band.
    """
    ordered = np.sort(scores)
    spread = np.cumsum(np.sqrt(ordered * (1.0 - ordered)))
    if spread[-1] <= 0:
        return np.zeros(len(scores), dtype=np.intp)
    cuts = spread[-1] * np.arange(1, bands) / bands
    limits = ordered[np.minimum(np.searchsorted(spread, cuts), len(scores) - 1)]
    return np.searchsorted(np.unique(limits), scores, side="left").astype(np.intp)


@dataclass(frozen=True)
class Cells:
    """The combinations of all dimensions that occur, before any is joined.

    ``columns`` holds, for each dimension, its value in every cell; ``number`` (shape (N,)) the cell
    of each incident; ``sizes`` the incidents a cell.
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    number: NDArray[np.intp]
    sizes: NDArray[np.int64]


def cross(dimensions: Sequence[Dimension]) -> Cells:
    """The cells that crossing the dimensions gives."""
    combined = np.zeros(len(dimensions[0].code), dtype=np.int64)
    for dimension in dimensions:
        combined = combined * len(dimension.values) + dimension.code
    # Counted and not sorted: there are few combinations, and of a country's incidents very many.
    counts = np.bincount(combined)
    found = np.flatnonzero(counts)
    place = np.empty(len(counts), dtype=np.intp)
    place[found] = np.arange(len(found))
    columns = tuple(tuple(column) for column in _cell_values(found, dimensions))
    names = tuple(dimension.name for dimension in dimensions)
    return Cells(names, columns, place[combined], counts[found])


def form_strata(cells: Cells, joinable: Sequence[str], smallest: int) -> Strata:
    """Strata from cells, the small ones joined, the first of ``joinable`` first.

    A cell with fewer than ``smallest`` incidents gives up its value in the first joinable dimension,
    together with every cell that differs from it only there; what is still small gives up the next.
    A dimension that is not joinable (a reported one) never is, so its smallest cell stays a stratum.
    """
    labels = joined_labels(cells, joinable, smallest)
    names, stratum_of_cell = np.unique(labels, return_inverse=True)
    return Strata(tuple(str(name) for name in names), stratum_of_cell[cells.number].astype(np.intp))


def _cell_values(found: NDArray[np.int64], dimensions: Sequence[Dimension]) -> list[list[str]]:
    """The value of every dimension (outer) in every cell (inner)."""
    columns: list[list[str]] = []
    rest = found
    for dimension in reversed(dimensions):
        columns.append([dimension.values[int(code)] for code in rest % len(dimension.values)])
        rest = rest // len(dimension.values)
    return columns[::-1]


def joined_labels(cells: Cells, joinable: Sequence[str], smallest: int) -> list[str]:
    """The label of each cell's stratum."""
    columns = [list(column) for column in cells.columns]
    for name in joinable:
        place = cells.names.index(name)
        total: dict[tuple[str, ...], int] = {}
        for key, size in zip(zip(*columns, strict=True), cells.sizes.tolist(), strict=True):
            total[key] = total.get(key, 0) + size
        small = {key[:place] + key[place + 1 :] for key, size in total.items() if size < smallest}
        columns[place] = [
            JOINED if key[:place] + key[place + 1 :] in small else key[place]
            for key in zip(*columns, strict=True)
        ]
    return [" / ".join(key) for key in zip(*columns, strict=True)]
