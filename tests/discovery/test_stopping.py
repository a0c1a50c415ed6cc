"""What the stopping rules hold: their exact numbers, and promises kept however bad the ranking is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from opencdi.discovery.stopping import (
    best_promise,
    control_quantile,
    elusion_sample_size,
    elusion_test,
    largest_plausible,
    positives_needed,
    qbcb_depth,
    reads_for,
)


def test_59_control_positives_are_needed_for_95_per_cent_at_95_per_cent() -> None:
    assert positives_needed(0.95, 0.95) == 59
    assert control_quantile(59) == 59
    assert control_quantile(58) is None


def test_with_more_positives_not_all_need_be_passed() -> None:
    assert control_quantile(200) < 200


@settings(deadline=None)
@given(st.integers(1, 300), st.floats(0.5, 0.98))
def test_the_quantile_is_the_smallest_that_keeps_the_promise(positives: int, target: float) -> None:
    needed = control_quantile(positives, target)
    if needed is None:
        assert binom.cdf(positives - 1, positives, target) < 0.95
    else:
        assert binom.cdf(needed - 1, positives, target) >= 0.95
        assert needed == 1 or binom.cdf(needed - 2, positives, target) < 0.95


def test_fewer_positives_promise_less() -> None:
    assert best_promise(59) >= 0.95 > best_promise(58)
    assert best_promise(0) == 0.0


def test_stopping_is_where_the_last_needed_positive_was_passed() -> None:
    assert qbcb_depth(list(range(10, 600, 10))) == 590
    assert qbcb_depth([3, 1, 2]) is None


@pytest.mark.parametrize("quality", [0.0, 1.0, 2.5])
def test_qbcb_keeps_its_promise_for_any_ranking(quality: float) -> None:
    """400 simulated audits; at a true level of 95 % fewer than 365 kept promises come up once in 5,000."""
    draw = np.random.default_rng(7)
    kept = 0
    for _ in range(400):
        missing = draw.random(3_000) < 0.05
        order = np.argsort(-(quality * missing + draw.normal(size=3_000)))
        rank = np.empty(3_000, dtype=int)
        rank[order] = np.arange(1, 3_001)
        control = draw.choice(3_000, 1_500, replace=False)
        depth = qbcb_depth(rank[control][missing[control]].tolist(), 0.9) or 3_000
        kept += (missing & (rank <= depth)).sum() >= 0.9 * missing.sum()
    assert kept >= 365


@settings(deadline=None)
@given(st.integers(1, 60), st.data())
def test_the_elusion_bound_is_the_largest_count_the_sample_leaves_plausible(size: int, data) -> None:
    sampled = data.draw(st.integers(1, size))
    found = data.draw(st.integers(0, sampled))
    most = largest_plausible(size, sampled, found)
    plausible = [
        count
        for count in range(found, size - (sampled - found) + 1)
        if hypergeom.cdf(found, size, count, sampled) > 0.05 * (1 + 1e-9)
    ]
    assert most == max(plausible, default=found)


def test_an_elusion_sample_of_everything_leaves_no_doubt() -> None:
    result = elusion_test(found_by_reading=50, unread=100, sampled=100, found_in_sample=0)
    assert (result.missed_at_most, result.recall_at_least, result.certified) == (0, 1.0, True)


def test_an_elusion_sample_of_the_planned_size_certifies_when_it_finds_nothing() -> None:
    size = elusion_sample_size(found_by_reading=400, unread=9_000)
    assert size is not None
    assert elusion_test(400, 9_000, size, 0).certified
    assert not elusion_test(400, 9_000, size - 1, 0).certified


def test_a_sample_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        elusion_test(1, 10, 11, 0)


def test_expected_reads_fall_as_scores_get_sharper() -> None:
    draw = np.random.default_rng(1)
    sharp = np.where(draw.random(4_000) < 0.05, 0.9, 0.002)
    flat = np.full(4_000, sharp.mean())
    few, kept = reads_for(sharp, 1_500, 0.9, runs=40)
    many, _ = reads_for(flat, 1_500, 0.9, runs=40)
    assert few.mean() < many.mean()
    assert kept.mean() > 0.9
