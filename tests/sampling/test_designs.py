"""Designs give every incident its chance, and a larger sample contains the smaller one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from opencdi.errors import UserError
from opencdi.sampling.allocation import neyman, proportional
from opencdi.sampling.selection import (
    pareto_probabilities,
    pareto_probabilities_at,
    pareto_sample,
    smallest_tickets,
)
from opencdi.sampling.strata import JOINED, Dimension, cross, form_strata, score_bands
from opencdi.sampling.tickets import Tickets, tickets

SIZES = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(lambda sizes: sum(sizes) > 0)


def drawn_for(count: int, seed: str = "seed") -> Tickets:
    return tickets(seed, "sample", ["s"] * count, [f"I{number:06d}" for number in range(count)])


@given(SIZES, st.data())
def test_an_allocation_sums_to_the_readings_and_never_passes_a_stratum(
    sizes: list[int], data: st.DataObject
) -> None:
    population = np.array(sizes)
    occupied = int(np.count_nonzero(population))
    readings = data.draw(st.integers(occupied, int(population.sum())))
    rates = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(sizes), max_size=len(sizes))))
    for allocation in (proportional(population, readings), neyman(population, rates, readings, minimum=1)):
        assert allocation.sum() == readings
        assert (allocation <= population).all()
        assert (allocation[population > 0] >= 1).all()


def test_neyman_reads_most_where_the_answer_is_least_certain() -> None:
    allocation = neyman(np.array([1000, 1000, 1000]), np.array([0.01, 0.5, 0.05]), 300)
    assert allocation[1] == allocation.max()
    assert allocation[0] == allocation.min() >= 10


def test_neyman_is_never_worse_than_proportional_when_the_rates_are_right() -> None:
    sizes, rates = np.array([8000, 1500, 500]), np.array([0.01, 0.1, 0.4])

    def variance(allocation: np.ndarray) -> float:
        return float((sizes**2 * rates * (1 - rates) / allocation).sum())

    assert variance(neyman(sizes, rates, 600, 0.0)) < variance(proportional(sizes, 600))


def test_more_readings_than_incidents_are_refused_in_a_sentence() -> None:
    with pytest.raises(UserError, match="only 30 incidents"):
        proportional(np.array([10, 20]), 31)


def test_too_few_readings_for_the_minimum_of_each_stratum_are_refused() -> None:
    with pytest.raises(UserError, match="its minimum"):
        proportional(np.array([100, 100]), 15, minimum=10)


@given(st.integers(2, 60), st.data())
def test_a_larger_stratified_sample_begins_with_the_smaller_one(count: int, data: st.DataObject) -> None:
    drawn = drawn_for(count)
    strata = np.array(data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    sizes = np.bincount(strata, minlength=3)
    small = np.array([data.draw(st.integers(0, int(size))) for size in sizes])
    large = np.array(
        [data.draw(st.integers(int(few), int(size))) for few, size in zip(small, sizes, strict=True)]
    )
    chosen = smallest_tickets(drawn, strata, small)
    more = smallest_tickets(drawn, strata, large)
    assert set(chosen) <= set(more)
    assert np.bincount(strata[more], minlength=3).tolist() == large.tolist()


def test_pareto_probabilities_sum_to_the_readings_and_leave_nobody_out() -> None:
    sizes = np.array([0.0, 0.1, 0.5, 30.0, 0.2, 0.0])
    probabilities = pareto_probabilities(sizes, 3)
    assert probabilities.sum() == pytest.approx(3)
    assert (probabilities > 0).all()
    assert probabilities[3] == 1


@given(st.integers(5, 80), st.data())
def test_a_larger_pareto_sample_begins_with_the_smaller_one(count: int, data: st.DataObject) -> None:
    sizes = np.array(data.draw(st.lists(st.floats(0.01, 1), min_size=count, max_size=count)))
    planned = pareto_probabilities(sizes, max(2, count // 5))
    drawn = drawn_for(count)
    small, large = pareto_sample(drawn, planned, 2), pareto_sample(drawn, planned, count // 2)
    assert large[: len(small)].tolist() == small.tolist()


def test_a_pareto_sample_includes_each_incident_as_often_as_planned() -> None:
    rng = np.random.default_rng(5)
    planned = pareto_probabilities(rng.uniform(0.02, 1, 60), 12)
    for readings in (12, 20):
        target = pareto_probabilities_at(planned, readings)
        assert target.sum() == pytest.approx(readings)
        counts = np.zeros(60)
        for replicate in range(3000):
            counts[pareto_sample(drawn_for(60, f"seed {replicate}"), planned, readings)] += 1
        z = (counts - 3000 * target) / np.sqrt(3000 * target * (1 - target) + 1e-9)
        assert np.abs(z).max() < 5
        assert stats.kstest(z, "norm").pvalue > 1e-4


def test_a_stratified_sample_includes_each_incident_equally_often() -> None:
    strata = np.array([0] * 20 + [1] * 40)
    counts = np.zeros(60)
    for replicate in range(2000):
        counts[smallest_tickets(drawn_for(60, f"seed {replicate}"), strata, np.array([5, 4]))] += 1
    target = np.where(strata == 0, 0.25, 0.1)
    z = (counts - 2000 * target) / np.sqrt(2000 * target * (1 - target))
    assert np.abs(z).max() < 4.5


def test_score_bands_follow_the_score_and_a_constant_score_gives_one() -> None:
    rng = np.random.default_rng(1)
    scores = rng.beta(0.5, 6, 10_000)
    bands = score_bands(scores, 5)
    assert set(bands) == {0, 1, 2, 3, 4}
    assert all(scores[bands == low].max() <= scores[bands == low + 1].min() for low in range(4))
    assert set(score_bands(np.full(100, 0.2), 5)) == {0}
    assert set(score_bands(np.zeros(100), 5)) == {0}


def test_small_cells_are_joined_along_the_named_dimensions_only() -> None:
    group = np.array([0] * 12 + [1] * 100)
    channel = np.array([0, 1] * 56)
    dimensions = [
        Dimension("channel", ["101", "999"], channel),
        Dimension("group", ["rape", "violence"], group),
    ]
    strata = form_strata(cross(dimensions), ["channel"], 10)
    assert strata.labels == ("101 / violence", "999 / violence", f"{JOINED} / rape")
    assert strata.sizes.tolist() == [50, 50, 12]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=80))
def test_every_incident_has_a_stratum_and_reported_groups_are_never_mixed(
    cells: list[tuple[int, int, int]],
) -> None:
    codes = np.array(cells)
    dimensions = [
        Dimension(name, list("wxyz"), codes[:, place]) for place, name in enumerate(("a", "b", "group"))
    ]
    strata = form_strata(cross(dimensions), ["a", "b"], 7)
    assert strata.sizes.sum() == len(cells)
    assert (strata.sizes > 0).all()
    for number in range(len(strata.labels)):
        assert len(set(codes[strata.number == number, 2])) == 1
