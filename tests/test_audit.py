"""An audit from a force's exports to the report, as a person would run it."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from opencdi import ledger
from opencdi.report.reading import GONE

OPENCDI = str(Path(sys.executable).parent / "opencdi")
STEPS = ("read", "link", "disclose", "count", "compare", "population", "report")


def run(*arguments: object, expect: int = 0) -> str:
    finished = subprocess.run(
        [OPENCDI, *map(str, arguments)], capture_output=True, text=True, env=environment()
    )
    assert finished.returncode == expect, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


def environment() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "120", "OPENCDI_DEBUG": ""}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up force of 800 incidents, audited."""
    home = tmp_path_factory.mktemp("force")
    run("simulate", home / "force", "--incidents", 800, "--seed", 5, "--force", "Testshire")
    exports = home / "force" / "exports"
    files = ("--incidents", exports / "incidents.csv", "--crimes", exports / "crimes.csv")
    run("init", home / "audit", *files, "--force", "Testshire")
    run("audit", home / "audit")
    return home / "audit"


@pytest.fixture
def copy(audited: Path, tmp_path: Path) -> Path:
    """A copy of the force and its audit that a test may change."""
    shutil.copytree(audited.parent, tmp_path / "home")
    return tmp_path / "home" / "audit"


def hashes(audit: Path) -> Mapping[str, str]:
    made = [*sorted((audit / "tables").rglob("*.parquet")), *sorted((audit / "report").rglob("*"))]
    return {
        str(path.relative_to(audit)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in made
        if path.is_file()
    }


def test_the_audit_prints_what_a_registrar_would_read_and_where_the_report_is(copy: Path) -> None:
    printed = run("audit", copy)
    for word in (
        "Rows in",
        "accepted",
        "rejected",
        "Missing",
        "Late",
        "not verdicts",
        "index.html",
        "worklist.xlsx",
    ):
        assert word in printed


def test_status_says_that_every_step_is_done(copy: Path) -> None:
    lines = [line.split()[:2] for line in run("status", copy).splitlines()]
    assert lines == [[step, "done"] for step in STEPS]


def test_a_second_run_changes_nothing_and_adds_nothing_to_the_history(copy: Path) -> None:
    before, history = hashes(copy), (copy / "ledger.jsonl").read_bytes()
    run("audit", copy)
    assert hashes(copy) == before
    assert (copy / "ledger.jsonl").read_bytes() == history


LOOKED_FOR_AS_BEFORE = """
import gc, sys
from pathlib import Path
from opencdi.cli.audit import audit
from opencdi.errors import UserError
before = gc.get_threshold()
try:
    audit(Path(sys.argv[1]))
    print("audited")
except UserError:
    print("refused")
print(gc.get_threshold() == before, gc.get_freeze_count())
"""


def test_lost_objects_are_looked_for_as_before_once_an_audit_is_done_or_refused(copy: Path) -> None:
    program = (sys.executable, "-c", LOOKED_FOR_AS_BEFORE, str(copy))
    done = subprocess.run(program, capture_output=True, text=True, env=environment())
    assert done.stdout.splitlines()[-2:] == ["audited", "True 0"], done.stderr
    (copy.parent / "force" / "exports" / "crimes.csv").write_text("")
    refused = subprocess.run(program, capture_output=True, text=True, env=environment())
    assert refused.stdout.splitlines()[-2:] == ["refused", "True 0"], refused.stderr


def test_an_audit_from_nothing_gives_the_same_bytes(copy: Path) -> None:
    before = hashes(copy)
    shutil.rmtree(copy / "tables")
    shutil.rmtree(copy / "report")
    run("audit", copy)
    assert hashes(copy) == before


def test_a_changed_setting_redoes_only_what_depends_on_it(copy: Path) -> None:
    toml = copy / "audit.toml"
    toml.write_text(toml.read_text() + '\n[counting]\nedition = "2018-04"\n')
    states = dict(line.split()[:2] for line in run("status", copy).splitlines())
    assert [states[step] for step in ("read", "link", "disclose", "count")] == [
        "done",
        "done",
        "done",
        "stale",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_run_killed_in_any_step_ends_in_the_same_bytes_when_run_again(copy: Path, step: str) -> None:
    expected = hashes(copy)
    for table in (copy / "tables" / ".steps").glob("*.json"):
        if table.stem in STEPS[STEPS.index(step) :]:
            table.unlink()
    entries = len(ledger.entries(copy / "ledger.jsonl"))
    for delay in (0.4, 1.1):
        process = subprocess.Popen(
            [OPENCDI, "audit", str(copy)], stdout=subprocess.DEVNULL, env=environment()
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    run("audit", copy)
    assert hashes(copy) == expected
    assert ledger.verify(copy / "ledger.jsonl") == []
    assert len(ledger.entries(copy / "ledger.jsonl")) > entries


def test_a_random_sample_can_be_planned_frozen_drawn_and_verified(copy: Path) -> None:
    toml = copy / "audit.toml"
    toml.write_text(toml.read_text() + "\n[sample]\nreadings = 200\nminimum = 3\n")
    assert "half-width" in run("plan", copy, "--half-width", 6)
    assert "Commitment to publish" in run("frame", copy)
    assert "Drawn: 200 incidents" in run("seed", copy, "4 1 6 2", "--origin", "dice")
    assert "FAILS" not in run("verify", copy)
    sheet = openpyxl.load_workbook(copy / "report" / "sample.xlsx")
    assert sheet.sheetnames == ["About", "incidents", "records", "verdicts"]
    judge(sheet["verdicts"])
    sheet.save(copy / "judged.xlsx")
    assert "Rates:" in run("estimate", copy, "--verdicts", copy / "judged.xlsx")
    assert "FAILS" not in run("verify", copy)


def test_a_sample_drawn_further_keeps_the_workbook_with_verdicts_and_names_what_is_gone(copy: Path) -> None:
    toml = copy / "audit.toml"
    toml.write_text(f'{toml.read_text()}\n[sample]\ndesign = "pareto"\nreadings = 50\n')
    run("audit", copy)
    run("frame", copy)
    run("seed", copy, "4 1 6 2", "--origin", "dice")
    judged = copy / "report" / "sample.xlsx"
    sheet = openpyxl.load_workbook(judged)
    judge(sheet["verdicts"])
    first = str(sheet["incidents"]["A2"].value)
    sheet.save(judged)
    typed = judged.read_bytes()
    incidents = copy.parent / "force" / "exports" / "incidents.csv"
    incidents.write_bytes(incidents.read_bytes().replace(f'"{first}"'.encode(), b'"NUMBER-CHANGED"'))
    run("audit", copy)
    printed = run("seed", copy, "4 1 6 2", "--origin", "dice", "--readings", 60)
    (kept,) = (copy / "report").glob("sample-earlier-*.xlsx")
    assert kept.name in printed and kept.read_bytes() == typed
    assert f"1 of the drawn incidents is not among the records of {copy} any more, such as {first}" in printed
    rows = openpyxl.load_workbook(judged)["incidents"].iter_rows(values_only=True)
    assert [str(row[-1]) for row in rows if row[0] == first] == [GONE]


def test_what_is_counted_otherwise_than_the_settings_say_is_neither_framed_nor_planned_nor_ranked(
    copy: Path,
) -> None:
    run("audit", copy, "--edition", "2018-04")
    for command in ("frame", "plan", "discover"):
        assert "`count` is not done as audit.toml" in run(command, copy, expect=2)
    assert not (copy / "sample").exists()


def test_a_population_older_than_the_records_it_is_made_from_is_not_framed(copy: Path) -> None:
    exports = copy.parent / "force" / "exports"
    lines = (exports / "incidents.csv").read_bytes().splitlines(keepends=True)
    (exports / "incidents.csv").write_bytes(b"".join(lines[:-1]))
    run("audit", copy, "--to", "read")
    assert "is not done as audit.toml" in run("frame", copy, expect=2)


def test_a_period_that_the_records_were_not_read_for_is_not_framed(copy: Path) -> None:
    toml = copy / "audit.toml"
    period = "[period]\nfirst_day = 2025-10-01\nlast_day = 2025-10-31\n"
    toml.write_text(f"{toml.read_text()}\n{period}")
    assert "`read` is not done as audit.toml" in run("frame", copy, expect=2)


def judge(sheet: Worksheet) -> None:
    columns = [str(cell.value) for cell in sheet[1]]
    for number, row in enumerate(sheet.iter_rows(min_row=2), start=1):
        row[columns.index("verdict")].value = "missing" if number % 10 == 0 else "correct"
        row[columns.index("offence_group")].value = "Violence against the person"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; from opencdi import cli; from opencdi.cli import commands; commands.register(cli.app); "
        "heavy = {'duckdb', 'pyarrow', 'numpy', 'scipy', 'sklearn', 'altair', 'pydantic', 'rich'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_folder_that_is_no_audit_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    words = run("audit", tmp_path, expect=2)
    assert words.startswith("Error: ")
    assert "opencdi init" in words


def test_an_unknown_key_in_the_settings_is_named(copy: Path) -> None:
    toml = copy / "audit.toml"
    toml.write_text(toml.read_text() + "\nedtion = 1\n")
    words = run("audit", copy, expect=2)
    assert "edtion" in words
