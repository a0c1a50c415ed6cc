"""The reconciliation is said in words that add up and show no value."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencdi.engine import DuckDBEngine
from opencdi.records import read, summary
from opencdi.records.checks import column_checks
from opencdi.records.loading import expressions_for, load
from opencdi.records.profile import load_profile
from opencdi.records.sources import expanded
from opencdi.records.summary import REASONS
from opencdi.settings import load_audit

from .conftest import OFFENCES, incident, write_csv

DIRT: dict[str, dict[str, str]] = {
    "clean": {},
    "no number": {"Incident No": ""},
    "number of another": {"Incident No": "TS-00000", "Unit": "Z1"},
    "future": {"Call Received": "01/01/2199 00:00:00"},
    "not a date": {"Call Received": "yesterday"},
    "date as code": {"Opening Code": "8-Jun"},
    "bad coordinate": {"Latitude": "north"},
    "clock change": {"Call Received": "26/10/2025 01:30:00"},
    "unknown code": {"Opening Code": "ZZ1"},
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dirt=st.lists(st.sampled_from(sorted(DIRT)), min_size=1, max_size=15), ragged=st.integers(0, 3))
def test_rows_always_add_up(dirt: list[str], ragged: int, audit_folder: Path) -> None:
    """Whatever is wrong with the rows: in = accepted + rejected + skipped, and every reject is kept."""
    rows = [incident(n, **DIRT[kind]) for n, kind in enumerate(["clean", *dirt])]
    write_csv(audit_folder / "incidents.csv", rows)
    with (audit_folder / "incidents.csv").open("a") as file:
        file.write("too,few\n" * ragged)
    profile = audit_folder / "profiles" / "incidents.toml"
    if "rejects_allowed" not in profile.read_text():
        profile.write_text("rejects_allowed = 1.0\n" + profile.read_text())
    with DuckDBEngine(scratch=audit_folder / ".scratch") as engine:
        audit = load_audit(audit_folder / "audit.toml")
        tables = read(engine, audit, audit_folder, OFFENCES, today=date(2026, 1, 1))
        (row,) = tables["reconciliation"].rows("where table_name = 'incidents'")
        rejected = engine.rows(
            "select count(distinct source_line) as n from rejects"
            " where effect = 'row_rejected' and table_name = 'incidents'"
        )[0]["n"]
        raw = tables["rejects"].rows("where effect = 'row_rejected' and raw is null")
        said = summary(tables["reconciliation"], tables["rejects"])
    assert row["rows_in"] == 1 + len(dirt) + ragged
    assert row["rows_in"] == row["accepted"] + row["rejected"] + row["skipped"]
    assert row["rejected"] == rejected
    assert raw == []
    assert f"{row['rows_in']:,} rows in = {row['accepted']:,} accepted" in said
    for value in ("Example", "Test Street", "HELP", "TS-0000", "yesterday", "8-Jun", "ZZ1"):
        assert value not in said


def test_every_reason_has_words(engine: DuckDBEngine, audit_folder: Path) -> None:
    reasons = {"ragged", "exact_duplicate", "repeated_number", "unknown_code", "no_rows"}
    for table in ("incidents", "crimes"):
        profile = load_profile(f"profiles/{table}.toml", audit_folder)
        (source,) = expanded([f"{table}.csv"], audit_folder)
        raw = load(engine, source, profile.layout, 0)
        expressions = expressions_for(engine, raw, profile, "2026-01-01")
        reasons |= {check.reason for each in column_checks(expressions) for check in each.checks}
    assert reasons == set(REASONS)
    assert all(re.fullmatch("[a-z ,0-9]+", words) for words in REASONS.values())
