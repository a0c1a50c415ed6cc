"""The weights file is whole or it is refused with a sentence; it holds no SQL and knows no engine."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from opencdi.errors import UserError
from opencdi.linkage import LEVELS, load_weights
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


def test_a_level_is_worth_the_log_of_its_two_shares() -> None:
    assert LevelWeight(m=0.5, u=0.125).bits(1000) == 2


def test_what_names_one_place_says_more_in_a_larger_force() -> None:
    level = LevelWeight(m=0.5, others=2)
    assert level.bits(2000) - level.bits(1000) == pytest.approx(1)
    assert level.bits(1000) == log2(0.5 / 0.002)


def test_the_prior_falls_with_every_further_incident_in_the_window() -> None:
    weights = load_weights("default")
    assert weights.prior(2000) == pytest.approx(weights.prior(1000) - 1)


def test_a_typed_reference_alone_is_worth_about_nine_bits_more_than_none() -> None:
    """Against what a missing reference leaves, once the incidents in the window are reckoned with."""
    weights = load_weights("default")
    typed = weights.comparisons["reference"]["typed"].bits(7_000) + weights.prior(7_000)
    assert 4 < typed < 12


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
