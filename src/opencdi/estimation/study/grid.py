"""The grids of the coverage study, fixed beforehand, and when a cell fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Literal

import numpy as np

from opencdi.estimation.study.coverage import Cell, CellResult, DesignName, pooled, run_cell
from opencdi.estimation.study.population import Calibration, PopulationPlan

GridName = Literal["small", "full"]

FLOOR = 0.93
"""No interval offered by default may cover less."""

LOOK_AGAIN = 0.945
"""A cell below this after the first run is run again, four times as long with another seed, and pooled."""

SMALL_TOLERANCE = 0.02
"""Pre-registered for the small grid: three standard errors at 1,000 replicates below the floor."""

INCIDENTS_MADE = 500_000
"""Incidents made for a cell: many small populations, few large ones, which differ less."""

RATES = (0.005, 0.01, 0.03, 0.10, 0.30)
READINGS = (50, 200, 600, 2000)
POPULATIONS = (400, 5_000, 50_000, 500_000)

Score = tuple[float, Calibration]

BOTH_WAYS: tuple[Score, ...] = ((0.9, "calibrated"), (0.9, "over_confident"))
"""Crossed with every rate and every number of readings."""

OTHER_SCORES: tuple[Score, ...] = (
    (0.5, "calibrated"),
    (0.7, "calibrated"),
    (0.95, "calibrated"),
    (0.8, "over_confident"),
    (0.9, "shifted"),
    (0.9, "permuted"),
)
"""Crossed with two rates and two numbers of readings."""


def mix_for(calibration: Calibration) -> float:
    """The part of the allocation that ignores the score: more where the score has not been proven."""
    return 0.3 if calibration == "calibrated" else 0.5


def grid(name: GridName) -> list[Cell]:
    """The cells of a grid, in a fixed order."""
    return list(_small() if name == "small" else _full())


def _full() -> Iterator[Cell]:
    for rate, readings, population, clustered in product(RATES, READINGS, POPULATIONS, (False, True)):
        if readings <= population // 2:
            yield Cell(PopulationPlan(population, rate, clustered=clustered), "simple", readings)
    yield from _scored(BOTH_WAYS, RATES, ((50_000, READINGS),))
    yield from _scored(OTHER_SCORES, (0.01, 0.10), ((50_000, (200, 2_000)),))
    yield from _scored(BOTH_WAYS, RATES, ((400, (50, 200)), (5_000, (200,))))
    yield from _scored(BOTH_WAYS, (0.01, 0.10), ((500_000, (600,)),))


def _small() -> Iterator[Cell]:
    for rate, readings, population in ((0.01, 200, 5_000), (0.10, 50, 400), (0.03, 600, 50_000)):
        for clustered in (False, True):
            yield Cell(PopulationPlan(population, rate, clustered=clustered), "simple", readings)
    yield from _scored(BOTH_WAYS, (0.01, 0.10), ((5_000, (200, 600)),))


def _scored(
    scores: Iterable[Score], rates: Iterable[float], sizes: Iterable[tuple[int, tuple[int, ...]]]
) -> Iterator[Cell]:
    designs: tuple[DesignName, ...] = ("strata", "pareto")
    for (population, numbers), design, (auc, calibration), rate, clustered in product(
        sizes, designs, scores, rates, (False, True)
    ):
        for readings in numbers:
            plan = PopulationPlan(population, rate, auc, calibration, clustered)
            yield Cell(plan, design, readings, mix_for(calibration))


def study_cell(cell: Cell, replicates: int, seed: int) -> CellResult:
    """One cell, looked at again where its first run is not clearly good."""
    populations = int(np.clip(INCIDENTS_MADE // cell.plan.incidents, 5, 20))
    first = run_cell(cell, replicates, seed, populations)
    if first.of("offered").covered >= LOOK_AGAIN:
        return first
    return pooled(first, run_cell(cell, 4 * replicates, seed + 1, 4 * populations))
