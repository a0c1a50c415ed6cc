"""Intervals for counts equal published tables, brute force and published recording rates."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from opencdi.estimation.attribute import poisson_upper_limit, sample_size, upper_limit
from opencdi.estimation.binomial import clopper_pearson_limits, official_limits, wilson_limits
from opencdi.estimation.hypergeometric import hypergeometric_limits

Rows = Callable[[str], list[dict[str, str]]]
TABLES = "audit-sampling-vectors/"

FLOATING_CELLS = {
    ("0.01", "0.09", "0.07"),
    ("0.01", "0.15", "0.07"),
    ("0.1", "0.1", "0.0975"),
}
"""The cells, of those tried, whose source counted a whole number of expected deviations one too high
(3.5 % of 400 as 14.000000000000002), or took a whole population for all but one of it."""


def rounded_up(share: float) -> float:
    return math.ceil(share * 1000 - 1e-9) / 10


@pytest.mark.shared_data
def test_upper_limits_equal_the_attribute_sampling_tables(shared_rows: Rows) -> None:
    checked = 0
    for row in shared_rows(TABLES + "attribute_sampling_tables.csv"):
        if row["kind"] != "upper_limit_percent" or int(row["n"]) % 3:
            continue
        deviations, trials, risk = int(row["deviations"]), int(row["n"]), float(row["risk"])
        if row["distribution"] == "poisson":
            limit = poisson_upper_limit(deviations, trials, risk)
        else:
            population = int(row["population"]) if row["population"] else None
            limit = upper_limit(deviations, trials, risk, population)
        assert float(row["value"]) in (rounded_up(limit), round(100 * limit, 1)), row
        checked += 1
    assert checked > 1000


@pytest.mark.shared_data
def test_the_accountants_tables_come_out(shared_rows: Rows) -> None:
    differing = []
    for row in shared_rows(TABLES + "aicpa_2017_appendix_a.csv"):
        risk = float(row["risk"])
        if row["kind"] == "upper_limit_percent":
            found: float | None = rounded_up(upper_limit(int(row["deviations"]), int(row["n"]), risk))
        else:
            found = sample_size(
                float(row["tolerable_percent"]) / 100, float(row["expected_percent"]) / 100, risk
            )
        if found != float(row["value"]):
            differing.append((row["table"], row["tolerable_percent"], row["expected_percent"], found))
    assert differing == [("A-2", "5", "3.5", 400), ("A-2", "8", "7", 1300)]


@pytest.mark.shared_data
def test_sample_sizes_equal_the_attribute_sampling_tables(shared_rows: Rows) -> None:
    differing = []
    rows = [
        row
        for row in shared_rows(TABLES + "attribute_sampling_tables.csv")
        if row["kind"] == "sample_size" and row["distribution"] != "poisson"
    ]
    for row in rows[::7]:
        population = int(row["population"]) if row["population"] else None
        if population and row["tolerable_rate"] == "0.06":
            continue  # The source took 6 % of the population plus one: a floating-point slip.
        tolerable, expected = float(row["tolerable_rate"]), float(row["expected_rate"])
        if sample_size(tolerable, expected, float(row["risk"]), population) != int(row["value"]):
            differing.append((row["risk"], row["tolerable_rate"], row["expected_rate"]))
    assert set(differing) == FLOATING_CELLS


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.data())
def test_hypergeometric_limits_equal_brute_force(population: int, data: st.DataObject) -> None:
    trials = data.draw(st.integers(1, population))
    successes = data.draw(st.integers(0, trials))
    counts = np.arange(population + 1)
    plausible = (hypergeom.cdf(successes, population, counts, trials) > 0.025 * (1 + 1e-12)) & (
        hypergeom.sf(successes - 1, population, counts, trials) > 0.025 * (1 + 1e-12)
    )
    lower, upper = hypergeometric_limits(successes, trials, population)
    assert float(lower) == pytest.approx(counts[plausible].min() / population)
    assert float(upper) == pytest.approx(counts[plausible].max() / population)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 500), st.data())
def test_a_census_has_zero_width_and_a_huge_population_is_binomial(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    lower, upper = hypergeometric_limits(successes, trials, trials)
    assert float(lower) == float(upper) == successes / trials
    exact = hypergeometric_limits(successes, trials, 50_000_000)
    assert [float(each) for each in exact] == pytest.approx(
        [float(each) for each in clopper_pearson_limits(successes, trials)], abs=2e-4
    )


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 2000), st.data())
def test_swapping_success_and_failure_mirrors_the_interval(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    for limits in (
        wilson_limits(successes / trials, trials),
        clopper_pearson_limits(successes, trials),
        official_limits(successes / trials, trials),
    ):
        assert 0 <= float(limits[0]) <= successes / trials <= float(limits[1]) <= 1
    lower, upper = clopper_pearson_limits(successes, trials)
    mirrored = clopper_pearson_limits(trials - successes, trials)
    assert (float(lower), float(upper)) == pytest.approx((1 - float(mirrored[1]), 1 - float(mirrored[0])))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 2000), st.data())
def test_a_higher_confidence_gives_a_wider_interval(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    narrow = clopper_pearson_limits(successes, trials, 0.9)
    wide = clopper_pearson_limits(successes, trials, 0.95)
    assert float(wide[0]) <= float(narrow[0]) and float(narrow[1]) <= float(wide[1])


def test_thames_valley_2017_is_published_to_the_hundredth() -> None:
    lower, upper = official_limits(0.804, 1970)
    assert round(100 * float(upper - lower) / 2, 2) == 1.75


@pytest.mark.parametrize(
    ("rate", "published", "crimes"),
    [
        (0.8416, 2.07, 1195), (0.8137, 3.23, 558), (0.9272, 1.56, 1066), (0.909, 1.62, 1211),
        (0.692, 3.35, 730), (0.801, 1.86, 1770), (0.749, 3.38, 632), (0.812, 1.93, 1574),
        (0.727, 3.30, 700), (0.834, 1.86, 1537), (0.873, 1.80, 1315), (0.895, 1.64, 1342),
        (0.904, 1.49, 1502), (0.913, 1.43, 1492), (0.905, 1.64, 1228), (0.931, 1.68, 874), (0.946, 1.64, 730),
    ],
)  # fmt: skip
def test_published_half_widths_follow_from_their_sizes(rate: float, published: float, crimes: int) -> None:
    lower, upper = official_limits(rate, crimes)
    assert 100 * float(upper - lower) / 2 == pytest.approx(published, abs=0.006)


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [(126, 138, 85.4, 95.0), (289, 379, 71.7, 80.3)],
)
def test_the_seed_storys_intervals(successes: int, trials: int, lower: float, upper: float) -> None:
    found = wilson_limits(successes / trials, trials)
    assert [round(100 * float(each), 1) for each in found] == [lower, upper]
