"""Weights learned from records alone come close to the truth that was hidden from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkage_world import FAMILIES, World, make_world

from opencdi.engine import DuckDBEngine, Relation, batch_of
from opencdi.errors import UserError
from opencdi.linkage import (
    LEVELS,
    TRUTH,
    Weights,
    accuracy,
    calibration_error,
    link,
    load_weights,
    reliability,
)
from opencdi.linkage.calibration import fit
from opencdi.linkage.training import Pairs, calibrated, gather, train, truth_of
from opencdi.linkage.wear import Force, worn
from opencdi.linkage.weights import to_json
from opencdi.settings import Linkage

pytest.importorskip("splink", reason="Splink is not installed: `pip install opencdi[train]`")


@dataclass(frozen=True)
class Learned:
    pairs: Pairs
    truth: dict[int, int | None]
    weights: Weights


def _truth(engine: DuckDBEngine, world: World) -> Relation:
    rows = [
        {"crime_id": crime, "incident_id": incident, "reference_state": state}
        | {"origin": "incident" if incident else "none"}
        for crime, (incident, state) in world.truth.items()
    ]
    return engine.from_batches(TRUTH, [batch_of(TRUTH, rows)])


@pytest.fixture(scope="module")
def learned() -> Iterator[Learned]:
    world = make_world(3000, seed=11)
    with DuckDBEngine() as engine:
        pairs = gather(*world.relations(engine), Linkage(), FAMILIES, sampled_pairs=200_000)
        truth = truth_of(_truth(engine, world))
        yield Learned(pairs, truth, train(pairs, load_weights("start"), {"made_by": "a test"}))


def test_the_shares_of_right_pairs_are_found_without_being_told(learned: Learned) -> None:
    """Total variation; one call in eight is a repeat within days, which looks like a match and is none."""
    candidates = learned.pairs.candidates
    right = np.array(
        [
            learned.truth.get(crime) == incident
            for crime, incident in zip(candidates.crime.tolist(), candidates.incident.tolist(), strict=True)
        ]
    )
    for name in LEVELS:
        actual = candidates.where(right).counts(name) / right.sum()
        found = np.array([level.m for level in learned.weights.comparisons[name].values()])
        assert np.abs(actual - found).sum() / 2 < 0.25, name


def test_the_share_of_crimes_from_an_incident_is_found(learned: Learned) -> None:
    actual = sum(incident is not None for incident in learned.truth.values()) / len(learned.truth)
    assert abs(learned.weights.incident_share - actual) < 0.05


def test_a_wrong_reference_is_found_to_be_rarer_than_a_right_one(learned: Learned) -> None:
    typed = learned.weights.comparisons["reference"]["typed"]
    assert typed.others is not None and typed.others < typed.m / 2


def test_calibrated_weights_say_what_is_so_on_another_force(learned: Learned, tmp_path: Path) -> None:
    weights = calibrated(learned.weights, [(learned.pairs, learned.truth)])
    path = tmp_path / "weights.json"
    path.write_text(to_json(weights))
    world = make_world(2500, seed=12)
    with DuckDBEngine() as engine:
        links = link(*world.relations(engine), Linkage(weights=str(path)), FAMILIES)
        truth = _truth(engine, world)
        assert calibration_error(reliability(links, truth)) < 0.04
        groups = {group.group: group for group in accuracy(links, truth)}
    assert (groups["good"].recall or 0) > 0.97
    assert (groups["missing"].recall or 0) > 0.85


def test_too_few_records_to_learn_from_are_refused_with_a_sentence() -> None:
    with DuckDBEngine() as engine:
        pairs = gather(*make_world(40, seed=1).relations(engine), Linkage(), FAMILIES, 10_000)
        with pytest.raises(UserError, match="Use the default weights"):
            train(pairs, load_weights("start"), {})


# Calibration ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-30, 30), st.booleans()), min_size=1, max_size=400))
def test_a_calibration_always_rises_and_is_never_certain(known: list[tuple[float, bool]]) -> None:
    said, right = np.array([odds for odds, _ in known]), np.array([truth for _, truth in known])
    knots = fit(said, right)
    assert len(knots) >= 2
    assert [knot.said for knot in knots] == sorted({knot.said for knot in knots})
    assert [knot.right for knot in knots] == sorted(knot.right for knot in knots)
    assert all(0 < knot.right < 1 for knot in knots)


def test_odds_that_were_right_keep_their_meaning() -> None:
    random = np.random.default_rng(4)
    said = random.uniform(-5, 5, 40_000)
    right = random.random(40_000) < 1 / (1 + np.exp(-said))
    for knot in fit(said, right):
        assert abs(knot.right - 1 / (1 + np.exp(-knot.said))) < 0.04


# Wear ----------------------------------------------------------------------------------------------


def test_worn_records_are_the_same_records_worse_kept(engine: DuckDBEngine) -> None:
    world = make_world(500, seed=3)
    force = Force(*world.relations(engine), _truth(engine, world))
    once, again = worn(force, seed=1), worn(force, seed=1)
    assert once.crimes.rows("order by crime_id") == again.crimes.rows("order by crime_id")
    assert [row["crime_id"] for row in once.crimes.rows("order by crime_id")] == sorted(
        row["crime_id"] for row in world.crimes
    )
    before, after = accuracy_of(engine, force), accuracy_of(engine, once)
    assert after < before


def accuracy_of(engine: DuckDBEngine, force: Force) -> float:
    links = link(force.incidents, force.crimes, force.parties, Linkage(), FAMILIES)
    return accuracy(links, force.truth)[-1].recall or 0.0
