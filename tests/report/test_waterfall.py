"""The drawing of a link's waterfall holds every bar, each beginning where the one before ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi.linkage import waterfall
from opencdi.report.waterfall import WIDTH, drawing
from opencdi.schema import LINK_COMPARISONS

BITS = st.floats(-30, 30).map(lambda bits: round(bits, 2))


@given(st.lists(BITS, min_size=5, max_size=5), BITS)
def test_bars_join_up_within_the_drawing(bits: list[float], total: float) -> None:
    link = {"weight": total, "probability": 0.5}
    for name, weight in zip(LINK_COMPARISONS, bits, strict=True):
        link |= {f"{name}_level": "unknown" if name != "delay" else "before", f"{name}_weight": weight}
    link["reference_level"] = "missing"
    drawn = drawing(waterfall(link))
    assert drawn is not None
    for placed in drawn.bars:
        assert placed.left >= -1e-6 and placed.left + placed.width <= WIDTH + 1e-6
    for before, after in zip(drawn.bars[:-2], drawn.bars[1:-1], strict=True):
        assert before.bar.end == pytest.approx(after.bar.start)


def test_a_link_to_nothing_has_no_drawing() -> None:
    assert drawing(()) is None
