"""``opencdi rules``: what a person and a machine get to read, and what a mistake is answered with."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import typer
from typer.testing import CliRunner

from opencdi.cli.rules import app
from opencdi.errors import UserError


@dataclass(frozen=True)
class Answer:
    stdout: str
    error: str


def opencdi(*arguments: str) -> Answer:
    """The command run in this process; a mistake comes back as its sentence."""
    assert isinstance(app, typer.Typer)
    done = CliRunner().invoke(app, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        assert isinstance(done.exception, UserError), done.exception
        return Answer(done.stdout, str(done.exception))
    return Answer(done.stdout, "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("8N", "Assault with Injury"),
        ("8/6", "Assault occasioning actual bodily harm"),
        ("49", "owner of goods stolen"),
        ("N100/2", "credible evidence to the contrary"),
        ("16", "Victim not able to support"),
        ("098/76", "[NOT MURDER]"),
        ("15", "Concealing an Infant Death"),
        ("outcome 15", "Evidential difficulties"),
        ("C5", "self-defence"),
        ("domestic_abuse", "personally connected"),
        ("flow-3-evidence-to-contrary", "Credible evidence to the contrary"),
    ],
)
def test_show_answers_for_every_kind_of_name(name: str, words: str) -> None:
    shown = opencdi("show", name)
    assert words in shown.stdout


def test_a_name_that_is_nothing_gets_a_sentence() -> None:
    assert opencdi("show", "8Z").error.startswith("Nothing is called `8Z`")


def test_list_of_one_edition_names_only_what_is_in_force() -> None:
    listed = json.loads(opencdi("list", "--edition", "2018-04", "--json").stdout)
    rules = {row["rule"] for row in listed["rules"]}
    classes = {row["class"] for row in listed["classes"]}
    assert "conduct-besides" in rules
    assert "conduct-principal" not in rules
    assert "28E" in classes
    assert "28A" not in classes


def test_diff_says_what_changed_between_two_editions() -> None:
    found = json.loads(opencdi("diff", "2018-04", "2023-05", "--json").stdout)
    changes = {row["rule"]: row["change"] for row in found["rules"]}
    assert changes["conduct-besides"] == "ends"
    assert changes["conduct-principal"] == "begins"
    classes = {row["class"]: row["change"] for row in found["classes"]}
    assert classes["28E"] == "ends"
    assert classes["28I"] == "begins"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("diff", "2026-04", "2018-04"), "2026-04 is not older than 2018-04"),
        (("diff", "2018-04", "2018-04"), "2018-04 is not older than 2018-04"),
        (("diff", "2018-04", "2019-04"), "There is no edition `2019-04`"),
        (("list", "--edition", "1066"), "There is no edition `1066`"),
    ],
)
def test_a_wrong_edition_gets_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in opencdi(*arguments).error


def test_check_counts_the_rules_and_finds_no_fault() -> None:
    assert "rules checked, 0 faults." in opencdi("check").stdout
