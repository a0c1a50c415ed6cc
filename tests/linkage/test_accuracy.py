"""Precision, recall and reliability are counted against the truth, group by group."""

from __future__ import annotations

import pytest
from linkage_world import FAMILIES, World, make_world

from opencdi import schema
from opencdi.engine import DuckDBEngine, Relation, batch_of
from opencdi.linkage import TRUTH, Reliability, accuracy, calibration_error, link, reliability
from opencdi.settings import Linkage


def _truth(engine: DuckDBEngine, world: World) -> Relation:
    rows = [
        {"crime_id": crime, "incident_id": incident, "reference_state": state}
        | {"origin": "incident" if incident else "none"}
        for crime, (incident, state) in world.truth.items()
    ]
    return engine.from_batches(TRUTH, [batch_of(TRUTH, rows)])


def _link(crime: str, incident: str | None, link_class: str, probability: float | None) -> dict[str, object]:
    return {
        "crime_id": crime,
        "incident_id": incident,
        "link_class": link_class,
        "probability": probability,
        "candidates": 1,
    }


def test_a_hand_made_case_is_counted_as_by_hand(engine: DuckDBEngine) -> None:
    world = World(truth={"a": ("1", "good"), "b": ("2", "good"), "c": ("3", "missing"), "d": (None, "wrong")})
    links = [
        _link("a", "1", "clear", 0.9),
        _link("b", "7", "ambiguous", 0.6) | {"runner_up_incident_id": "2"},
        _link("c", "3", "weak", 0.2),
        _link("d", "4", "clear", 0.9),
    ]
    relation = engine.from_batches(schema.LINKS, [batch_of(schema.LINKS, links)])
    found = {row.group: row for row in accuracy(relation, _truth(engine, world))}
    good, missing, none = found["good"], found["missing"], found["no incident"]
    assert (good.crimes, good.linked, good.right, good.precision, good.recall) == (2, 1, 1, 1.0, 0.5)
    assert (good.ambiguous, good.ambiguous_right, good.ambiguous_between) == (1, 0, 1)
    assert (good.with_ambiguous.precision, good.with_ambiguous.recall) == (0.5, 0.5)
    assert (missing.linked, missing.precision, missing.recall) == (0, None, 0.0)
    assert (none.crimes, none.linked, none.precision, none.recall) == (1, 1, 0.0, None)
    assert (found["all"].crimes, found["all"].linked, found["all"].right) == (4, 2, 1)
    assert found["damaged"].crimes == 0


def test_reliability_sets_what_was_said_beside_what_was_so(engine: DuckDBEngine) -> None:
    world = World(truth={str(n): ("1" if n < 3 else "2", "good") for n in range(4)})
    links = [_link(str(n), "1", "clear", 0.84) for n in range(4)]
    relation = engine.from_batches(schema.LINKS, [batch_of(schema.LINKS, links)])
    (band,) = reliability(relation, _truth(engine, world))
    assert (band.low, band.high, band.links) == (0.8, 0.9, 4)
    assert (band.said, band.right) == (pytest.approx(0.84), 0.75)
    assert calibration_error([band]) == pytest.approx(0.09)


def test_no_links_have_no_calibration_error() -> None:
    assert calibration_error([]) == 0.0
    assert calibration_error([Reliability(0.0, 0.1, 10, 0.05, 0.05)]) == 0.0


def test_the_groups_together_are_all_crimes(engine: DuckDBEngine) -> None:
    world = make_world(600, seed=3)
    links = link(*world.relations(engine), Linkage(), FAMILIES)
    *groups, together = accuracy(links, _truth(engine, world))
    assert together.crimes == sum(group.crimes for group in groups) == len(world.crimes)
