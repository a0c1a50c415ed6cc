"""Every force of a country audited side by side, each in a folder of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opencdi.errors import UserError
from opencdi.nightly.country import _how_it_ended, forces_in

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
        assert _tables(tmp_path / "audit" / "forces" / name) == _audited_alone(tmp_path, name)
    with (tmp_path / "audit" / "report" / "costs.csv").open(newline="") as file:
        steps = {row["step"] for row in csv.DictReader(file)}
    assert {"init", "read", "link", "disclose", "count", "compare", "report"} <= steps
    (exports / "crimes" / f"force={sorted(rows)[0]}" / "part.parquet").write_bytes(b"PAR1 damaged")
    told = run("country", tmp_path / "audit", "--exports", exports, expect=2)
    assert "1 of 2 forces could not be audited" in told


def _audited_alone(root: Path, name: str) -> dict[str, bytes]:
    """The tables of a force audited by itself, in a folder as deep."""
    folder = root / "alone" / "forces" / name
    exports = root / "made" / "exports"
    files = [exports / table / f"force={name}" / "part.parquet" for table in ("incidents", "crimes")]
    run("init", folder, "--incidents", files[0], "--crimes", files[1], "--force", name)
    run("audit", folder)
    return _tables(folder)


def _tables(folder: Path) -> dict[str, bytes]:
    tables = folder / "tables"
    return {
        str(path.relative_to(tables)): path.read_bytes()
        for path in tables.rglob("*.parquet")
        if not path.relative_to(tables).parts[0].startswith(".")
    }


def test_a_process_that_was_killed_says_that_memory_may_have_run_out() -> None:
    assert "memory ran out" in _how_it_ended(-9)
    assert "with code 3" in _how_it_ended(3)


def test_a_folder_that_is_laid_out_otherwise_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no folder such as"):
        forces_in(tmp_path)


def test_a_force_with_only_one_table_is_named(tmp_path: Path) -> None:
    for folder in ("incidents/force=North", "incidents/force=South", "crimes/force=North"):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(UserError, match="South has exports of only one table"):
        forces_in(tmp_path)
