"""Every force of a country audited side by side, each in a folder of its own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from opencdi.cli.country import _said
from opencdi.cli.force_work import _begun, _refuse_unnamed
from opencdi.errors import UserError
from opencdi.nightly.country import Done, _how_it_ended, forces_in, not_audited_now, summaries
from opencdi.report.country import write_country
from opencdi.report.summary import GroupLine, Summary
from opencdi.workspace import Workspace, steps_done

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


def test_exports_that_arrive_later_are_read_the_next_night(tmp_path: Path) -> None:
    run("simulate", tmp_path / "made", "--incidents", 120, "--forces", 2, "--format", "parquet")
    exports, audit = tmp_path / "made" / "exports", tmp_path / "audit"
    own = _largest(exports)
    later = own.with_name("night.parquet")
    own.rename(tmp_path / "kept.parquet")
    _rows(tmp_path / "kept.parquet", "limit 30", own)
    run("country", audit, "--exports", exports, "--to", "read")
    first = _incidents(audit)
    _rows(tmp_path / "kept.parquet", "offset 30", later)
    assert "2 of 2 forces audited" in run("country", audit, "--exports", exports, "--to", "read")
    assert _incidents(audit) > first
    later.unlink()
    told = run("country", audit, "--exports", exports, "--to", "read")
    assert "night.parquet is not among the exports any more" in " ".join(told.split())
    assert _incidents(audit) == first


def test_an_export_that_the_settings_do_not_name_is_no_night_lost_in_silence(tmp_path: Path) -> None:
    files = {table: [_touched(tmp_path / table / "part.csv")] for table in ("incidents", "crimes")}
    root = tmp_path / "North"
    root.mkdir()
    exports = (EXPORT.format(table=table) for table in files)
    (root / "audit.toml").write_text('force = "North"\n' + "".join(exports))
    _refuse_unnamed(Workspace.open(root), files)
    files["crimes"].append(_touched(tmp_path / "crimes" / "night.csv"))
    with pytest.raises(UserError, match=r"night\.csv: among the exports, but not named in"):
        _refuse_unnamed(Workspace.open(root), files)


EXPORT = """
[[exports]]
table = "{table}"
files = ["../{table}/part.csv"]
profile = "profiles/{table}.toml"
"""


def _touched(path: Path) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text("Number\n1\n")
    return str(path)


def test_a_force_whose_exports_are_gone_is_named_and_not_counted(tmp_path: Path) -> None:
    audited = {"North": Done("North", None, ("a.csv is not among the exports any more.",))}
    assert [*_said(audited, ["South"], Path("exports"))] == [
        "North: a.csv is not among the exports any more.",
        "South has no exports in exports any more. Its figures are those of an earlier audit.",
        "1 of 1 forces audited.",
    ]


def _largest(exports: Path) -> Path:
    return max((exports / "incidents").glob("*/*.parquet"), key=lambda path: path.stat().st_size)


def _rows(source: Path, which: str, target: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy (from read_parquet('{source}') {which}) to '{target}' (format parquet)")


def _incidents(audit: Path) -> int:
    with duckdb.connect() as connection:
        files = audit / "forces" / "*" / "tables" / "incidents" / "*.parquet"
        found = connection.execute(f"select count(*) from read_parquet('{files}')").fetchone()
    assert found is not None
    return int(found[0])


def test_the_page_and_the_table_say_which_figures_are_of_an_earlier_audit(tmp_path: Path) -> None:
    line = GroupLine("Theft", 1, 1, 1, {"missing": 3})
    own = Summary(5, 5, 0, 0, 0, 4, 1, (line,))
    write_country(tmp_path, "Twoland", {"North": own, "South": own}, ["South"])
    assert "Not audited this time:</strong> South." in (tmp_path / "index.html").read_text()
    with (tmp_path / "forces.csv").open(newline="") as file:
        assert {row["force"]: row["audited_now"] for row in csv.DictReader(file)} == {
            "North": "yes",
            "South": "no",
        }
    write_country(tmp_path, "Twoland", {"North": own, "South": own}, [])
    assert "Not audited this time" not in (tmp_path / "index.html").read_text()


def test_a_force_with_a_problem_and_one_without_exports_were_not_audited_now(tmp_path: Path) -> None:
    for name in ("North", "South"):
        (tmp_path / "forces" / name).mkdir(parents=True)
        (tmp_path / "forces" / name / "audit.toml").touch()
    audited = {"North": Done("North", None), "East": Done("East", "It could not be read.")}
    assert not_audited_now(tmp_path, audited) == ["East", "South"]


def test_a_force_without_a_report_or_with_settings_that_cannot_be_read_leaves_the_country_its_page(
    tmp_path: Path,
) -> None:
    own = Summary(5, 5, 0, 0, 0, 4, 1, (GroupLine("Theft", 1, 1, 1, {"missing": 3}),))
    for name, settings in (("North", "colour = 1"), ("South", 'force = "South"'), ("West", "")):
        (tmp_path / "forces" / name).mkdir(parents=True)
        (tmp_path / "forces" / name / "audit.toml").write_text(settings)
    nothing = {"fingerprint": {}, "parts": {}, "outputs": {}, "rows_of": {}, "published": {}}
    for name, notes in (("North", {"summary": own.as_notes()}), ("West", {})):
        steps_done(tmp_path / "forces" / name).keep("report", {**nothing, "notes": notes})
    assert summaries(tmp_path) == {"North": own}


def test_a_force_whose_first_exports_are_still_to_come_is_given_no_settings_without_them(
    tmp_path: Path,
) -> None:
    task = {"force": "North", "exports": str(tmp_path), "incidents": ["part.csv"], "crimes": []}
    with pytest.raises(UserError, match="crimes/force=North holds no file"):
        _begun(task, tmp_path / "North")
    assert not (tmp_path / "North").exists()


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
