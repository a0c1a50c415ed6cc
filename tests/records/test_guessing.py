"""`opencdi init` proposes, from names and contents, a profile that reads the export as it is meant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from opencdi.engine import DuckDBEngine
from opencdi.records import read
from opencdi.records.setup import propose_audit, write_audit
from opencdi.records.sources import expanded
from opencdi.settings import load_audit

from .conftest import OFFENCES, crime, incident, write_csv


def opencdi(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from opencdi.cli import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
    )


def test_the_proposal_reads_the_export_with_nothing_to_mend(tmp_path: Path, engine: DuckDBEngine) -> None:
    write_csv(
        tmp_path / "incidents.csv",
        [incident(n, **{"Call Received": f"{n + 1:02}/06/2025 21:05:30"}) for n in range(30)],
    )
    write_csv(
        tmp_path / "crimes.csv",
        [crime(n, **{"Date Recorded": f"{n + 10:02}/06/2025 09:00:00"}) for n in range(20)],
    )
    root = tmp_path / "audit"
    done = opencdi(
        "init", root, "--incidents", tmp_path / "incidents.csv", "--crimes", tmp_path / "crimes.csv"
    )
    assert done.returncode == 0, done.stderr
    tables = read(engine, load_audit(root / "audit.toml"), root, OFFENCES)
    assert [row["accepted"] for row in tables["reconciliation"].rows("order by source_file")] == [20, 30]
    (one,) = tables["incidents"].rows("where incident_id = 'TS-00003'")
    assert one["caller_role"] == "victim"
    assert one["channel"] == "999"
    assert one["closing_codes"] == ["900", "110"]
    assert one["opening_group"] == "violence"
    assert one["flags"] == ["alcohol", "domestic_abuse"]
    assert one["narrative"].startswith("IP STATES")
    (two,) = tables["crimes"].rows("where crime_id = '4300003/25'")
    assert two["class_code"] == "8N"
    assert two["incident_reference"] == "TS-00003"
    assert two["status"] == "live"


def test_an_audit_that_is_there_is_not_written_over(tmp_path: Path, audit_folder: Path) -> None:
    before = (audit_folder / "audit.toml").read_text()
    files = ("--incidents", audit_folder / "incidents.csv", "--crimes", audit_folder / "crimes.csv")
    done = opencdi("init", audit_folder, *files)
    assert done.returncode == 2
    assert "is an audit already" in done.stderr
    assert (audit_folder / "audit.toml").read_text() == before


def test_a_layout_by_another_hand_is_read_with_nothing_to_mend(tmp_path: Path, engine: DuckDBEngine) -> None:
    """The simulated force's second system: other headings, codes, date format, delimiter and character
    set, written by somebody who did not see how headings are recognised."""
    made = opencdi("simulate", tmp_path / "force", "--incidents", "600", "--style", "b", "--seed", "3")
    assert made.returncode == 0, made.stderr
    exports = tmp_path / "force" / "exports"
    root = tmp_path / "audit"
    done = opencdi("init", root, "--incidents", exports / "incidents.csv", "--crimes", exports / "crimes.csv")
    assert done.returncode == 0, done.stderr
    tables = read(engine, load_audit(root / "audit.toml"), root, OFFENCES)
    for row in tables["reconciliation"].rows():
        assert row["rejected"] <= 0.02 * row["rows_in"]
    linked = engine.rows(
        "select avg(case when incident_id is not null then 1.0 else 0.0 end) as share"
        f" from {tables['crimes'].name} as crime left join {tables['incidents'].name} as incident"
        " on incident_id = incident_reference"
        " where incident_reference is not null"
    )[0]["share"]
    assert linked > 0.8
    known = engine.rows(
        "select avg(case when opening_group <> 'unknown' then 1.0 else 0.0 end) as share"
        f" from {tables['incidents'].name} as incident"
    )[0]["share"]
    assert known > 0.95
    roles = {row["role"] for row in engine.rows("select distinct role from parties")}
    assert roles == {"caller", "victim", "suspect"}


def test_a_folder_that_later_exports_arrive_in_is_named_whole_where_one_profile_reads_it(
    tmp_path: Path, engine: DuckDBEngine
) -> None:
    arriving = {table: tmp_path / f"[new] {table}" for table in ("incidents", "crimes")}
    for folder in arriving.values():
        folder.mkdir()
    write_csv(arriving["incidents"] / "1.csv", [incident(1)])
    write_csv(arriving["crimes"] / "1.csv", [crime(1)])
    (arriving["crimes"] / "2.csv").write_text("Crime No;Recorded On\n7/25;01.06.2025\n")
    files = [[str(path) for path in sorted(folder.iterdir())] for folder in arriving.values()]
    root = tmp_path / "audit [2025]"
    write_audit(root, propose_audit(engine, root, *files, force="Testshire", arriving_in=arriving))
    write_csv(arriving["incidents"] / "2.csv", [incident(2)])
    named = {
        export.table: [source.path.name for source in expanded(export.files, root)]
        for export in load_audit(root / "audit.toml").exports
    }
    assert named["incidents"] == ["1.csv", "2.csv"]
    assert "2.csv" in named["crimes"] and "*" not in (root / "audit.toml").read_text().partition("crimes")[2]
