"""The rules as files: each sound in itself, and refused with one sentence when it is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from opencdi.counting import rulebook
from opencdi.counting.editions import EDITIONS
from opencdi.errors import UserError

SOUND = """
id = "flow-99-example"
title = "An example"
kind = "flow"
order = 99
judgement = "none"

[[version]]
from = 2015-04-01
to = 2018-03-31
status = "unverified"
cite = {document = "domain", page = "1.2"}
when = {notifiable = ["no"]}
effect = {outcome = "not_recorded", step = 2}
statement = "Not recorded, in the older words."

[[version]]
from = 2018-04-01
status = "verified"
cite = {document = "recording-rules-2026-27", page = "11"}
when = {notifiable = ["no"]}
unless = [{mandatory_fgm_report = ["yes"]}]
effect = {outcome = "not_recorded", step = 2}
statement = "Not recorded, in the newer words."

[[case]]
words = "Parking is reported on the last day of the older rule."
reported_on = 2018-03-31
facts = {notifiable = "no"}
holds = "yes"

[[case]]
words = "A theft is reported."
reported_on = 2026-05-04
facts = {notifiable = "yes"}
holds = "no"

[[case]]
words = "Something is reported; nobody knows what."
reported_on = 2018-03-31
holds = "cannot_tell"
"""


def written(folder: Path, text: str, name: str = "flow-99-example") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_shipped_rule_is_sound() -> None:
    assert len(rulebook.load().rules) >= 100


def test_every_shipped_rule_that_asks_is_shown_holding_and_not_holding() -> None:
    for rule in rulebook.load():
        if any(version.when for version in rule.version):
            assert {"yes", "no"} <= {case.holds for case in rule.case}, rule.id


def test_rules_of_a_kind_come_in_the_order_of_asking() -> None:
    steps = [rule.order for rule, _ in rulebook.load().of_kind("flow", date(2026, 5, 4))]
    assert steps == sorted(steps)


def test_what_the_document_does_not_speak_for_is_not_verified() -> None:
    version = rulebook.load()["flow-3-evidence-to-contrary"].on(date(2020, 1, 1))
    assert version is not None
    assert not version.verified_on(date(2020, 1, 1))
    assert version.verified_on(date(2026, 4, 1))


def test_conduct_crimes_change_with_the_edition() -> None:
    book = rulebook.load()
    besides, principal = book["conduct-besides"], book["conduct-principal"]
    assert [bool(besides.on(edition.valid_from)) for edition in EDITIONS] == [False, True, False, False]
    assert [bool(principal.on(edition.valid_from)) for edition in EDITIONS] == [False, False, True, True]


def test_an_unknown_fact_neither_holds_nor_fails(tmp_path: Path) -> None:
    version = rulebook.read(written(tmp_path, SOUND)).on(date(2020, 1, 1))
    assert version is not None
    assert version.holds({}) is None
    assert version.holds({"notifiable": "no"}) is None
    assert version.holds({"notifiable": "yes"}) is False
    assert version.holds({"notifiable": "no", "mandatory_fgm_report": "no"}) is True
    assert version.holds({"mandatory_fgm_report": "yes"}) is False


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("to = 2018-03-31", "to = 2018-04-15", "two versions cover 2018-04-01"),
        ("to = 2018-03-31", "to = 2018-03-01", "no version covers 2018-03-02"),
        ("from = 2015-04-01", "from = 2019-04-01", "ends before it begins"),
        ('id = "flow-99-example"', 'id = "other"', "the file is called `flow-99-example`"),
        ('kind = "flow"', 'kind = "whim"', "`kind`"),
        ("order = 99", "ordre = 99", "unknown key `ordre`"),
        ('facts = {notifiable = "yes"}', 'facts = {notifiable = "no"}', "does not come out as it says"),
        ('holds = "no"', 'holds = "cannot_tell"', "does not come out as it says"),
        (
            "reported_on = 2018-03-31",
            "reported_on = 2017-01-01",
            "no case sits on the boundary of 2018-04-01",
        ),
    ],
)
def test_a_broken_rule_is_refused_with_one_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    assert before in SOUND
    with pytest.raises(UserError, match=sentence) as refused:
        rulebook.read(written(tmp_path, SOUND.replace(before, after)))
    assert "flow-99-example.toml" in str(refused.value)


def test_one_rule_in_two_files_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        written(folder, SOUND)
    with pytest.raises(UserError, match="stands in two files"):
        rulebook.load(tmp_path)


def test_a_rule_that_does_not_exist_gets_a_sentence() -> None:
    with pytest.raises(UserError, match="no rule `flow-00-nothing`"):
        rulebook.load()["flow-00-nothing"]
