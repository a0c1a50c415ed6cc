"""Every force of a country audited side by side, each in a folder of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opencdi.errors import UserError
from opencdi.nightly.country import forces_in

OPENCDI = str(Path(sys.executable).parent / "opencdi")


def run(*arguments: object, expect: int = 0) -> str:
    environment = {**os.environ, "COLUMNS": "120", "OPENCDI_DEBUG": ""}
    finished = subprocess.run(
        [OPENCDI, *map(str, arguments)], capture_output=True, text=True, env=environment
    )
    assert finished.returncode == expect, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


@pytest.mark.slow
def test_a_country_is_audited_force_by_force_and_added_up(tmp_path: Path) -> None:
    run("simulate", tmp_path / "made", "--incidents", 500, "--forces", 2, "--format", "parquet")
    exports = tmp_path / "made" / "exports"
    first = run("country", tmp_path / "audit", "--exports", exports, "--workers", 2, "--memory", "1GB")
    assert "2 of 2 forces audited" in first
    with (tmp_path / "audit" / "report" / "forces.csv").open(newline="") as file:
        rows = {row["force"]: row for row in csv.DictReader(file)}
    assert set(rows) == {force.name for force in forces_in(exports)}
    assert all(int(row["accepted"]) + int(row["rejected"]) <= int(row["rows_in"]) for row in rows.values())
    for name in rows:
        assert (tmp_path / "audit" / "forces" / name / "report" / "index.html").exists()
    (exports / "crimes" / f"force={sorted(rows)[0]}" / "part.parquet").write_bytes(b"PAR1 damaged")
    told = run("country", tmp_path / "audit", "--exports", exports, expect=2)
    assert "1 of 2 forces could not be audited" in told


def test_a_folder_that_is_laid_out_otherwise_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no folder such as"):
        forces_in(tmp_path)


def test_a_force_with_only_one_table_is_named(tmp_path: Path) -> None:
    for folder in ("incidents/force=North", "incidents/force=South", "crimes/force=North"):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(UserError, match="South has exports of only one table"):
        forces_in(tmp_path)
