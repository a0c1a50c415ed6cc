"""Forces are compared with the spread that chance alone would give, and never by a bare rank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.errors import UserError
from opencdi.estimation.funnel import funnel
from opencdi.estimation.ranks import ranking
from opencdi.estimation.shrinkage import shrunken, spread_between

NAMES = [f"force {number:02d}" for number in range(43)]


def test_forces_that_differ_by_chance_alone_get_no_extra_spread() -> None:
    rng = np.random.default_rng(3)
    errors = np.full(43, 0.015)
    found = funnel(NAMES, 0.9 + 0.6 * errors * rng.normal(size=43), errors)
    assert found.spread == 0 and found.dispersion < 1


def test_the_added_spread_is_spiegelhalters_moment_estimate() -> None:
    rng = np.random.default_rng(4)
    errors = rng.uniform(0.01, 0.02, 43)
    rates = 0.9 + 0.04 * rng.normal(size=43)
    found = funnel(NAMES, rates, errors, target=0.9)
    w = 1 / errors**2
    z = (rates - 0.9) / errors
    z = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    expected = (np.sum(z**2) - 42) / (w.sum() - np.sum(w**2) / w.sum())
    assert found.spread == pytest.approx(np.sqrt(expected))
    lower, upper = found.limits(np.array([0.015]), 0.95)
    assert float(upper[0] - 0.9) == pytest.approx(1.959964 * np.hypot(0.015, found.spread), rel=1e-6)
    assert float(lower[0]) < 0.9


def test_one_force_far_out_stands_outside_the_limits_for_action() -> None:
    rates, errors = np.full(43, 0.9), np.full(43, 0.015)
    rates[7] = 0.7
    stands = {force.name: force.stands for force in funnel(NAMES, rates, errors).forces}
    assert stands["force 07"] == "outside 99.8 %"
    assert sum(each != "inside" for each in stands.values()) == 1


def test_shrinkage_solves_the_fay_herriot_moment_equation() -> None:
    rng = np.random.default_rng(5)
    variances = rng.uniform(0.0001, 0.0004, 30)
    rates = rng.normal(0.9, 0.02, 30) + np.sqrt(variances) * rng.normal(size=30)
    between = spread_between(rates, variances)
    weight = 1 / (variances + between)
    mean = np.average(rates, weights=weight)
    assert np.sum(weight * (rates - mean) ** 2) == pytest.approx(29)
    found = shrunken(NAMES[:30], rates, variances)
    for force, direct in zip(found.forces, rates, strict=True):
        assert min(direct, mean) - 1e-12 <= force.shrunken <= max(direct, mean) + 1e-12
        assert force.direct == direct and force.lower < force.shrunken < force.upper


def test_shrunken_intervals_cover_forces_drawn_from_the_model() -> None:
    rng = np.random.default_rng(6)
    covered = []
    for _ in range(300):
        truth = rng.normal(0.9, 0.02, 43)
        variances = np.full(43, 0.015**2)
        found = shrunken(NAMES, truth + rng.normal(0, 0.015, 43), variances)
        covered.append(np.mean([f.lower <= t <= f.upper for f, t in zip(found.forces, truth, strict=True)]))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.012)


def test_two_forces_are_too_few_to_shrink() -> None:
    with pytest.raises(UserError, match="at least three forces"):
        shrunken(NAMES[:2], np.array([0.9, 0.8]), np.full(2, 0.0001))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0.7, 0.99), min_size=2, max_size=12), st.floats(0.001, 0.05))
def test_a_rank_interval_holds_the_forces_own_place(rates: list[float], error: float) -> None:
    names = NAMES[: len(rates)]
    found = ranking(names, np.array(rates), np.full(len(rates), error))
    assert sorted(rank.name for rank in found.ranks) == sorted(names)
    for place, rank in enumerate(found.ranks, start=1):
        assert rank.best <= place <= rank.worst
    assert {name for group in found.groups for name in group} == set(names)


def test_far_forces_are_told_apart_and_near_ones_are_not() -> None:
    rates = np.array([0.97, 0.96, 0.80, 0.79])
    found = ranking(NAMES[:4], rates, np.full(4, 0.01))
    assert [str(rank) for rank in found.ranks] == [
        "force 00: rank 1 to 2",
        "force 01: rank 1 to 2",
        "force 02: rank 3 to 4",
        "force 03: rank 3 to 4",
    ]
    assert found.groups == (("force 00", "force 01"), ("force 02", "force 03"))


def test_rank_intervals_hold_all_true_ranks_at_once() -> None:
    rng = np.random.default_rng(8)
    truth = np.linspace(0.85, 0.95, 15)[::-1]
    held = []
    for _ in range(400):
        found = ranking(NAMES[:15], truth + rng.normal(0, 0.012, 15), np.full(15, 0.012))
        held.append(all(r.best <= 1 + NAMES.index(r.name) <= r.worst for r in found.ranks))
    assert np.mean(held) >= 0.95 - 0.02
