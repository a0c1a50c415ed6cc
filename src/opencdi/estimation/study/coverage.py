"""Coverage of every interval in one cell, with the simulation's own error."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from opencdi.estimation.arrays import Booleans, Floats, Ints
from opencdi.estimation.binomial import official_limits
from opencdi.estimation.effective import (
    degrees_of_freedom,
    korn_graubard_limits,
    t_wilson_limits,
)
from opencdi.estimation.offered import METHODS, Counts, Limits, offered_limits
from opencdi.estimation.ratio import Ratio, ratio
from opencdi.estimation.regression import regression_ratio
from opencdi.estimation.study.allocation import mixed_allocation, pareto_probabilities, score_strata
from opencdi.estimation.study.draw import Draws, pareto_draws, stratified_draws
from opencdi.estimation.study.population import Population, PopulationPlan, make_population

DesignName = Literal["simple", "strata", "pareto"]

STRATA = 10
LEAST_FOR_REGRESSION = 50
INCIDENTS_A_STRATUM = 20
"""Readings a score stratum needs on average; fewer readings make fewer strata."""


@dataclass(frozen=True)
class Cell:
    """One point of the grid: a population, a design and a number of readings.

    ``mix`` is the part of the allocation that ignores the score: 0.3 for a score that has been proven,
    0.5 for one that has not.
    """

    plan: PopulationPlan
    design: DesignName
    readings: int
    mix: float = 0.3

    @property
    def name(self) -> str:
        plan = self.plan
        parts = [self.design, f"n={self.readings}", f"N={plan.incidents}", f"rate={plan.rate:g}"]
        if self.design != "simple":
            parts += [f"AUC={plan.auc:g}", plan.calibration, f"mix={self.mix:g}"]
        return " ".join([*parts, "clustered" if plan.clustered else "single"])


@dataclass(frozen=True)
class Coverage:
    """How one interval did: the share of replicates that hold the truth, with its standard error.

    The error is that between finite populations, so that it holds what differs from one to the next.
    ``too_low`` is the share whose upper limit lies below the truth (the force looks better than it is);
    ``half_width`` the mean, in points of the share of crimes not recorded.
    """

    interval: str
    covered: float
    standard_error: float
    too_low: float
    too_high: float
    half_width: float
    replicates: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class CellResult:
    """One cell's coverage by interval, and which methods the offered one used."""

    cell: Cell
    coverages: tuple[Coverage, ...]
    methods: dict[str, float]

    def of(self, interval: str) -> Coverage:
        return next(each for each in self.coverages if each.interval == interval)


INTERVALS = ("offered", "t-Wilson", "Korn-Graubard", "Wald", "official-style")


@dataclass(frozen=True)
class _Outcome:
    limits: dict[str, tuple[Floats, Floats]]
    truth: float
    method: Ints


def run_cell(cell: Cell, replicates: int, seed: int, populations: int = 20) -> CellResult:
    """Simulate one cell: ``replicates`` draws spread over ``populations`` finite populations."""
    rng = np.random.default_rng([seed, *cell.name.encode()])
    outcomes = [_one_population(cell, max(1, replicates // populations), rng) for _ in range(populations)]
    methods = np.concatenate([outcome.method for outcome in outcomes])
    used = np.bincount(methods, minlength=len(METHODS)) / methods.size
    return CellResult(
        cell,
        tuple(_coverage(interval, outcomes) for interval in INTERVALS),
        {name: float(share) for name, share in zip(METHODS, used, strict=True) if share > 0},
    )


def pooled(first: CellResult, second: CellResult) -> CellResult:
    """Two runs of one cell as one, each weighted by its replicates."""
    return CellResult(
        first.cell,
        tuple(_pooled(a, b) for a, b in zip(first.coverages, second.coverages, strict=True)),
        {
            name: _weighted(first, second, first.methods.get(name, 0.0), second.methods.get(name, 0.0))
            for name in sorted({*first.methods, *second.methods})
        },
    )


def draw_cell(cell: Cell, population: Population, replicates: int, rng: np.random.Generator) -> Draws:
    """``replicates`` samples of one population under the cell's design."""
    if cell.design == "simple":
        everyone = np.arange(population.score.size)
        return stratified_draws([everyone], np.array([cell.readings]), replicates, rng)
    if cell.design == "strata":
        count = int(np.clip(cell.readings // INCIDENTS_A_STRATUM, 2, STRATA))
        members = score_strata(population.score, count)
        sizes = mixed_allocation(population.score, members, cell.readings, cell.mix)
        return stratified_draws(members, sizes, replicates, rng)
    probability = pareto_probabilities(population.score, cell.readings, cell.mix)
    return pareto_draws(probability, cell.readings, replicates, rng)


def estimated(cell: Cell, population: Population, draws: Draws) -> tuple[Ratio, Counts]:
    """The share of crimes *not* recorded in each replicate, by the estimator an audit would use."""
    numerator, denominator = population.unrecorded[draws.units], population.required[draws.units]
    weight = np.broadcast_to(1 / draws.probability, numerator.shape)
    design = (weight, draws.probability, draws.stratum)
    counts = Counts.of(numerator, denominator, draws.probability)
    if cell.design == "simple" or cell.readings < LEAST_FOR_REGRESSION:
        return ratio(numerator, denominator, *design), counts
    score, counted = population.score, population.counted
    known = np.stack([np.ones(score.size), score, counted, score * counted], axis=-1)
    if not cell.plan.clustered:
        known = known[:, :2]
    return regression_ratio(numerator, denominator, *design, known[draws.units], known.sum(axis=0)), counts


def offered_in(cell: Cell, found: Ratio, counts: Counts, draws: Draws) -> Limits:
    """The limits an audit would be offered in each replicate."""
    weight = np.broadcast_to(1 / draws.probability, found.shares.shape)
    return offered_limits(found, counts, weight, draws.probability, draws.stratum, cell.plan.incidents)


def _one_population(cell: Cell, replicates: int, rng: np.random.Generator) -> _Outcome:
    population = make_population(cell.plan, rng)
    draws = draw_cell(cell, population, replicates, rng)
    found, counts = estimated(cell, population, draws)
    offered = offered_in(cell, found, counts, draws)
    share = np.clip(found.estimate, 0.0, 1.0)
    freedom = np.nan_to_num(degrees_of_freedom(found.shares), nan=1.0)
    design_freedom = np.full_like(share, cell.readings - len(np.unique(draws.stratum)))
    trials = np.maximum(counts.denominator, 2.0)
    half = 1.96 * np.sqrt(found.variance)
    limits = {
        "offered": (offered.lower, offered.upper),
        "t-Wilson": t_wilson_limits(share, found.variance, freedom),
        "Korn-Graubard": korn_graubard_limits(share, found.variance, trials, design_freedom),
        "Wald": (share - half, share + half),
        "official-style": official_limits(share, trials),
    }
    return _Outcome(limits, population.rate, offered.method)


def _coverage(interval: str, outcomes: list[_Outcome]) -> Coverage:
    held, low, high, widths = [], [], [], []
    for outcome in outcomes:
        lower, upper = (np.nan_to_num(each, nan=outcome.truth + 1) for each in outcome.limits[interval])
        too_low: Booleans = upper < outcome.truth - 1e-12
        too_high: Booleans = lower > outcome.truth + 1e-12
        held.append(1 - np.mean(too_low | too_high))
        low.append(np.mean(too_low))
        high.append(np.mean(too_high & ~too_low))
        width = outcome.limits[interval][1] - outcome.limits[interval][0]
        widths.append(width[np.isfinite(width)] / 2)
    replicates = sum(outcome.method.size for outcome in outcomes)
    between = float(np.std(held, ddof=1) / np.sqrt(len(held))) if len(held) > 1 else 0.0
    covered = float(np.mean(held))
    binomial = float(np.sqrt(covered * (1 - covered) / replicates))
    return Coverage(
        interval,
        covered,
        max(between, binomial),
        float(np.mean(low)),
        float(np.mean(high)),
        float(np.concatenate(widths).mean()) if any(each.size for each in widths) else float("nan"),
        replicates,
    )


def _pooled(first: Coverage, second: Coverage) -> Coverage:
    total = first.replicates + second.replicates
    a, b = first.replicates / total, second.replicates / total
    return Coverage(
        first.interval,
        a * first.covered + b * second.covered,
        float(np.hypot(a * first.standard_error, b * second.standard_error)),
        a * first.too_low + b * second.too_low,
        a * first.too_high + b * second.too_high,
        a * first.half_width + b * second.half_width,
        total,
    )


def _weighted(first: CellResult, second: CellResult, a: float, b: float) -> float:
    one, two = first.coverages[0].replicates, second.coverages[0].replicates
    return (one * a + two * b) / (one + two)
