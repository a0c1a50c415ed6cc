"""Published rates, counts and half-widths follow from the methods where their inputs were published."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opencdi.estimation.binomial import clopper_pearson_limits, official_limits, wilson_limits
from opencdi.estimation.hypergeometric import hypergeometric_limits
from opencdi.estimation.interval import Interval
from opencdi.estimation.unrecorded import unrecorded

Rows = Callable[[str], list[dict[str, str]]]


@pytest.mark.shared_data
def test_every_published_half_width_is_that_of_a_whole_number_of_crimes(shared_rows: Rows) -> None:
    checked = 0
    for row in shared_rows("hmicfrs-cdi-published/published_recording_rates.csv"):
        if not row["ci_plus_minus_percent"]:
            continue
        rate, published = float(row["value_percent"]) / 100, float(row["ci_plus_minus_percent"])
        crimes = round(rate * (1 - rate) * (195.996 / published) ** 2)
        lower, upper = official_limits(rate, crimes)
        assert 100 * float(upper - lower) / 2 == pytest.approx(published, abs=0.005)
        assert 500 < crimes < 2500
        checked += 1
    assert checked >= 3


@pytest.mark.shared_data
def test_published_counts_give_rates_with_honest_intervals(shared_rows: Rows) -> None:
    found = {
        row["record_type"]: (int(row["crimes_recorded"]), int(row["crimes_that_should_be_recorded"]))
        for row in shared_rows("hmicfrs-cdi-published/published_audit_counts.csv")
    }
    recorded, required = found["incident records"]
    lower, upper = wilson_limits(recorded / required, required)
    assert (recorded, required) == (98, 117)
    assert (round(100 * float(lower), 1), round(100 * float(upper), 1)) == (76.0, 89.4)
    recorded, required = found["reports recorded on another (non-crime) system"]
    lower, upper = clopper_pearson_limits(recorded, required)
    assert (recorded, required) == (2, 12)
    assert (round(100 * float(lower), 1), round(100 * float(upper), 1)) == (2.1, 48.4)


@pytest.mark.parametrize(
    ("rate", "recorded", "published"),
    [
        (0.804, 144_400, 35_200), (0.801, 37_000, 9_200), (0.812, 40_600, 9_400), (0.834, 54_300, 10_800),
        (0.873, 94_900, 13_800), (0.913, 159_500, 15_200), (0.904, 45_200, 4_800), (0.692, 31_230, 13_900),
    ],
)  # fmt: skip
def test_yearly_numbers_follow_from_the_rate_and_the_crimes_recorded(
    rate: float, recorded: int, published: int
) -> None:
    found = unrecorded(recorded, rate, Interval(rate - 0.02, rate + 0.02, "official-style"))
    assert found.estimate == pytest.approx(published, rel=0.005)


def test_one_rape_report_in_ten_over_36_forces_is_known_to_a_point() -> None:
    lower, upper = official_limits(0.9, 3_700)
    assert 100 * float(upper - lower) / 2 < 1.0


def test_552_of_4900_is_more_than_one_in_ten_beyond_chance() -> None:
    lower, _ = wilson_limits(552 / 4_900, 4_900)
    assert float(lower) > 0.10


@pytest.mark.parametrize(("wrong", "read"), [(10, 20), (1, 20), (0, 20), (1, 10)])
def test_a_share_of_a_handful_of_cancelled_crimes_says_little(wrong: int, read: int) -> None:
    lower, upper = hypergeometric_limits(wrong, read, 400)
    assert float(upper - lower) > 0.15
    assert float(lower) <= wrong / read <= float(upper)
