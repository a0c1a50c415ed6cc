"""The public logs are read whole by the built-in profiles: every row is accepted, rejected or skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi.engine import DuckDBEngine
from opencdi.records import read
from opencdi.records.profile import builtin_profiles, load_profile
from opencdi.settings import Audit

LOGS = {
    "ucpd": (
        ("ucpd-incident-log/incident_log_2010-2016.csv.gz", "ucpd-incidents"),
        ("ucpd-incident-log/incident_log_2010-2016.csv.gz", "ucpd-crimes"),
        (8710, 8710),
    ),
    "nashville": (
        ("nashville-calls-2024/calls_2024.csv.gz", "nashville-calls"),
        ("nashville-calls-2024/calls_2024.csv.gz", "nashville-reports"),
        (26935, 26935),
    ),
    "san francisco": (
        ("sf-police-2018/calls_for_service_2018-11.json.gz", "sf-calls"),
        ("sf-police-2018/incident_reports_2018-12.csv.gz", "sf-reports"),
        (6802, 11884),
    ),
    "reno": (
        ("reno-cad-rms-2011/cad_snapshots.csv", "reno-cad"),
        ("reno-cad-rms-2011/rms_snapshots.csv", "reno-rms"),
        (1695, 1677),
    ),
}


@pytest.mark.parametrize("name", builtin_profiles())
def test_a_built_in_profile_is_valid_and_says_what_it_describes(name: str) -> None:
    profile = load_profile(name, Path())
    assert profile.about
    assert profile.zone != "Europe/London"


@pytest.mark.shared_data
@pytest.mark.parametrize("log", LOGS)
def test_every_row_of_a_real_log_is_accounted_for(log: str, shared_data: Path, engine: DuckDBEngine) -> None:
    (incidents, calls), (crimes, reports), rows_in = LOGS[log]
    audit = Audit.model_validate(
        {
            "force": log,
            "exports": [
                {"table": "incidents", "files": [incidents], "profile": f"builtin:{calls}"},
                {"table": "crimes", "files": [crimes], "profile": f"builtin:{reports}"},
            ],
        }
    )
    tables = read(engine, audit, shared_data, {})
    rows = {row["table_name"]: row for row in tables["reconciliation"].rows()}
    for table, expected in zip(("incidents", "crimes"), rows_in, strict=True):
        row = rows[table]
        assert row["rows_in"] == expected
        assert row["rows_in"] == row["accepted"] + row["rejected"] + row["skipped"]
        assert row["rejected"] - row["exact_duplicates"] < 0.01 * expected
        assert tables[table].count() == row["accepted"]
    missing = tables["crimes"].rows("where recorded_at is null or reported_at is null")
    assert missing == []


@pytest.mark.shared_data
def test_the_city_police_numbers_quoted_in_a_campus_log_are_found(
    shared_data: Path, engine: DuckDBEngine
) -> None:
    (incidents, calls), (crimes, reports), _ = LOGS["ucpd"]
    audit = Audit.model_validate(
        {
            "force": "ucpd",
            "exports": [
                {"table": "incidents", "files": [incidents], "profile": f"builtin:{calls}"},
                {"table": "crimes", "files": [crimes], "profile": f"builtin:{reports}"},
            ],
        }
    )
    tables = read(engine, audit, shared_data, {})
    quoting = tables["incidents"].rows("where len(crime_references) > 0")
    assert len(quoting) > 500
    linked = engine.rows(
        f"select count(*) as n from {tables['crimes'].name} as crime"
        f" join {tables['incidents'].name} as incident on incident_id = incident_reference"
    )[0]["n"]
    assert linked >= 0.99 * tables["crimes"].count()
