"""What learning from links holds: the unlabelled arithmetic, calibration, and models that have not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.disclosure.words import folded, words
from opencdi.discovery import diagram, features, prior, stack, terms, textmodel
from opencdi.discovery.calibration import (
    Bin,
    Confidence,
    cautious_slope,
    confidence_of,
    reliability,
    share_interval,
)
from opencdi.discovery.positive_unlabelled import (
    crime_probability,
    recording_rate,
    unrecorded_crime_probability,
)
from opencdi.discovery.training import Learned
from opencdi.errors import UserError


def test_elkan_and_notos_equations_agree_with_bayes() -> None:
    crime = np.linspace(0.01, 0.99, 50)
    rate = 0.8
    recorded = crime * rate
    assert np.allclose(crime_probability(recorded, rate), crime)
    bayes = crime * (1 - rate) / (1 - recorded)
    assert np.allclose(unrecorded_crime_probability(recorded, rate), bayes)


def test_the_recording_rate_is_found_where_words_leave_no_doubt() -> None:
    draw = np.random.default_rng(2)
    crime = draw.random(20_000) < 0.4
    described = np.where(crime, 0.97, 0.03)
    recorded = crime & (draw.random(20_000) < 0.85)
    assert recording_rate(recorded, described) == pytest.approx(0.85, abs=0.02)


def lines(slopes: list[float], error: float) -> list[Confidence]:
    return [Confidence(slope, 0.0, error, 0.5) for slope in slopes]


def test_nine_of_ten_further_sources_exceed_the_cautious_slope() -> None:
    draw = np.random.default_rng(8)
    kept = [
        draw.normal(0.9, 0.2) >= cautious_slope(lines(draw.normal(0.9, 0.2, 12).tolist(), 0.01))
        for _ in range(2_000)
    ]
    assert 0.85 <= np.mean(kept) <= 0.95


@given(
    st.lists(st.floats(0.3, 2.0), min_size=2, max_size=12),
    st.floats(0.01, 0.5),
)
def test_the_cautious_slope_never_widens_and_is_below_the_highest(slopes: list[float], error: float) -> None:
    assert cautious_slope(lines(slopes, error)) <= min(1.0, max(slopes))


def test_a_prior_drawn_together_keeps_its_order_and_its_even_chance() -> None:
    table = np.random.default_rng(4).normal(size=(200, 3))
    whole = prior.Prior(np.array([2.0, -1.0, 0.5]), 0.3)
    before, after = whole.probability(table), whole.shrunk(0.8).probability(table)
    assert (np.argsort(before) == np.argsort(after)).all()
    assert (np.abs(after - 0.5) <= np.abs(before - 0.5)).all()


def test_a_calibrated_score_is_not_called_over_confident_more_than_its_level() -> None:
    draw = np.random.default_rng(3)
    flagged = 0
    for _ in range(300):
        score = draw.beta(1, 4, 800)
        flagged += confidence_of(score, draw.random(800) < score).over_confident
    assert flagged <= 28  # level 5 %: more than 28 of 300 comes up less than once in 500


def test_a_score_that_is_too_sure_of_itself_is_called_so() -> None:
    draw = np.random.default_rng(4)
    truth = draw.beta(2, 6, 2_000)
    odds = 2.5 * np.log(truth / (1 - truth))
    assert confidence_of(1 / (1 + np.exp(-odds)), draw.random(2_000) < truth).over_confident


def test_reliability_bars_hold_every_score_once() -> None:
    scores = np.linspace(0, 1, 95)
    assert sum(bar.count for bar in reliability(scores, scores > 0.5)) == 95


def test_the_interval_of_a_bar_is_wilsons() -> None:
    low, high = share_interval(Bin(0.2, 0.1, 50))
    assert (low, high) == (pytest.approx(0.0435, abs=1e-4), pytest.approx(0.2136, abs=1e-4))
    assert share_interval(Bin(0.2, 0.0, 20))[0] == 0.0


def test_the_reliability_diagram_is_a_drawing_without_scripts_and_a_table_of_the_same(tmp_path: Path) -> None:
    bars = reliability(np.linspace(0, 1, 100), np.linspace(0, 1, 100) > 0.5, 5)
    path = diagram.write(bars, tmp_path, "were recorded")
    drawn = path.read_text(encoding="utf-8")
    assert drawn.startswith("<svg") and "<script" not in drawn
    assert "share that were recorded" in drawn
    assert len((tmp_path / "reliability.csv").read_text(encoding="utf-8").splitlines()) == 6


LOGS = [["neighbour", "slapped", "her"], ["lost", "his", "wallet"]] * 120


LOGS_AS_WRITTEN = ["Slap his. slap his", "", "É a slap his A", "his slap a"]


def fitted() -> textmodel.TextModel:
    recorded = np.array([True, False] * 120)
    folds = np.array([textmodel.fold_of(f"I{number}") for number in range(240)])
    vocabulary = textmodel.vocabulary_of(LOGS)
    model = textmodel.trained(vocabulary, vocabulary.counted(LOGS)[0], recorded, np.ones(240), folds)
    assert model is not None
    return model


def test_words_that_moved_a_score_are_named() -> None:
    model = fitted()
    row, _ = model.vocabulary.counted([["slapped", "his", "wallet"]])
    telling = Learned(model, None, 0.9).telling_words(row.indices, row.data, 0)
    assert any(term.startswith("slapped +") for term in telling)
    assert any(term.startswith("wallet -") for term in telling)


@given(st.lists(st.text(alphabet="slaped hiwt.,'éÉ£0", max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_terms_of_a_batch_are_those_of_its_words(logs: list[str]) -> None:
    vocabulary = textmodel.vocabulary_of([["slap", "his", "."]] * 3 + [["é", "'", "a", "slap", "his"]] * 3)
    batch = terms.read([*logs, *LOGS_AS_WRITTEN])
    table, known = vocabulary.counted(words(folded(log)) for log in (*logs, *LOGS_AS_WRITTEN))
    together, known_together = vocabulary.counted_in(batch)
    assert batch.words() == [words(log) for log in batch.logs]
    assert np.array_equal(together.toarray(), table.toarray())
    assert np.array_equal(known_together, known)


@given(st.lists(st.text(alphabet="slap his.é", max_size=20), max_size=6), st.integers(0, 6))
@settings(max_examples=40, deadline=None)
def test_readings_joined_are_one_reading_of_all(logs: list[str], cut: int) -> None:
    together = terms.Read.joined([terms.read(logs[:cut]), terms.read(logs[cut:])])
    once = terms.read(logs)
    assert together.words() == once.words()
    assert (together.tags, together.lengths.tolist()) == (once.tags, once.lengths.tolist())


def test_a_word_without_end_is_no_term() -> None:
    endless = "a" * 100_000
    vocabulary = textmodel.vocabulary_of([[endless, "slap"]] * 3)
    assert vocabulary.terms == ("slap",)
    assert vocabulary.counted_in(terms.read([endless]))[0].nnz == 0


def test_a_model_survives_being_saved_and_read(tmp_path: Path) -> None:
    model = fitted()
    textmodel.save(model, tmp_path / "m.skops")
    again = textmodel.load(tmp_path / "m.skops")
    assert again.vocabulary.terms == model.vocabulary.terms
    assert np.array_equal(again.weights, model.weights)


def test_a_file_that_is_no_model_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.skops").write_bytes(b"not a model")
    with pytest.raises(UserError, match="not a model"):
        textmodel.load(tmp_path / "m.skops")


def test_a_log_in_unknown_words_is_judged_by_the_patterns_alone() -> None:
    described = np.array([0.3, 0.3])
    learned = np.array([5.0, 5.0])
    columns = stack.columns(described, learned, np.array([0.0, 1.0]), ["unknown", "unknown"])
    assert columns[0].tolist() == [0.3, 0.0, 0.0]
    assert columns[1][1] == 5.0


def test_the_shipped_prior_tells_a_crime_from_everyday_logs() -> None:
    crimes = ["IP punched by ex partner, lip bleeding", "Two men took his phone at knifepoint"]
    others = ["Lost wallet on the bus", "Loud music from number 4", "Two car collision, no injuries"]
    assert prior.probability_of(crimes).min() > prior.probability_of(others).max()


def test_features_are_named_and_as_many_as_their_names() -> None:
    assert features.of_texts(["he hit her"]).shape == (1, len(features.names()))


def test_a_log_in_which_no_offence_is_found_whole_is_still_told_apart_by_what_it_mentions() -> None:
    theft, illness = prior.probability_of(["His coat is nowhere", "He has a chest pain and a cough"])
    assert theft > illness
