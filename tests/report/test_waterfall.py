"""The waterfall of a link: each bar begins where the one before ended, and the last is the sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi.report.waterfall import WIDTH, waterfall

BITS = st.floats(-30, 30).map(lambda bits: round(bits, 2))


@given(st.lists(BITS, min_size=2, max_size=2), BITS)
def test_bars_stay_in_the_drawing_and_sum_to_the_weight(bits: list[float], total: float) -> None:
    link = {"weight": total, "a_level": "exact", "b_level": None, "a_weight": bits[0], "b_weight": bits[1]}
    drawn = waterfall(link, ("a", "b"))
    assert drawn is not None
    assert sum(bar.bits for bar in drawn.bars[:-1]) == pytest.approx(drawn.bars[-1].bits)
    for bar in drawn.bars:
        assert bar.left >= -1e-6 and bar.left + bar.width <= WIDTH + 1e-6


def test_a_link_without_weights_has_no_waterfall() -> None:
    assert waterfall({"weight": None}, ("a",)) is None
