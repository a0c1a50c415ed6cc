"""How often each test says what is not so, where it must not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from opencdi.estimation.arrays import Floats
from opencdi.estimation.binomial import wilson_limits
from opencdi.estimation.change import change_limits
from opencdi.estimation.funnel import ACT, LOOK, funnel
from opencdi.estimation.ranks import proven_higher
from opencdi.estimation.study.draw import without_replacement
from opencdi.estimation.study.population import PopulationPlan, make_population
from opencdi.estimation.threshold import log_betting_evidence, log_evidence_above

RISK = 0.05


@dataclass(frozen=True)
class Level:
    """The share of replicates with a wrong decision, its standard error, and the most it may be."""

    test: str
    case: str
    nominal: float
    wrong: float
    standard_error: float
    replicates: int

    @property
    def holds(self) -> bool:
        """Not above nominal by more than three standard errors of the simulation."""
        return self.wrong <= self.nominal + 3 * self.standard_error

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"holds": self.holds}


def all_levels(replicates: int, seed: int) -> list[Level]:
    """Every test at its boundary, at several nulls."""
    rng = np.random.default_rng(seed)
    found = []
    for threshold, population in ((0.95, 20_000), (0.95, 400), (0.90, 5_000), (0.80, 2_000)):
        found += threshold_levels(threshold, population, replicates, rng)
        found += cluster_threshold_levels(threshold, max(population, 2_000), replicates // 4, rng)
    for rate, first, second in ((0.9, 174, 138), (0.8, 1970, 1419), (0.98, 300, 300), (0.95, 100, 800)):
        found.append(change_level(rate, first, second, replicates * 10, rng))
    found += [ranking_level(43, 300, replicates, rng), *funnel_levels(43, 300, replicates, rng)]
    return found


def threshold_levels(
    threshold: float, population: int, replicates: int, rng: np.random.Generator
) -> list[Level]:
    """Continuous looking at a population exactly at the threshold: each wrong decision on its own."""
    right = round(threshold * population)
    read = min(population, 2_000)
    orders = without_replacement_in_order(population, read, replicates, rng)
    found = np.cumsum(orders < right, axis=1)
    looks = np.unique(np.geomspace(10, read, 150).astype(np.int64))
    at_looks = found[:, looks - 1].astype(np.int64)
    above = log_evidence_above(at_looks, looks, population, right / population)
    below = log_evidence_above(looks - at_looks, looks, population, 1 - right / population)
    case = f"rate exactly {threshold:g} of {population:,}, {looks.size} looks"
    return [
        _level(f"threshold: says {verdict}", case, (evidence >= -np.log(RISK)).any(axis=1))
        for verdict, evidence in (("above", above), ("below", below))
    ]


def cluster_threshold_levels(
    threshold: float, population: int, replicates: int, rng: np.random.Generator
) -> list[Level]:
    """The same for incidents of several crimes, by betting, at the population's own rate."""
    plan = PopulationPlan(population, 1 - threshold, clustered=True)
    made = make_population(plan, rng)
    read = min(population, 1_000)
    orders = without_replacement_in_order(population, read, replicates, rng)
    surplus = (made.required - made.unrecorded) - (1 - made.rate) * made.required
    lowest, highest = -(1 - made.rate) * 4, made.rate * 4
    case = f"clustered, rate exactly {1 - made.rate:.3f} of {population:,}, every look"
    result = []
    for verdict, values, least in (("above", surplus, lowest), ("below", -surplus, -highest)):
        evidence = np.concatenate(
            [log_betting_evidence(values[chunk], population, least) for chunk in np.array_split(orders, 50)]
        )
        result.append(_level(f"threshold: says {verdict}", case, (evidence >= -np.log(RISK)).any(axis=1)))
    return result


def change_level(rate: float, first: int, second: int, replicates: int, rng: np.random.Generator) -> Level:
    """Two audits of the same rate: how often a change is called proven."""
    a, b = rng.binomial(first, rate, replicates) / first, rng.binomial(second, rate, replicates) / second
    lower, upper = change_limits(a, wilson_limits(a, first), b, wilson_limits(b, second))
    case = f"both {100 * rate:g} %, {first:,} and {second:,} read"
    return _level("change between audits", case, (lower > 0) | (upper < 0))


def ranking_level(forces: int, readings: int, replicates: int, rng: np.random.Generator) -> Level:
    """Equal forces: how often any two are told apart."""
    wrong = np.array([_any_told_apart(forces, readings, rng) for _ in range(replicates)])
    return _level("ranks: any two told apart", f"{forces} equal forces, {readings} read in each", wrong)


def _any_told_apart(forces: int, readings: int, rng: np.random.Generator) -> bool:
    rates = rng.binomial(readings, 0.92, forces) / readings
    errors = np.full(forces, np.sqrt(0.92 * 0.08 / readings))
    return bool(proven_higher(rates, errors, RISK).any())


def funnel_levels(forces: int, readings: int, replicates: int, rng: np.random.Generator) -> list[Level]:
    """Equal forces: the share of forces outside each limit."""
    outside = np.zeros((replicates, 2))
    names = [f"force {number}" for number in range(forces)]
    for replicate in range(replicates):
        rates = rng.binomial(readings, 0.92, forces) / readings
        errors: Floats = np.full(forces, np.sqrt(0.92 * 0.08 / readings))
        stands = [force.stands for force in funnel(names, rates, errors).forces]
        outside[replicate] = (
            np.mean([each != "inside" for each in stands]),
            np.mean([each == "outside 99.8 %" for each in stands]),
        )
    case = f"{forces} equal forces, {readings} read in each"
    return [
        Level(
            f"funnel: outside {100 * limit:g} %",
            case,
            1 - limit,
            float(outside[:, place].mean()),
            float(outside[:, place].std(ddof=1) / np.sqrt(replicates)),
            replicates,
        )
        for place, limit in enumerate((LOOK, ACT))
    ]


def without_replacement_in_order(
    population: int, size: int, replicates: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Simple random samples in random order of reading, shape (replicates, size)."""
    drawn = without_replacement(population, size, replicates, rng)
    return np.asarray(rng.permuted(drawn, axis=1), dtype=np.int64)


def _level(test: str, case: str, wrong: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Level:
    share = float(wrong.mean())
    error = float(np.sqrt(max(share * (1 - share), RISK * (1 - RISK) / 4) / wrong.size))
    return Level(test, case, RISK, share, error, wrong.size)
