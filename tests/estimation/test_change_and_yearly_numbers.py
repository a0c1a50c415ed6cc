"""What may be said of a change between audits, and of the number not recorded in a year."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.errors import UserError
from opencdi.estimation.change import change_of_counts
from opencdi.estimation.interval import Interval
from opencdi.estimation.unrecorded import unrecorded


def test_twelve_of_138_against_22_of_174_is_not_a_proven_change() -> None:
    found = change_of_counts((174 - 22, 138 - 12), (174, 138))
    assert not found.is_proven
    assert round(100 * found.difference, 1) == 3.9
    assert (round(100 * found.interval.lower), round(100 * found.interval.upper)) == (-3, 11)
    assert "not a proven change" in str(found)


def test_the_rise_of_the_all_crime_rate_between_2017_and_2019_is_a_change() -> None:
    assert change_of_counts((1584, 1247), (1970, 1419)).is_proven


def test_newcombes_own_example_comes_out() -> None:
    # Newcombe 1998, table II, contrast (a): 56/70 - 48/80, method 10 without continuity correction.
    found = change_of_counts((48, 56), (80, 70))
    assert (found.difference, found.interval.lower, found.interval.upper) == pytest.approx(
        (0.2, 0.0524, 0.3339), abs=5e-5
    )


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_the_p_value_and_the_interval_say_the_same(first: int, second: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    found = change_of_counts((a, b), (first, second))
    if abs(found.p_value - 0.05) > 1e-6:
        assert found.is_proven == (found.p_value < 0.05)
    backwards = change_of_counts((b, a), (second, first))
    assert backwards.difference == pytest.approx(-found.difference)
    assert backwards.interval.lower == pytest.approx(-found.interval.upper)


def test_thames_valley_2017_fails_to_record_over_35200() -> None:
    found = unrecorded(144_400, 0.804, Interval(0.7865, 0.8215, "official-style"), 0.0175 / 1.96)
    assert 35_200 <= found.estimate < 35_300
    assert found.lower < 32_000 and found.upper is not None and found.upper > 39_000
    assert found.standard_error == pytest.approx(144_400 * 0.0175 / 1.96 / 0.804**2)


@settings(deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.01, 0.04), st.integers(1, 10**6))
def test_the_limits_of_the_rate_give_those_of_the_number_turned_round(
    rate: float, half: float, recorded: int
) -> None:
    found = unrecorded(recorded, rate, Interval(rate - half, rate + half, "any"))
    assert found.upper is not None
    assert found.lower < found.estimate < found.upper
    assert recorded / (recorded + found.upper) == pytest.approx(rate - half)


def test_doubt_about_what_was_recorded_widens_the_number() -> None:
    interval = Interval(0.85, 0.90, "any")
    sure, unsure = (
        unrecorded(1000, 0.88, interval, share_that_stands=stands)
        for stands in (None, Interval(0.95, 1.0, "any"))
    )
    assert unsure.lower < sure.lower and unsure.upper == sure.upper


def test_a_rate_of_nothing_has_no_yearly_number() -> None:
    with pytest.raises(UserError, match="cannot be worked out"):
        unrecorded(1000, 0.0, Interval(0.0, 0.1, "any"))


def test_a_lower_limit_of_nothing_has_no_upper_number() -> None:
    assert unrecorded(1000, 0.5, Interval(0.0, 0.9, "any")).upper is None
