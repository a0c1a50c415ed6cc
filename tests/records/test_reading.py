"""A clean export becomes tables that hold exactly what it says, under the contracts of opencdi.schema."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from opencdi import schema
from opencdi.engine import DuckDBEngine, arrow_schema
from opencdi.records import read
from opencdi.settings import load_audit

from .conftest import OFFENCES


def _read(engine: DuckDBEngine, root: Path) -> dict:
    return read(engine, load_audit(root / "audit.toml"), root, OFFENCES, today=date(2026, 1, 1))


def test_every_table_keeps_its_contract_on_disk(engine: DuckDBEngine, audit_folder: Path) -> None:
    for name, relation in _read(engine, audit_folder).items():
        engine.write(relation, audit_folder / f"{name}.parquet")
        written = pq.read_schema(audit_folder / f"{name}.parquet")
        assert written.names == arrow_schema(schema.TABLES[name]).names


def test_an_incident_holds_what_its_row_says(engine: DuckDBEngine, audit_folder: Path) -> None:
    (incident,) = _read(engine, audit_folder)["incidents"].rows("where incident_id = 'TS-00002'")
    assert incident["reported_at"] == datetime(2025, 6, 14, 20, 5, 30, tzinfo=UTC)
    assert incident["channel"] == "999"
    assert incident["opening_code"] == "110"
    assert incident["closing_codes"] == ["900", "110"]
    assert (incident["opening_group"], incident["closing_group"]) == ("violence", "violence")
    assert incident["flags"] == ["alcohol", "domestic_abuse"]
    assert incident["postcode"] == "ZZ9 9ZZ"
    assert incident["narrative"] == 'IP STATES "HELP"\nSECOND LINE, WITH A COMMA'
    assert incident["auditable"]


def test_a_line_break_in_a_log_does_not_shift_the_lines_after_it(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    lines = [
        row["source_line"] for row in _read(engine, audit_folder)["incidents"].rows("order by incident_id")
    ]
    assert lines == list(range(2, 62, 2))


def test_a_crime_is_classed_by_its_home_office_code(engine: DuckDBEngine, audit_folder: Path) -> None:
    crime = _read(engine, audit_folder)["crimes"].rows("order by crime_id limit 1")[0]
    assert (crime["class_code"], crime["subcode"], crime["offence_written"]) == ("8N", "008/06", "008/06")
    assert (crime["status"], crime["outcome_code"]) == ("live", "16")


def test_people_are_numbered_within_their_record(engine: DuckDBEngine, audit_folder: Path) -> None:
    parties = _read(engine, audit_folder)["parties"]
    people = parties.rows("where record_id = '4300000/25' order by party_no")
    assert [(person["party_no"], person["role"]) for person in people] == [(1, "victim"), (2, "suspect")]
    assert people[0]["born_on"] == date(1980, 3, 2)
    assert people[0]["sex"] == "F"
    caller = parties.rows("where record_id = 'TS-00000'")[0]
    assert caller["telephone"] == "01632960001"


def test_rows_in_equal_rows_accepted(engine: DuckDBEngine, audit_folder: Path) -> None:
    for row in _read(engine, audit_folder)["reconciliation"].rows():
        assert row["rows_in"] == row["accepted"]
        assert row["rejected"] == row["skipped"] == row["values_unmapped"] == 0
