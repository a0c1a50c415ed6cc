"""The weights file is whole or it is refused with a sentence; it holds no SQL and knows no engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opencdi.errors import UserError
from opencdi.linkage import LEVELS, load_weights
from opencdi.linkage.density import Density
from opencdi.linkage.weights import LevelWeight, to_json


@pytest.mark.parametrize("name", ["default", "start"])
def test_the_shipped_weights_name_every_level_and_nothing_else(name: str) -> None:
    weights = load_weights(name)
    assert {comparison: set(levels) for comparison, levels in weights.comparisons.items()} == {
        comparison: set(levels) for comparison, levels in LEVELS.items()
    }


def test_the_default_weights_say_where_they_come_from() -> None:
    assert {"made_by", "splink", "seeds", "incidents"} <= set(load_weights("default").provenance)


def test_a_file_written_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(to_json(load_weights("default")))
    assert load_weights(str(path)) == load_weights("default")


def _share(level: LevelWeight, window: float, postcode: float = 1.0) -> float:
    return level.wrong(Density(window, {"postcode": postcode}), {"postcode": 1.0})


def test_a_share_of_wrong_pairs_is_the_same_in_every_force() -> None:
    assert _share(LevelWeight(m=0.5, u=0.125), 1000) == _share(LevelWeight(m=0.5, u=0.125), 9000) == 0.125


def test_what_names_one_person_says_more_in_a_larger_force() -> None:
    level = LevelWeight(m=0.5, others=2)
    assert _share(level, 1000) == 2 * _share(level, 2000) == 0.002


def test_a_place_says_less_where_places_are_crowded() -> None:
    level = LevelWeight(m=0.5, others=2, crowd="postcode")
    assert _share(level, 1000, postcode=3.0) == pytest.approx(3 * _share(level, 1000))


def test_a_force_without_postcodes_keeps_the_crowd_it_was_learned_with() -> None:
    level = LevelWeight(m=0.5, others=2, crowd="postcode")
    assert level.wrong(Density(1000, {}), {"postcode": 4.0}) == 0.002


def test_the_prior_falls_with_every_further_incident_in_the_window() -> None:
    weights = load_weights("default")
    assert weights.prior(Density(2000)) == pytest.approx(weights.prior(Density(1000)) - 1)


def test_a_typed_reference_is_evidence_that_the_rest_together_can_defeat() -> None:
    weights = load_weights("default")
    against = (
        ("person", "different"),
        ("place", "elsewhere"),
        ("delay", "report_further"),
        ("offence", "no_crime"),
    )
    for window in (500, 7_000, 80_000):
        here = Density(window)
        typed = weights.bits("reference", here)["typed"] + weights.prior(here)
        rest = sum(weights.bits(name, here)[level] for name, level in against)
        assert typed > 3
        assert typed + rest < 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda file: file.pop("comparisons"), "comparisons"),
        (lambda file: file["comparisons"]["place"].pop("beat"), "level beat of place"),
        (lambda file: file["comparisons"]["place"].update(moon={"m": 0.1, "u": 0.1}), "level moon of place"),
        (lambda file: file["comparisons"]["place"]["beat"].update(m=0), "beat.m"),
        (lambda file: file["comparisons"]["place"]["beat"].update(u=0.5, others=3), "either u or others"),
        (lambda file: file.update(calibration=[{"said": 1, "right": 0.5}] * 2), "rise from knot to knot"),
        (lambda file: file.update(extra=1), "unknown key `extra`"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(tmp_path: Path, change: object, sentence: str) -> None:
    file = json.loads(to_json(load_weights("default")))
    change(file)  # type: ignore[operator]
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(file))
    with pytest.raises(UserError, match=sentence):
        load_weights(str(path))


def test_a_file_that_is_not_json_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text("weights = 1")
    with pytest.raises(UserError, match="is not valid JSON"):
        load_weights(str(path))
