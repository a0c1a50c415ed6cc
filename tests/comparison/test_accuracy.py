"""Scoring against the truth: what counts as right, and which room a loss is put down to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.factories import Row, disclosed, finding, link, required, tables

from opencdi.comparison.accuracy import EITHER_MISSING, ERRORS, Score, Scores, accuracy, pooled
from opencdi.comparison.losses import TRUE_REQUIRED, Losses, losses, pooled_losses
from opencdi.engine import DuckDBEngine, Relation, batch_of
from opencdi.linkage import TRUTH as TRUE_LINKS
from opencdi.schema import Table


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as made:
        yield made


def _truth(engine: DuckDBEngine, contract: Table, rows: list[Row]) -> Relation:
    return engine.from_batches(contract, [batch_of(contract, rows)])


def _error(kind: str, **values: Any) -> Row:
    return {"kind": kind, "class_required": "8N", **values}


def _scores(engine: DuckDBEngine, findings: list[Row], errors: list[Row]) -> Scores:
    return accuracy(tables(engine, findings=findings)["findings"], _truth(engine, ERRORS, errors))


def _line(scores: Scores, kind: str) -> Score:
    return next(score for score in scores.by_kind if score.kind == kind)


def test_each_missing_crime_of_a_report_is_counted_once(engine: DuckDBEngine) -> None:
    scores = _scores(
        engine,
        [finding("missing", "I1", required_no=n) for n in (1, 2, 3)] + [finding("missing", "I9")],
        [_error("missing", incident_id="I1"), _error("additional_missing", incident_id="I1")],
    )
    assert _line(scores, EITHER_MISSING) == Score(EITHER_MISSING, 4, 2, 2)
    assert _line(scores, "missing") == Score("missing", 4, 1, 1)
    assert _line(scores, "missing").precision == 0.25


def test_findings_about_a_record_are_right_by_its_number(engine: DuckDBEngine) -> None:
    scores = _scores(
        engine,
        [finding("late", "I1", crime_id="C1"), finding("late", "I2", crime_id="C2")],
        [_error("late", incident_id="I1", crime_id="C1"), _error("late", crime_id="C3")],
    )
    assert _line(scores, "late") == Score("late", 2, 2, 1)


def test_a_change_of_code_within_a_class_is_no_error_to_be_found(engine: DuckDBEngine) -> None:
    scores = _scores(engine, [], [_error("wrong_class", crime_id="C1", class_recorded="8N")])
    assert _line(scores, "wrong_class").true == 0


def test_a_missing_paper_must_be_the_right_paper(engine: DuckDBEngine) -> None:
    scores = _scores(
        engine,
        [finding("paperwork", "I1", crime_id="C1", details="flag")],
        [_error("paperwork", crime_id="C1", details="victim")],
    )
    assert _line(scores, "paperwork: flag") == Score("paperwork: flag", 1, 0, 0)
    assert _line(scores, "paperwork: victim") == Score("paperwork: victim", 0, 1, 0)


def test_a_missing_crime_of_another_group_is_not_right_for_its_group(engine: DuckDBEngine) -> None:
    scores = _scores(
        engine,
        [finding("missing", "I1", "46")],
        [_error("missing", incident_id="I1")],
    )
    assert [(score.kind, score.right) for score in scores.missing_by_group] == [
        ("Violence against the person", 0),
        ("Theft", 0),
    ]


def test_doubts_are_counted_with_those_that_stand_on_a_real_miss(engine: DuckDBEngine) -> None:
    scores = _scores(
        engine,
        [finding("cannot_tell", "I1"), finding("cannot_tell", "I2")],
        [_error("missing", incident_id="I1")],
    )
    assert scores.cannot_tell == (2, 1)


def test_pooling_adds_counts_and_not_shares(engine: DuckDBEngine) -> None:
    one = _scores(engine, [finding("missing", "I1")], [_error("missing", incident_id="I1")])
    other = _scores(engine, [finding("missing", "I1"), finding("missing", "I2")], [])
    assert _line(pooled([one, other]), "missing") == Score("missing", 3, 1, 1)


def _losses(engine: DuckDBEngine, errors: list[Row], true_required: list[Row], **rows: list[Row]) -> Losses:
    truth = {
        "errors": _truth(engine, ERRORS, errors),
        "required": _truth(engine, TRUE_REQUIRED, true_required),
        "links": _truth(engine, TRUE_LINKS, rows.pop("true_links", [])),
    }
    return losses(tables(engine, **rows), truth)


def _found(lost: Losses) -> dict[str, int]:
    return {loss.reason: loss.count for loss in (*lost.false, *lost.missed) if loss.count}


def test_a_false_missing_crime_is_put_down_to_what_was_read_where_none_is_required(
    engine: DuckDBEngine,
) -> None:
    lost = _losses(
        engine,
        [],
        [],
        findings=[finding("missing", "I1")],
        required_crimes=[required("I1")],
        disclosed_offences=[disclosed("I1")],
    )
    assert _found(lost) == {"no_crime_required": 1}


def test_a_false_missing_crime_whose_record_was_not_linked_is_put_down_to_linkage(
    engine: DuckDBEngine,
) -> None:
    lost = _losses(
        engine,
        [],
        [{"incident_id": "I1", "required_no": 1, "record_as": "crime", "class_code": "8N", "crime_id": "C1"}],
        findings=[finding("missing", "I1")],
        required_crimes=[required("I1")],
        links=[link("C1", None, "none")],
        true_links=[
            {"crime_id": "C1", "incident_id": "I1", "reference_state": "missing", "origin": "incident"}
        ],
    )
    assert _found(lost) == {"link_lost": 1}


def test_a_missed_crime_of_which_nothing_was_read_is_put_down_to_disclosure(engine: DuckDBEngine) -> None:
    true_required = [{"incident_id": "I1", "required_no": 1, "record_as": "crime", "class_code": "8N"}]
    lost = _losses(engine, [_error("missing", incident_id="I1")], true_required)
    assert _found(lost) == {"nothing_disclosed": 1}
    assert _found(pooled_losses([lost, lost])) == {"nothing_disclosed": 2}
