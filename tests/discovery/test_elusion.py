"""The elusion test as one planned look: drawn once, read whole, bounded exactly, and its expected cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.discovery.orders import standing

from opencdi.discovery import elusion
from opencdi.discovery.leads import Lead
from opencdi.discovery.progress import progress
from opencdi.discovery.stopping import elusion_sample_size, reads_for_elusion, recall_at_least
from opencdi.errors import UserError

IDS = [f"I{number:05d}" for number in range(10_000)]
READ = {one: place < 400 for place, one in enumerate(IDS[:1_000])}


def look(size: int = 0) -> elusion.Look:
    unread = [one for one in IDS if one not in READ]
    return elusion.planned(unread, len(unread), 400, size, 0.95, 0.95, "1")


def test_the_planned_size_is_the_least_that_can_certify() -> None:
    assert len(look().incidents) == elusion_sample_size(400, 9_000)


def test_only_unread_incidents_are_drawn_and_the_same_seed_draws_the_same() -> None:
    assert not set(look(2_000).incidents) & set(READ)
    assert look(2_000) == look(2_000)


def test_nothing_is_said_before_every_incident_of_the_look_is_read() -> None:
    drawn = look()
    almost = dict.fromkeys(drawn.incidents[1:], False)
    assert elusion.result(drawn, almost) is None
    assert "1 of its" in elusion.sentence(drawn, almost)


def test_a_clean_look_certifies_and_a_look_with_finds_does_not() -> None:
    drawn = look()
    clean = dict.fromkeys(drawn.incidents, False)
    assert "you may stop" in elusion.sentence(drawn, clean)
    found = {one: place < 3 for place, one in enumerate(drawn.incidents)}
    assert "cannot be made again" in elusion.sentence(drawn, found)


def test_a_look_survives_being_kept_and_is_drawn_only_once(tmp_path: Path) -> None:
    path = tmp_path / "discovery" / "elusion.json"
    elusion.keep(look(), path)
    assert elusion.read(path) == look()
    with pytest.raises(UserError, match="one look only"):
        elusion.keep(look(), path)


def test_a_look_that_can_promise_nothing_is_refused_with_a_sentence() -> None:
    with pytest.raises(UserError, match="Read further down"):
        elusion.planned(IDS, len(IDS), 0, 0, 0.95, 0.95, "1")
    with pytest.raises(UserError, match="even if it finds nothing"):
        look(10)
    with pytest.raises(UserError, match="nothing is left"):
        elusion.planned([], 0, 1, 0, 0.95, 0.95, "1")


def test_the_look_keeps_its_promise() -> None:
    """300 audits; where it certifies 90 %, less was found in at most 5 % (22 or more once in 50)."""
    broken = 0
    for seed in range(300):
        draw = np.random.default_rng(seed)
        probability = draw.beta(0.3, 4, 3_000)
        plan = reads_for_elusion(probability, 0.93, 0.9, runs=1, seed=seed)
        broken += bool(plan.certified[0] and plan.recall[0] < 0.9)
    assert broken < 22


def test_sharp_scores_certify_with_few_reads() -> None:
    draw = np.random.default_rng(1)
    sharp = np.where(draw.random(5_000) < 0.05, 0.95, 0.0005)
    plan = reads_for_elusion(sharp, 0.99, 0.9, runs=40)
    assert plan.certified.mean() > 0.5
    assert plan.reads.mean() < 2_500


def test_the_lower_bound_of_a_recall_is_clopper_and_pearsons() -> None:
    assert recall_at_least(59, 59) == pytest.approx(0.05 ** (1 / 59))
    assert recall_at_least(0, 3) == 0.0


def test_recall_is_reported_for_every_harm_group_also_where_nothing_was_found() -> None:
    order = [Lead(f"I{n}", 3, 1 - n / 100, "rape" if n < 10 else "other", "x") for n in range(1, 51)]
    control = {"I1", "I2", "I40"}
    verdicts = {"I1": True, "I2": True, "I40": False}
    state = progress(standing(order, control, verdicts), control, verdicts, 0.9, 0.95)
    groups = {group.harm_group: group for group in state.by_group}
    assert (groups["rape"].found, groups["rape"].control_positives, groups["rape"].passed) == (2, 2, 2)
    assert set(groups) >= {"rape", "other_sexual", "domestic_abuse", "child", "stalking"}
    assert groups["stalking"].at_least == 0.0


def test_what_nobody_could_tell_counts_as_missed_at_the_look() -> None:
    drawn = look()
    clean = elusion.result(drawn, dict.fromkeys(drawn.incidents, False))
    untold = elusion.result(drawn, {**dict.fromkeys(drawn.incidents, False), drawn.incidents[0]: None})
    found = elusion.result(drawn, {**dict.fromkeys(drawn.incidents, False), drawn.incidents[0]: True})
    assert clean is not None and untold is not None and found is not None
    assert untold.recall_at_least < found.recall_at_least < clean.recall_at_least
