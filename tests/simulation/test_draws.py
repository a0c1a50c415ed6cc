"""Draws are functions of seed, row and name: no order, no batch, no history can change them."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opencdi.simulation.calendar import DAY, Calendar, local_seconds
from opencdi.simulation.draws import Draws, mixed

ROWS = st.lists(st.integers(0, 2**40), min_size=1, max_size=50)


@given(rows=ROWS, seed=st.integers(0, 2**32))
def test_a_row_draws_the_same_alone_and_in_company(rows: list[int], seed: int) -> None:
    draws = Draws(seed)
    together = draws.uniform(np.array(rows, dtype=np.int64), "name")
    alone = [draws.uniform(np.array([row], dtype=np.int64), "name")[0] for row in rows]
    assert together.tolist() == alone


@given(rows=ROWS)
def test_uniform_draws_lie_between_nought_and_one(rows: list[int]) -> None:
    drawn = Draws(1).uniform(np.array(rows, dtype=np.int64), "name")
    assert ((drawn >= 0) & (drawn < 1)).all()


def test_draws_of_two_names_or_two_spaces_are_unrelated() -> None:
    rows, draws = np.arange(20_000, dtype=np.int64), Draws(3)
    first, second = draws.uniform(rows, "a"), draws.uniform(rows, "b")
    third = draws.within("elsewhere").uniform(rows, "a")
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.03
    assert abs(np.corrcoef(first, third)[0, 1]) < 0.03


@given(keys=st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=100, unique=True))
def test_mixing_never_makes_two_keys_one(keys: list[int]) -> None:
    assert len(set(mixed(np.array(keys, dtype=np.uint64)).tolist())) == len(keys)


def test_choices_come_as_often_as_their_weights() -> None:
    rows = np.arange(50_000, dtype=np.int64)
    counts = np.bincount(Draws(7).choice(rows, "pick", (5, 3, 2)), minlength=3) / len(rows)
    assert np.abs(counts - [0.5, 0.3, 0.2]).max() < 0.01


def test_normal_draws_have_mean_nought_and_deviation_one() -> None:
    drawn = Draws(7).normal(np.arange(50_000, dtype=np.int64), "n")
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.std() - 1) < 0.02


@given(share=st.floats(0, 1, exclude_max=True))
def test_the_calendar_gives_back_the_share_it_was_given(share: float) -> None:
    calendar = Calendar(date(2025, 10, 1), 365)
    instant = calendar.instant_at(np.array([share]))
    assert abs(calendar.share_at(instant)[0] - share) < 1e-6


def test_the_day_the_clocks_go_forward_has_twenty_three_hours() -> None:
    calendar = Calendar(date(2026, 3, 28), 3)
    assert np.diff(calendar.starts).tolist() == [DAY, DAY - 3600, DAY]


def test_no_wall_clock_shows_the_hour_that_is_skipped_in_march() -> None:
    start = Calendar(date(2026, 3, 29), 1).starts[0]
    hours = local_seconds(np.arange(start, start + 5 * 3600, 60)) // 3600 % 24
    assert set(hours.tolist()) == {0, 2, 3, 4, 5}
