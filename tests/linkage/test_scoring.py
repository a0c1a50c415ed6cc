"""The SQL of weights, probabilities and classes against the same thing said in Python, crime by crime."""

from __future__ import annotations

from itertools import groupby, pairwise
from math import floor, log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_world import FAMILIES, make_world

from opencdi.engine import DuckDBEngine
from opencdi.linkage import LEVELS, Weights, load_weights
from opencdi.linkage.candidates import rule_bits
from opencdi.linkage.comparing import _slip
from opencdi.linkage.density import Density
from opencdi.linkage.levels import SAID_BY_THE_NUMBER
from opencdi.linkage.linking import compare
from opencdi.linkage.scoring import links, scoring_steps
from opencdi.settings import Linkage


def _level_bits(weights: Weights, here: Density, comparison: str, level: str) -> int:
    return round(round(weights.bits(comparison, here)[level], 3) * 1000)


def _millibits(weights: Weights, here: Density, pair: dict[str, Any]) -> tuple[int, int]:
    """Of a pair, and how many of them its number says twice."""
    level = {name: list(LEVELS[name])[pair[name]] for name in LEVELS}
    bits = {name: _level_bits(weights, here, name, level[name]) for name in LEVELS}
    once = bits["delay"]
    if level["reference"] == "typed":
        once = _level_bits(weights, here, "delay", SAID_BY_THE_NUMBER.get(level["delay"], level["delay"]))
    return round(weights.prior(here) * 1000) + sum(bits.values()), bits["delay"] - once


def _calibrated(weights: Weights, said: float) -> float:
    knots = weights.calibration
    if said <= knots[0].said:
        return knots[0].right
    for low, high in pairwise(knots):
        if said <= high.said:
            return low.right + (said - low.said) * (high.right - low.right) / (high.said - low.said)
    return knots[-1].right


def _linked(weights: Weights, here: Density, pairs: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Best incident, runner-up, class, probability and weight of one crime."""
    weighed = {pair["incident_no"]: _millibits(weights, here, pair) for pair in pairs}
    ranked = sorted((-bits, incident) for incident, (bits, _) in weighed.items())
    best, twice = weighed[ranked[0][1]]
    shares = sum(floor(2 ** ((-bits - best) / 1000) * 1e9) for bits, _ in ranked) / 1e9
    none = 2 ** ((twice - best) / 1000)
    probability = _calibrated(weights, max(-15, min(15, -log(none + shares - 1))))
    of_any = _calibrated(weights, max(-15, min(15, log(shares / none))))
    margin = best + ranked[1][0] if len(ranked) > 1 else None
    if of_any < weights.thresholds.none:
        return (None, None, "none", None, None)
    linked = of_any >= weights.thresholds.linked and best >= twice
    leads = margin is None or margin >= round(weights.thresholds.clear_margin * 1000)
    sure = probability >= weights.thresholds.own
    name = ("clear" if leads and sure else "ambiguous") if linked else "weak"
    return (ranked[0][1], ranked[1][1] if len(ranked) > 1 else None, name, probability, best / 1000)


@pytest.mark.parametrize("name", ["default", "start"])
def test_every_crime_is_linked_in_sql_as_it_is_in_python(engine: DuckDBEngine, name: str) -> None:
    weights, bits = load_weights(name), rule_bits(Linkage())
    here = compare(*make_world(400, seed=11).relations(engine), Linkage(), FAMILIES).here
    engine.run(scoring_steps(engine.dialect, weights, bits, here))
    pairs = engine.rows("select * from link_vector order by crime_no")
    expected = {
        crime: _linked(weights, here, list(rows))
        for crime, rows in groupby(pairs, lambda row: row["crime_no"])
    }
    found = engine.rows(
        "select crime.crime_no, one.incident_no, other.incident_no as runner_up, link_class, probability, "
        f"weight from {links(engine, weights, here).name} as link "
        "join link_crime as crime on crime.crime_id = link.crime_id "
        "left join link_incident as one on one.incident_id = link.incident_id "
        "left join link_incident as other on other.incident_id = link.runner_up_incident_id"
    )
    classes = set()
    for row in found:
        crime, *linked = row.values()
        said = expected.get(crime, (None, None, "none", None, None))
        assert tuple(linked[:3]) == said[:3]
        assert linked[3:] == pytest.approx(list(said[3:]), abs=1e-4)
        classes.add(linked[2])
    assert {"clear", "weak"} <= classes


def _is_slip(difference: int) -> bool:
    """One digit changed by d, or two neighbours swapped (nine times their difference), in either part."""
    day, serial = divmod(difference, 10**12)
    if difference == 0 or (day and serial):
        return False
    part = day or serial
    while part % 10 == 0:
        part //= 10
    return part <= 9 or (part % 9 == 0 and part <= 72) or part == 81


_ENGINE = DuckDBEngine()


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 991231), st.integers(0, 99999), st.integers(0, 10**5)), min_size=1))
def test_a_slip_of_the_pen_is_known_by_arithmetic(numbers: list[tuple[int, int, int]]) -> None:
    kinds = [(day * 10**12 + serial, day * 10**12 + other) for day, serial, other in numbers]
    kinds += [(day * 10**12 + serial, other * 10**12 + serial) for day, serial, other in numbers]
    rows = ", ".join(f"({a}::bigint, {b}::bigint)" for a, b in kinds)
    found = _ENGINE.rows(
        f"select {_slip()} as ok from (select * from (values {rows}) as v(typed, number)) as names, "
        "lateral (select names.number as number) as i"
    )
    assert [row["ok"] for row in found] == [_is_slip(abs(a - b)) for a, b in kinds]
