"""The small grid: the interval offered holds the truth as often as it says, in every cell.

Pre-registered: 93 % less 2 points, three standard errors of 1,000 draws; the seed is fixed and not chosen.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from opencdi.estimation.study.allocation import mixed_allocation, pareto_probabilities, score_strata
from opencdi.estimation.study.coverage import Cell, run_cell
from opencdi.estimation.study.draw import pareto_draws, stratified_draws
from opencdi.estimation.study.grid import FLOOR, SMALL_TOLERANCE, grid
from opencdi.estimation.study.headline import readings_law
from opencdi.estimation.study.population import PopulationPlan, make_population


@pytest.mark.slow
def test_no_cell_of_the_small_grid_falls_below_the_floor() -> None:
    for cell in grid("small"):
        found = run_cell(cell, 1000, 20261123).of("offered")
        assert found.covered >= FLOOR - SMALL_TOLERANCE, (cell.name, found)


def test_the_simple_interval_is_seen_to_fail_where_errors_are_rare() -> None:
    found = run_cell(Cell(PopulationPlan(50_000, 0.01), "simple", 100), 1000, 1)
    assert found.of("Wald").covered < 0.75
    assert found.of("offered").covered > 0.93


def test_the_same_seed_gives_the_same_figures() -> None:
    cell = Cell(PopulationPlan(5_000, 0.05), "strata", 200)
    assert run_cell(cell, 100, 5) == run_cell(cell, 100, 5)


def test_a_cell_of_two_thousand_draws_takes_well_under_thirty_seconds() -> None:
    started = time.process_time()
    run_cell(Cell(PopulationPlan(50_000, 0.10, clustered=True), "strata", 700), 2000, 1)
    assert time.process_time() - started < 30


@pytest.mark.parametrize("auc", [0.80, 0.90, 0.95])
def test_the_planning_law_is_the_printed_one(auc: float) -> None:
    assert round(readings_law(auc), 2) == {0.80: 0.70, 0.90: 0.44, 0.95: 0.26}[auc]


def test_a_made_up_population_has_the_rate_and_the_score_it_was_asked_for() -> None:
    made = make_population(PopulationPlan(100_000, 0.10, 0.90, clustered=True), np.random.default_rng(2))
    assert made.rate == pytest.approx(0.10, abs=0.004)
    bad, good = made.score[made.unrecorded > 0], made.score[made.unrecorded == 0]
    rng = np.random.default_rng(3)
    wins = rng.choice(bad, 50_000) > rng.choice(good, 50_000)
    assert wins.mean() == pytest.approx(0.90, abs=0.01)
    assert made.score.mean() == pytest.approx(len(bad) / 100_000, abs=0.004)


def test_pareto_draws_have_the_probabilities_they_state() -> None:
    rng = np.random.default_rng(4)
    probability = pareto_probabilities(rng.beta(0.3, 3, 400), 60, 0.3)
    units = pareto_draws(probability, 60, 20_000, rng).units
    seen = np.bincount(units.ravel(), minlength=400) / 20_000
    assert np.abs(seen - probability).max() < 0.02
    assert all(len(set(row)) == 60 for row in units[:200].tolist())


def test_stratified_draws_take_what_was_allocated_from_each_stratum() -> None:
    rng = np.random.default_rng(5)
    score = rng.beta(0.3, 3, 5000)
    members = score_strata(score, 10)
    sizes = mixed_allocation(score, members, 300, 0.3)
    draws = stratified_draws(members, sizes, 50, rng)
    assert sizes.sum() == 300 and draws.units.shape == (50, 300)
    for label, member in enumerate(members):
        drawn = draws.units[:, draws.stratum == label]
        assert np.isin(drawn, member).all()
        assert all(len(set(row)) == sizes[label] for row in drawn.tolist())
