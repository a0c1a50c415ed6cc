"""The year counted in SQL and the one report explained in Python are one set of rules.

Reports drawn at random, and all the cases, are counted both ways, which must give the same crimes for
the same reasons.
"""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.counting.casebook import cases
from tests.counting.reports import Row, as_rows, counted_in_batch, decided_alone, reports

from opencdi.counting.report import Report
from opencdi.counting.report_reading import checked
from opencdi.engine import DuckDBEngine

DRAWN = 400


def cases_as_tables() -> list[tuple[Row, list[Row]]]:
    """Every case a registrar can read, as the tables that the batch reads."""
    told = [checked(case.report, case.id) for case in cases()]
    return [
        ({**report.incident(), "reported_at": report.at.astimezone(UTC)}, as_disclosed(report))
        for report in told
        if report.edition == "by-date"
    ]


def as_disclosed(report: Report) -> list[Row]:
    rows = [dict(row, basis="words") for row in report.rows()]
    for row in rows:
        del row["stands_in"]
    return rows


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Row, list[Row]]]:
    """Reports as hypothesis draws them and as the cases tell them, so that SQL counts them all at once."""
    gathered: list[tuple[Row, list[Row]]] = []

    @settings(
        max_examples=DRAWN, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(reports())
    def gather(report: tuple[Row, list[Row]]) -> None:
        gathered.append(report)

    gather()
    return [*gathered, *cases_as_tables()]


@pytest.fixture(scope="module")
def in_batch(drawn: list[tuple[Row, list[Row]]]) -> tuple[list[Row], list[Row]]:
    with DuckDBEngine() as engine:
        return counted_in_batch(engine, drawn)


def test_both_ways_give_the_same_crimes_for_the_same_reasons(
    drawn: list[tuple[Row, list[Row]]], in_batch: tuple[list[Row], list[Row]]
) -> None:
    assert_alike(drawn, in_batch)


def test_both_ways_are_the_same_where_no_offence_lists_a_fact(drawn: list[tuple[Row, list[Row]]]) -> None:
    silent = [(incident, [{**row, "facts": []} for row in offences]) for incident, offences in drawn]
    with DuckDBEngine() as engine:
        assert_alike(silent, counted_in_batch(engine, silent))


def assert_alike(reports: list[tuple[Row, list[Row]]], in_batch: tuple[list[Row], list[Row]]) -> None:
    required, outcomes = in_batch
    for number, (incident, offences) in enumerate(reports):
        name = f"I{number}"
        alone_required, alone_outcomes = as_rows(name, decided_alone(incident, offences))
        assert [row for row in required if row["incident_id"] == name] == alone_required, (incident, offences)
        assert [row for row in outcomes if row["incident_id"] == name] == alone_outcomes, (incident, offences)


def test_the_reports_drawn_meet_every_kind_of_record_and_every_way_of_merging(
    in_batch: tuple[list[Row], list[Row]],
) -> None:
    required, outcomes = in_batch
    assert {row["record_as"] for row in required} == {"crime", "n100", "n300", "crime_related_incident"}
    assert {row["certainty"] for row in required} == {"required", "cannot_tell"}
    assert {"merged", "principal", "not_recorded", "cannot_tell"} <= {row["outcome"] for row in outcomes}
    reasons = {rule for row in required for rule in row["rules"]}
    assert {
        "principal-crime",
        "finished-incident",
        "one-crime-per-unit",
        "one-crime-per-offender-each",
        "state-besides",
    } <= reasons
