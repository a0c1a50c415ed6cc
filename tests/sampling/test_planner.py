"""The planner promises what a draw then gives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from opencdi.sampling.allocation import neyman, proportional
from opencdi.sampling.planner import (
    Population,
    inspectorate_crimes,
    pareto_precision,
    readings_law,
    stratified_precision,
)
from opencdi.sampling.selection import pareto_probabilities, pareto_sample, smallest_tickets
from opencdi.sampling.strata import score_bands
from opencdi.sampling.tickets import tickets

INCIDENTS = 4000
REPLICATES = 400
IDS = [f"{number:05d}" for number in range(INCIDENTS)]


@pytest.fixture(scope="module")
def population() -> Population:
    rng = np.random.default_rng(11)
    score = rng.beta(0.4, 3.0, INCIDENTS)
    members = rng.random(INCIDENTS) < 0.3
    groups = {"all": np.ones(INCIDENTS, dtype=bool), "some": members}
    required = rng.integers(1, 3, INCIDENTS).astype(float)
    return Population(score_bands(score, 4), required, score, groups)


def missing_crimes(population: Population, rng: np.random.Generator) -> NDArray[np.float64]:
    """Missing crimes of each incident; two crimes of one incident agree as the planner assumes."""
    together = rng.random(INCIDENTS) < 0.3
    first = rng.random(INCIDENTS) < population.score
    second = np.where(together, first, rng.random(INCIDENTS) < population.score)
    return first + np.where(population.required > 1, second, 0)


def spread_of_estimates(population: Population, design: str, members: NDArray[np.bool_]) -> float:
    rng = np.random.default_rng(12)
    errors = []
    sizes = np.bincount(population.stratum)
    allocation = neyman(sizes, np.bincount(population.stratum, population.score) / sizes, 500)
    probabilities = pareto_probabilities(np.sqrt(population.score * (1 - population.score)), 500)
    for replicate in range(REPLICATES):
        missing = missing_crimes(population, rng)
        truth = missing[members].sum() / population.required[members].sum()
        drawn = tickets(f"{replicate}", "sample", ["s"] * INCIDENTS, IDS)
        if design == "pareto":
            chosen = pareto_sample(drawn, probabilities, 500)
            weight = 1 / probabilities[chosen]
        else:
            chosen = smallest_tickets(drawn, population.stratum, allocation)
            weight = (sizes / allocation)[population.stratum[chosen]]
        inside = members[chosen]
        top = (weight * missing[chosen])[inside].sum()
        errors.append(top / (weight * population.required[chosen])[inside].sum() - truth)
    return float(np.std(errors))


@pytest.mark.parametrize("group", ["all", "some"])
@pytest.mark.parametrize("design", ["neyman", "pareto"])
def test_the_promised_half_width_is_the_one_a_draw_gives(
    population: Population, design: str, group: str
) -> None:
    sizes = np.bincount(population.stratum)
    rates = np.bincount(population.stratum, population.score) / sizes
    if design == "neyman":
        promised = stratified_precision(population, neyman(sizes, rates, 500), design)
    else:
        size = np.sqrt(population.score * (1 - population.score))
        promised = pareto_precision(population, pareto_probabilities(size, 500))
    half_width = next(each.half_width for each in promised if each.group == group)
    found = 1.96 * spread_of_estimates(population, design, population.groups[group])
    assert half_width == pytest.approx(found, rel=0.12)


def test_a_good_score_makes_neyman_better_than_proportional_and_that_than_simple(
    population: Population,
) -> None:
    sizes = np.bincount(population.stratum)
    rates = np.bincount(population.stratum, population.score) / sizes
    effects = [
        stratified_precision(population, allocation, "any")[0].design_effect
        for allocation in (proportional(sizes, 500), neyman(sizes, rates, 500))
    ]
    assert effects[1] < effects[0] < 1


def test_reading_everything_leaves_no_error(population: Population) -> None:
    sizes = np.bincount(population.stratum)
    assert all(each.half_width == 0 for each in stratified_precision(population, sizes, "census"))


def test_the_published_thames_valley_interval_needs_the_published_number_of_crimes() -> None:
    assert inspectorate_crimes(0.804, 0.0175) == pytest.approx(1970, abs=10)


@pytest.mark.parametrize(("auc", "ratio"), [(0.8, 0.70), (0.85, 0.58), (0.9, 0.44), (0.95, 0.26), (0.5, 1.0)])
def test_the_law_of_readings_is_the_published_table(auc: float, ratio: float) -> None:
    assert readings_law(auc) == pytest.approx(ratio, abs=0.005)
