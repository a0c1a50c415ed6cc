"""A rate points to bands of a dated rule table, and says what else the grade needs."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from opencdi.errors import UserError
from opencdi.estimation.grades import GradeRules, grade_rules, towards_grade
from opencdi.estimation.interval import Interval

FOLDER = files("opencdi.estimation") / "grade_rules"


def rules(name: str) -> GradeRules:
    return grade_rules(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["cdi-2016", "cdi-2017", "in-force-2014"])
def test_every_rate_falls_into_one_band(name: str) -> None:
    table = rules(name)
    assert table.id == name and table.in_force_from > date(2000, 1, 1)
    assert {table.band_of(percent / 100) for percent in range(101)} == {band.grade for band in table.bands}


@pytest.mark.parametrize(
    ("rate", "grade"),
    [(0.966, "outstanding"), (0.931, "good"), (0.909, "good"), (0.895, "requires improvement"),
     (0.873, "requires improvement"), (0.842, "inadequate"), (0.804, "inadequate")],
)  # fmt: skip
def test_the_2017_bands_fit_the_published_grades_that_the_rate_explains(rate: float, grade: str) -> None:
    assert rules("cdi-2017").band_of(rate) == grade


def test_the_2016_bands_fit_northumbria_and_sussex() -> None:
    assert rules("cdi-2016").band_of(0.9272) == "requires improvement"
    assert rules("cdi-2016").band_of(0.946) == "good"


def test_in_force_excellence_is_more_than_95() -> None:
    assert rules("in-force-2014").band_of(0.95) == "good"
    assert rules("in-force-2014").band_of(0.9501) == "excellent"


def test_an_interval_over_two_bands_leaves_the_grade_open_and_names_what_else_it_needs() -> None:
    found = towards_grade(rules("cdi-2017"), 0.904, Interval(0.889, 0.919, "any"))
    assert found.possible == ("good", "requires improvement")
    assert not found.is_settled and not found.confirmed
    assert "timeliness" in str(found) and "leadership and culture" in str(found)
    assert towards_grade(rules("cdi-2017"), 0.80, Interval(0.78, 0.82, "any")).is_settled


def test_bands_that_leave_a_gap_are_refused() -> None:
    table = tomllib.loads((FOLDER / "cdi-2017.toml").read_text(encoding="utf-8"))
    table["band"].pop()
    with pytest.raises(UserError, match="down to one from"):
        grade_rules(table)
