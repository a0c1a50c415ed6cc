"""Every link can be drawn: where it starts, what each comparison adds or takes, and the sum."""

from __future__ import annotations

from itertools import pairwise

import vl_convert
from linkage_world import FAMILIES, make_world

from opencdi.engine import DuckDBDialect, DuckDBEngine
from opencdi.linkage import LEVELS, link, waterfall, waterfall_chart
from opencdi.linkage.candidates import rule_bits
from opencdi.linkage.comparing import comparisons
from opencdi.settings import Linkage


def test_the_bars_add_up_to_the_weight_and_say_in_words_what_was_found(engine: DuckDBEngine) -> None:
    for row in link(*make_world(300, seed=2).relations(engine), Linkage(), FAMILIES).rows():
        bars = waterfall(row)
        if row["incident_id"] is None:
            assert bars == ()
            continue
        assert [bar.name for bar in bars] == ["before", *LEVELS, "whole"]
        assert abs(sum(bar.bits for bar in bars[:-1]) - row["weight"]) < 0.01
        assert bars[-2].end == bars[-1].end == row["weight"]
        assert bars[1].words == LEVELS["reference"][row["reference_level"]]
        assert all(later.start == bar.end for bar, later in pairwise(bars[:-1]))


def test_the_chart_draws_without_a_request_and_shows_every_figure(engine: DuckDBEngine) -> None:
    rows = link(*make_world(300, seed=2).relations(engine), Linkage(), FAMILIES).rows()
    bars = waterfall(next(row for row in rows if row["incident_id"]))
    svg = vl_convert.vegalite_to_svg(waterfall_chart(bars).to_dict())
    for bar in bars:
        assert f"{bar.bits:+.1f}".replace("-", "\u2212") in svg or f"{bar.bits:+.1f}" in svg


def test_every_level_has_words_and_a_condition_in_the_same_order() -> None:
    made = comparisons(DuckDBDialect(), rule_bits(Linkage()))
    assert {name: tuple(level.name for level in levels) for name, levels in made.items()} == {
        name: tuple(levels) for name, levels in LEVELS.items()
    }
