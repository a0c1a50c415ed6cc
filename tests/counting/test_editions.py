"""Editions of the rules: every day since April 2015 has exactly one; a name that does not exist is said."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opencdi.counting.editions import EDITIONS, PATH, edition, edition_on, editions
from opencdi.errors import UserError


def test_the_four_editions_are_known() -> None:
    assert [found.name for found in EDITIONS] == ["2015-04", "2018-04", "2023-05", "2026-04"]


def test_editions_follow_one_another_without_gap_or_overlap() -> None:
    for earlier, later in pairwise(EDITIONS):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + timedelta(days=1)
    assert EDITIONS[-1].valid_to is None


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("valid_to = 2018-03-31", "valid_to = 2018-04-30", "2015-04 and 2018-04 both cover 2018-04-01"),
        ("valid_to = 2018-03-31", "valid_to = 2018-02-28", "no edition covers 2018-03-01"),
    ],
)
def test_editions_with_a_gap_or_an_overlap_are_refused(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    broken = tmp_path / "editions.toml"
    broken.write_text(PATH.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        editions(broken)


@given(st.dates(date(2015, 4, 1), date(2035, 1, 1)))
def test_a_day_has_one_edition(day: date) -> None:
    assert [found for found in EDITIONS if found.covers(day)] == [edition_on(day)]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2018, 3, 31), "2015-04"),
        (date(2018, 4, 1), "2018-04"),
        (date(2023, 5, 14), "2018-04"),
        (date(2023, 5, 15), "2023-05"),
        (date(2026, 3, 31), "2023-05"),
        (date(2026, 4, 1), "2026-04"),
    ],
)
def test_the_edition_follows_the_date_of_the_report(day: date, name: str) -> None:
    assert edition_on(day).name == name


def test_a_day_before_the_first_edition_is_refused() -> None:
    with pytest.raises(UserError, match="the first begins on 2015-04-01"):
        edition_on(date(2015, 3, 31))


def test_an_edition_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(UserError, match=r"no edition `2019-04`.*2018-04"):
        edition("2019-04")


def test_every_edition_says_what_it_changed_and_where_that_is_known_from() -> None:
    for found in EDITIONS:
        assert found.changed
        assert found.source
        assert found.status in {"verified", "unverified"}
        assert found.status == "verified" or found.note
