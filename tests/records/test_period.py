"""Rows reported outside the audit's period are skipped, and counted as skipped."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opencdi.engine import DuckDBEngine
from opencdi.errors import UserError
from opencdi.records import read
from opencdi.settings import load_audit

from .conftest import OFFENCES, crime, incident, write_csv

PERIOD = "\n[period]\nfirst_day = 2025-06-14\nlast_day = 2025-06-15\n"
AROUND = (
    "12/06/2025 23:59:59",
    "13/06/2025 23:59:59",
    "14/06/2025 00:00:00",
    "15/06/2025 23:59:59",
    "16/06/2025 00:00:00",
    "17/06/2025 00:00:00",
)


def _read(engine: DuckDBEngine, root: Path, incident_times: tuple[str, ...]) -> dict[str, Any]:
    """An audit of two days, of incidents and crimes reported at these times, in order from 0."""
    incidents = [incident(number, **{"Call Received": at}) for number, at in enumerate(incident_times)]
    crimes = [
        crime(number, **{"Date Reported": at, "Date Recorded": "20/06/2025 09:00:00"})
        for number, at in enumerate(AROUND)
    ]
    write_csv(root / "incidents.csv", incidents)
    write_csv(root / "crimes.csv", crimes)
    settings = root / "audit.toml"
    settings.write_text(settings.read_text() + PERIOD)
    return read(engine, load_audit(settings), root, OFFENCES, today=date(2026, 1, 1))


def test_incidents_of_both_days_are_in_by_the_clock_in_london(
    engine: DuckDBEngine, audit_folder: Path
) -> None:
    made = _read(engine, audit_folder, AROUND)
    found = [row["incident_id"] for row in made["incidents"].rows("order by incident_id")]
    assert found == ["TS-00002", "TS-00003"]
    (counts,) = made["reconciliation"].rows("where table_name = 'incidents'")
    assert (counts["rows_in"], counts["accepted"], counts["skipped"]) == (6, 2, 4)


def test_crime_records_have_a_days_grace(engine: DuckDBEngine, audit_folder: Path) -> None:
    made = _read(engine, audit_folder, AROUND)
    found = [row["crime_id"] for row in made["crimes"].rows("order by crime_id")]
    assert found == [f"43{number:05}/25" for number in (1, 2, 3, 4)]


def test_a_period_that_leaves_nothing_is_named(engine: DuckDBEngine, audit_folder: Path) -> None:
    with pytest.raises(UserError, match=r"or \[period\] in audit.toml"):
        _read(engine, audit_folder, ("01/01/2025 10:00:00", "01/01/2025 11:00:00"))
