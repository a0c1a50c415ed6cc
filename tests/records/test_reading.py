"""A clean export becomes tables that hold exactly what it says, under the contracts of opencdi.schema."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opencdi import schema
from opencdi.engine import DuckDBEngine, arrow_schema
from opencdi.errors import UserError
from opencdi.records import read
from opencdi.settings import load_audit

from .conftest import OFFENCES, incident, write_csv


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


def _a_small_night(root: Path, rows: int, spoiled: int) -> None:
    """An export of incidents of which some have no time that can be read."""
    spoilt = {"Call Received": "yesterday"}
    numbered = [incident(number, **(spoilt if number < spoiled else {})) for number in range(rows)]
    write_csv(root / "incidents.csv", numbered)


@pytest.mark.parametrize(("rows", "spoiled"), [(3, 1), (12, 1), (12, 3), (40, 3)])
def test_a_few_bad_rows_of_a_small_force_s_night_do_not_stop_the_night(
    engine: DuckDBEngine, audit_folder: Path, rows: int, spoiled: int
) -> None:
    _a_small_night(audit_folder, rows, spoiled)
    (counted,) = _read(engine, audit_folder)["reconciliation"].rows("where table_name = 'incidents'")
    assert (counted["accepted"], counted["rejected"]) == (rows - spoiled, spoiled)


@pytest.mark.parametrize(("rows", "spoiled"), [(1, 1), (2, 1), (6, 3), (40, 4)])
def test_bad_rows_that_are_half_of_a_small_file_or_more_than_three_stop_it(
    engine: DuckDBEngine, audit_folder: Path, rows: int, spoiled: int
) -> None:
    _a_small_night(audit_folder, rows, spoiled)
    with pytest.raises(UserError, match=f"{spoiled} of {rows} rows cannot be used"):
        _read(engine, audit_folder)


def test_a_profile_that_allows_no_rejects_allows_not_one(engine: DuckDBEngine, audit_folder: Path) -> None:
    _a_small_night(audit_folder, 40, 1)
    profile = audit_folder / "profiles" / "incidents.toml"
    profile.write_text(f"rejects_allowed = 0\n{profile.read_text()}")
    with pytest.raises(UserError, match="1 of 40 rows cannot be used"):
        _read(engine, audit_folder)
