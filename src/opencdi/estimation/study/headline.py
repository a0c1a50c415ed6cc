"""Readings needed for a wanted half-width, as a ratio to simple random sampling.

Both sides use the interval an audit would be offered, and the wanted half-width is met on average over
draws and populations. Each repeat solves both sides anew with its own populations and draws; the error
bar is that between repeats.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from opencdi.estimation.study.coverage import Cell, run_cell
from opencdi.estimation.study.population import PopulationPlan

INCIDENTS = 50_000
POPULATIONS = 8
"""Finite populations behind each half-width tried."""


@dataclass(frozen=True)
class Target:
    """A rate, a half-width in shares, and the most readings allowed as a ratio to a simple sample."""

    rate: float
    half_width: float
    at_most: float


TARGETS = (Target(0.10, 0.015, 0.51), Target(0.03, 0.010, 0.55), Target(0.01, 0.005, 0.64))


@dataclass(frozen=True)
class Headline:
    """``ratio`` = ``readings`` / ``simple_readings``, with the standard error between repeats, and the
    coverage of the assisted design at its readings, with its own."""

    target: Target
    design: str
    auc: float
    clustered: bool
    readings: float
    simple_readings: float
    ratio: float
    standard_error: float
    coverage: float
    coverage_error: float
    simple_coverage: float
    law: float

    @property
    def holds(self) -> bool:
        """The ratio is within what was allowed and the coverage at least 94 %, both less one error bar."""
        return (
            self.ratio - self.standard_error <= self.target.at_most
            and self.coverage + self.coverage_error >= 0.94
        )

    def to_dict(self) -> dict[str, Any]:
        row = asdict(self)
        target: dict[str, Any] = row.pop("target")
        return target | row | {"holds": self.holds}


def readings_law(auc: float) -> float:
    """exp(-z²/2), z = Φ⁻¹(AUC): what the best use of a calibrated binormal score needs, whatever the rate."""
    return float(np.exp(-(ndtri(auc) ** 2) / 2))


def headline(target: Target, cell: Cell, repeats: int = 6, replicates: int = 300, seed: int = 1) -> Headline:
    """Solve for the readings of ``cell``'s design and of a simple sample of the same populations."""
    simple = replace(cell, design="simple")
    rows = []
    for repeat in range(repeats):
        assisted_readings = readings_for(target.half_width, cell, replicates, seed + 1000 * repeat)
        simple_readings = readings_for(target.half_width, simple, replicates, seed + 1000 * repeat)
        rows.append((assisted_readings, simple_readings, assisted_readings / simple_readings))
    readings, reference, ratio = np.mean(rows, axis=0)
    error = float(np.std([row[2] for row in rows], ddof=1) / np.sqrt(repeats))
    shown = run_cell(replace(cell, readings=round(readings)), 10 * replicates, seed + 77, 40).of("offered")
    plain = run_cell(replace(simple, readings=round(reference)), 10 * replicates, seed + 78, 40).of("offered")
    return Headline(
        target,
        cell.design,
        cell.plan.auc,
        cell.plan.clustered,
        float(readings),
        float(reference),
        float(ratio),
        error,
        shown.covered,
        shown.standard_error,
        plain.covered,
        readings_law(cell.plan.auc),
    )


def readings_for(half_width: float, cell: Cell, replicates: int, seed: int) -> float:
    """The readings at which the design's mean half-width equals ``half_width``.

    The half-width falls nearly as a power of the readings, so each step moves along the local power law.
    """
    readings, power = 800.0, -0.5
    widths: dict[int, float] = {}
    for step in range(6):
        count = round(readings)
        tried = run_cell(replace(cell, readings=count), replicates, seed + step, POPULATIONS)
        widths[count] = tried.of("offered").half_width
        if len(widths) > 1:
            power = _local_power(widths)
        following = float(np.clip(count * (half_width / widths[count]) ** (1 / power), 100, 20_000))
        if abs(following / readings - 1) < 0.004:
            return following
        readings = following
    return readings


def _local_power(widths: dict[int, float]) -> float:
    sizes = np.log(np.array(list(widths)))
    if np.ptp(sizes) < 0.05:
        return -0.5
    slope = np.polyfit(sizes, np.log(np.array(list(widths.values()))), 1)[0]
    return float(np.clip(slope, -0.9, -0.35))


def headline_cells() -> list[tuple[Target, Cell]]:
    """The targets for both designs, in a population of one crime an incident and a clustered one."""
    return [
        (target, Cell(PopulationPlan(INCIDENTS, target.rate, 0.9, "calibrated", clustered), design, 800))
        for target in TARGETS
        for clustered in (False, True)
        for design in ("strata", "pareto")
    ]


def headline_of(case: tuple[Target, Cell], repeats: int, seed: int) -> Headline:
    """One of ``headline_cells``, solved."""
    target, cell = case
    return headline(target, cell, repeats, seed=seed)
