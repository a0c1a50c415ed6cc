"""Bad input brings one sentence and exit code 2, and leaves the audit's folder as it was."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from opencdi import cli

from .bad_files import CASES, BadCase


def _run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["opencdi", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return int(stopped.value.code or 0)


def _state(root: Path) -> dict[str, str]:
    """Every file of a folder with its hash; what a run locks and scratches apart."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_brings_one_sentence(
    case: BadCase, audit_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (audit_folder / "tables").mkdir()
    (audit_folder / "tables" / "incidents.parquet").write_bytes(b"what an earlier run made")
    case.spoil(audit_folder)
    before = _state(audit_folder)
    assert _run(monkeypatch, "audit", audit_folder) == 2
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
    for part in case.says:
        assert part.lower() in said.lower(), said
    assert "HELP" not in said and "Test Street" not in said and "Example" not in said
    assert _state(audit_folder) == before


def test_the_corpus_holds_at_least_forty_files() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.skipif(os.geteuid() == 0, reason="The administrator may read every file.")
def test_a_file_that_may_not_be_read_brings_a_sentence(
    audit_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (audit_folder / "incidents.csv").chmod(0)
    assert _run(monkeypatch, "audit", audit_folder) == 2
    assert "may not be read" in capsys.readouterr().err
