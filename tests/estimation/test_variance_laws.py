"""The variance formula's invariances, and its mean over all samples."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from opencdi.estimation.effective import degrees_of_freedom
from opencdi.estimation.gamma import gamma_limits, mid_p_gamma_limits
from opencdi.estimation.offered import Counts, offered_limits
from opencdi.estimation.rate import estimate_rate
from opencdi.estimation.ratio import ratio, total
from opencdi.estimation.sample import Reading, Sample, Stratum
from opencdi.estimation.variance import contributions

OUTCOMES = arrays(np.float64, 12, elements=st.sampled_from([0.0, 1.0, 2.0]))
STRATUM = np.repeat([0, 1], 6)
FRACTION = np.repeat([0.2, 0.5], 6)


def test_the_variance_estimate_is_right_on_average_over_every_sample() -> None:
    values = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0])
    samples = np.array(list(combinations(range(7), 3)))
    fraction, stratum = np.full(3, 3 / 7), np.zeros(3, dtype=np.int64)
    totals, variances = total(values[samples], 1 / fraction, fraction, stratum)
    assert totals.mean() == pytest.approx(values.sum())
    assert variances.mean() == pytest.approx(totals.var())


@settings(deadline=None)
@given(OUTCOMES, st.permutations(range(6)))
def test_order_and_names_within_a_stratum_do_not_matter(values: np.ndarray, order: list[int]) -> None:
    moved = np.concatenate([values[:6][order], values[6:]])
    one = contributions(values, FRACTION, STRATUM).sum()
    assert contributions(moved, FRACTION, STRATUM).sum() == pytest.approx(one)


@settings(deadline=None)
@given(OUTCOMES)
def test_reading_everything_leaves_no_variance_and_replacement_leaves_more(values: np.ndarray) -> None:
    assert contributions(values, np.ones(12), STRATUM).sum() == 0
    without = contributions(values, FRACTION, STRATUM).sum()
    assert contributions(values, np.zeros(12), STRATUM).sum() >= without


def test_a_vanishing_fraction_is_no_correction_at_all() -> None:
    values = np.arange(12.0)
    tiny, none = np.full(12, 1e-12), np.zeros(12)
    assert contributions(values, tiny, STRATUM).sum() == pytest.approx(
        contributions(values, none, STRATUM).sum()
    )


def test_replicates_on_a_leading_axis_give_what_each_gives_alone() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, (5, 12)).astype(float)
    m = np.ones((5, 12))
    together = ratio(y, m, 1 / FRACTION, FRACTION, STRATUM)
    for row in range(5):
        alone = ratio(y[row], m[row], 1 / FRACTION, FRACTION, STRATUM)
        assert float(alone.variance) == pytest.approx(float(together.variance[row]))


def test_a_certain_incident_among_uncertain_ones_adds_nothing() -> None:
    values, fraction = np.array([9.0, 1.0, 2.0, 3.0]), np.array([1.0, 0.3, 0.3, 0.3])
    found = contributions(values, fraction, np.zeros(4, dtype=np.int64))
    rest = contributions(values[1:], fraction[1:], np.zeros(3, dtype=np.int64))
    assert found[0] == 0
    assert found.sum() == pytest.approx(rest.sum())


@settings(deadline=None)
@given(st.floats(0.1, 10), st.integers(1, 30))
def test_degrees_of_freedom_do_not_depend_on_scale(scale: float, count: int) -> None:
    shares = np.linspace(1, 2, count)
    assert float(degrees_of_freedom(scale * shares)) == pytest.approx(float(degrees_of_freedom(shares)))
    assert float(degrees_of_freedom(np.ones(count))) == pytest.approx(2 * count)


@settings(deadline=None)
@given(st.integers(0, 20), st.integers(100, 1000))
def test_with_equal_weights_gamma_limits_are_garwoods(events: int, trials: int) -> None:
    from scipy.stats import chi2

    share, unseen = np.asarray(events / trials), np.asarray(1 / trials)
    lower, upper = gamma_limits(
        share, np.asarray(events / trials**2), unseen, np.asarray(float(events)), unseen
    )
    assert float(upper) == pytest.approx(chi2.ppf(0.975, 2 * events + 2) / 2 / trials)
    assert float(lower) == pytest.approx(chi2.ppf(0.025, 2 * events) / 2 / trials if events else 0.0)
    middle = mid_p_gamma_limits(share, np.asarray(events / trials**2), unseen)
    assert float(lower) - 1e-9 <= float(middle[0]) <= float(share) <= float(middle[1]) <= float(upper) + 1e-9


def stratified(population: int, drawn: int) -> Sample:
    return Sample(
        tuple(f"I{number}" for number in range(2 * drawn)),
        np.repeat([0, 1], drawn),
        np.repeat([drawn / population, drawn / (9 * population)], drawn),
        (Stratum("a", population, drawn), Stratum("b", 9 * population, drawn)),
    )


@settings(deadline=None, max_examples=60)
@given(arrays(np.float64, 80, elements=st.sampled_from([0.0, 1.0])))
def test_the_offered_interval_holds_the_estimate_and_mirrors(numerator: np.ndarray) -> None:
    sample = stratified(1000, 40)
    found = estimate_rate(sample, Reading.complete(numerator, np.ones(80)))
    turned = estimate_rate(sample, Reading.complete(1 - numerator, np.ones(80)))
    assert found.estimate is not None and found.interval is not None and turned.interval is not None
    assert 0 <= found.interval.lower <= found.estimate <= found.interval.upper <= 1
    assert found.interval.lower == pytest.approx(1 - turned.interval.upper, abs=1e-9)


def test_no_error_in_unequal_strata_allows_for_one_in_the_thinnest() -> None:
    sample = stratified(1000, 40)
    found = estimate_rate(sample, Reading.complete(np.zeros(80), np.ones(80)))
    assert found.interval is not None and found.interval.method == "gamma"
    mean_weight = np.sum(sample.weight * (sample.weight - 1)) / sample.weight.sum()
    assert found.interval.upper == pytest.approx(3.6889 * mean_weight / 10_000, rel=1e-4)


def test_a_score_helps_the_interval_and_not_only_the_estimate() -> None:
    rng = np.random.default_rng(9)
    score = rng.uniform(0, 1, 400)
    outcome = (rng.uniform(0, 1, 400) < score).astype(float)
    incidents, stratum = tuple(map(str, range(400))), np.zeros(400, dtype=np.int64)
    plain = Sample(incidents, stratum, np.full(400, 0.01), (Stratum("all", 40_000, 400),))
    helped = Sample(incidents, stratum, np.full(400, 0.01), (Stratum("all", 40_000, 400, 20_000.0),), score)
    reading = Reading.complete(outcome, np.ones(400))
    one, two = estimate_rate(plain, reading), estimate_rate(helped, reading)
    assert one.interval is not None and two.interval is not None
    assert two.interval.half_width < 0.9 * one.interval.half_width
    assert two.interval.method == "t-Wilson" and one.interval.method == "Wilson"


def test_a_constant_score_changes_nothing() -> None:
    rng = np.random.default_rng(10)
    outcome = (rng.uniform(size=100) < 0.3).astype(float)
    incidents, stratum = tuple(map(str, range(100))), np.zeros(100, dtype=np.int64)
    constant = Sample(
        incidents, stratum, np.full(100, 0.01), (Stratum("all", 10_000, 100, 5000.0),), np.full(100, 0.5)
    )
    found = estimate_rate(constant, Reading.complete(outcome, np.ones(100)))
    assert found.estimate == pytest.approx(outcome.mean())


def test_limits_are_nothing_to_all_where_no_crime_was_read() -> None:
    nothing = np.zeros(5)
    found = ratio(nothing, nothing, np.full(5, 2.0), np.full(5, 0.5), np.zeros(5, dtype=np.int64))
    limits = offered_limits(
        found,
        Counts.of(nothing, nothing, np.full(5, 0.5)),
        np.full(5, 2.0),
        np.full(5, 0.5),
        np.zeros(5, dtype=np.int64),
        10,
    )
    assert (float(limits.lower), float(limits.upper)) == (0.0, 1.0)


def test_errors_found_where_all_was_read_are_known_and_only_the_rest_is_uncertain() -> None:
    sample = Sample(
        tuple(f"I{number}" for number in range(130)),
        np.repeat([0, 1], [50, 80]),
        np.repeat([1.0, 0.01], [50, 80]),
        (Stratum("rape", 50, 50), Stratum("other", 8000, 80)),
    )
    errors = np.zeros(130)
    errors[:30] = 1
    found = estimate_rate(sample, Reading.complete(errors, np.ones(130)))
    assert found.interval is not None and found.interval.method == "gamma"
    assert found.interval.lower == pytest.approx(30 / 8050)
    mean_weight = np.sum(sample.weight * (sample.weight - 1)) / sample.weight.sum()
    assert found.interval.upper == pytest.approx((30 + 3.6889 * mean_weight) / 8050, rel=1e-4)
