"""Counting a year: the edition of each report's day in London, what if, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.factories import disclosed, incident, tables

from opencdi.counting import count
from opencdi.engine import Dialect, DuckDBEngine
from opencdi.engine.duckdb import DuckDBDialect
from opencdi.engine.spark_dialect import SparkDialect
from opencdi.errors import UserError


def required(
    offences: list[dict[str, Any]], edition: str = "by-date", **of_incident: Any
) -> list[dict[str, Any]]:
    with DuckDBEngine() as engine:
        made = tables(engine, incidents=[incident("I1", **of_incident)], disclosed_offences=offences)
        counted = count(made["disclosed_offences"], made["incidents"], edition)
        return counted.required_crimes.rows("order by incident_id, required_no")


BOTH = [disclosed("I1", 1, "8Q", victim_confirms="yes"), disclosed("I1", 2, "58C", victim_confirms="yes")]


def test_the_edition_follows_the_day_of_the_report_in_london() -> None:
    before = required(BOTH, reported_at=datetime(2023, 5, 14, 22, 59, tzinfo=UTC))
    after = required(BOTH, reported_at=datetime(2023, 5, 14, 23, 0, tzinfo=UTC))
    assert [(row["edition"], row["class_code"]) for row in before] == [("2018-04", "8Q"), ("2018-04", "58C")]
    assert [(row["edition"], row["class_code"]) for row in after] == [("2023-05", "8Q")]


def test_an_edition_that_is_named_applies_to_every_report() -> None:
    rows = required(BOTH, "2018-04", reported_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert {row["edition"] for row in rows} == {"2018-04"}
    assert len(rows) == 2


def test_every_required_crime_gives_its_reasons() -> None:
    (row,) = required(BOTH, reported_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert row["rules"] == ["record-crime", "one-crime-per-victim", "conduct-principal", "within-24-hours"]
    assert row["offence_nos"] == [1, 2]


def test_three_offenders_who_each_raped_are_three_crimes() -> None:
    rape = disclosed("I1", 1, "19C", subcode="019/08", victim_confirms="yes", offenders=3)
    rows = required([rape], reported_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    assert [row["required_no"] for row in rows] == [1, 2, 3]
    assert {row["class_code"] for row in rows} == {"19C"}


def test_a_year_without_offences_requires_nothing() -> None:
    assert required([]) == []


def test_a_class_that_does_not_exist_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match="offence 2 of incident I1 has the class `8Z`"):
        required([disclosed("I1", 1, "8N"), disclosed("I1", 2, "8Z")])


def test_an_edition_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UserError, match="2018-04, 2023-05"):
        required(BOTH, "2019-09")


def test_a_report_before_the_oldest_edition_is_refused() -> None:
    with pytest.raises(UserError, match="reported before 2015-04-01"):
        required(BOTH, reported_at=datetime(2014, 5, 4, 9, tzinfo=UTC))


def test_two_countings_stand_side_by_side() -> None:
    with DuckDBEngine() as engine:
        when = datetime(2026, 5, 4, 9, tzinfo=UTC)
        made = tables(engine, incidents=[incident("I1", reported_at=when)], disclosed_offences=BOTH)
        older = count(made["disclosed_offences"], made["incidents"], "2018-04", "_older")
        newer = count(made["disclosed_offences"], made["incidents"], "2026-04", "_newer")
        assert (older.required_crimes.count(), newer.required_crimes.count()) == (2, 1)


@pytest.mark.parametrize("dialect", [DuckDBDialect(), SparkDialect()], ids=lambda each: each.name)
def test_every_statement_is_read_by_the_grammar_of_its_engine(dialect: Dialect) -> None:
    import sqlglot

    from opencdi.counting import batch_offences, batch_records, batch_tables
    from opencdi.counting.batch_offences import Asked
    from opencdi.counting.periods import periods

    asked = Asked("disclosed_offences", "incidents", periods(None), dialect)
    steps = [
        *batch_offences.statements(asked),
        *batch_records.statements(asked),
        *batch_tables.statements(asked),
    ]
    for step in (part for whole in steps for part in (*whole.stages, whole)):
        assert sqlglot.parse_one(step.sql, dialect=dialect.name), step.name
