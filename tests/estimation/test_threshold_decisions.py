"""A threshold may be looked at many times: wrong decisions stay below the risk, right ones come."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from opencdi.errors import UserError
from opencdi.estimation.study.levels import change_level, cluster_threshold_levels, threshold_levels
from opencdi.estimation.threshold import decide, decide_clusters, log_evidence_above


@pytest.mark.parametrize(("threshold", "population"), [(0.95, 400), (0.80, 1000)])
def test_wrong_decisions_at_the_boundary_stay_below_the_risk(threshold: float, population: int) -> None:
    for level in threshold_levels(threshold, population, 150, np.random.default_rng(1)):
        assert level.holds, level


def test_incidents_of_several_crimes_keep_the_risk_too() -> None:
    for level in cluster_threshold_levels(0.9, 2000, 120, np.random.default_rng(2)):
        assert level.holds, level


@pytest.mark.parametrize(("rate", "first", "second"), [(0.9, 174, 138), (0.98, 300, 300)])
def test_a_change_is_rarely_proven_where_there_is_none(rate: float, first: int, second: int) -> None:
    assert change_level(rate, first, second, 20_000, np.random.default_rng(3)).wrong < 0.06


def test_the_evidence_has_mean_one_at_the_threshold_over_every_order() -> None:
    population, right, read = 12, 9, 6
    chances = [comb(right, k) * comb(population - right, read - k) / comb(population, read) for k in range(7)]
    evidence = np.exp(log_evidence_above(np.arange(7), np.full(7, read), population, right / population))
    possible = np.array(chances) > 0
    assert np.sum(np.array(chances)[possible] * evidence[possible]) <= 1 + 1e-9


@pytest.mark.parametrize(("right", "verdict"), [(4950, "above"), (4500, "below"), (4750, "undecided")])
def test_a_clear_rate_is_decided_and_the_boundary_is_not(right: int, verdict: str) -> None:
    rng = np.random.default_rng(4)
    outcomes = (rng.permutation(5000) < right).astype(int)[:1000]
    found = decide(outcomes.tolist(), 5000, 0.95, (200, 400, 600, 800, 1000))
    assert found.verdict == verdict
    assert (verdict in str(found)) or verdict == "undecided"


def test_a_population_read_to_its_end_is_always_decided_rightly() -> None:
    found = decide([1] * 96 + [0] * 4, 100, 0.95, (100,))
    assert found.verdict == "above" and found.evidence_above == np.inf
    assert decide([1] * 94 + [0] * 6, 100, 0.95, (100,)).verdict == "below"


def test_clustered_incidents_are_decided() -> None:
    rng = np.random.default_rng(5)
    required = rng.integers(0, 4, 1500).astype(float)
    right = rng.binomial(required.astype(int), 0.80).astype(float)
    assert decide_clusters(right, required, 20_000, 0.95, 4, range(100, 1501, 100)).verdict == "below"
    assert decide_clusters(required, required, 20_000, 0.80, 4, range(100, 1501, 100)).verdict == "above"


def test_more_crimes_than_fixed_beforehand_are_refused() -> None:
    with pytest.raises(UserError, match="more than the 3 crimes fixed beforehand"):
        decide_clusters(np.array([4.0]), np.array([5.0]), 100, 0.9, 3, (1,))


@pytest.mark.parametrize(("threshold", "population"), [(0.0, 100), (1.0, 100), (0.9, 1)])
def test_a_threshold_or_population_that_cannot_be_is_refused(threshold: float, population: int) -> None:
    with pytest.raises(UserError):
        decide([1, 0, 1], population, threshold, (3,))
