"""A run with little memory, a full disk and a kill end in the same bytes or leave the old ones."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nights import Nights, tables

OPENCDI = str(Path(sys.executable).parent / "opencdi")
ENVIRONMENT = {**os.environ, "COLUMNS": "120", "OPENCDI_DEBUG": ""}
KILLS, INCIDENTS = 6, 400


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    nights = Nights(tmp_path_factory.mktemp("force"), INCIDENTS, 60, seed=7, incidents_a_part=40)
    nights.run()
    return nights


def audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [OPENCDI, "audit", str(folder), "--to", "population", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )


def copied(force: Nights, folder: Path) -> Path:
    """The audit with its settings and no tables, beside the same exports."""
    root = force.home / folder.name
    shutil.copytree(force.audit, root, ignore=shutil.ignore_patterns("tables", "ledger.jsonl", ".*"))
    return root


@pytest.mark.slow
def test_in_little_memory_the_bytes_are_the_same(force: Nights, tmp_path: Path) -> None:
    root = copied(force, tmp_path)
    finished = audit(root, "--memory", "1GB")
    assert finished.returncode == 0, finished.stderr
    assert tables(root) == tables(force.audit)


def test_a_size_that_is_none_is_a_sentence(force: Nights) -> None:
    finished = audit(force.audit, "--memory", "much")
    assert (finished.returncode, "no size of memory" in finished.stderr) == (2, True)


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_the_bytes_are_the_same(force: Nights, tmp_path: Path) -> None:
    """``make kill`` does it fifty times on a large force."""
    root, expected = copied(force, tmp_path), tables(force.audit)
    chance = random.Random(3)
    started = time.monotonic()
    assert audit(root).returncode == 0
    whole = time.monotonic() - started
    for _ in range(KILLS):
        shutil.rmtree(root / "tables")
        process = subprocess.Popen(
            [OPENCDI, "audit", str(root), "--to", "population"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )
        time.sleep(chance.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        finished = audit(root)
        assert finished.returncode == 0, finished.stderr
        assert tables(root) == expected


@pytest.mark.slow
def test_a_disk_that_fills_up_stops_with_a_sentence_and_leaves_the_tables(
    force: Nights, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("Only the superuser can mount a small disk.")
    try:
        root = disk / "audit"
        shutil.copytree(force.audit, root, ignore=shutil.ignore_patterns(".scratch", "ledger.jsonl"))
        toml = (root / "audit.toml").read_text().replace("../", f"{force.home}/")
        (root / "audit.toml").write_text(toml.replace("incidents_a_part = 40", "incidents_a_part = 41"))
        before = tables(root)
        left = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(b"0" * max(0, left - 40_000))
        finished = audit(root)
        assert finished.returncode == 2
        assert "is full. The tables are as they were" in finished.stderr
        assert tables(root) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


_AT_WORK = """
import sys
from pathlib import Path
from opencdi.workspace import Workspace
with Workspace.open(Path(sys.argv[1])).locked():
    print("at work", flush=True)
    sys.stdin.read()
"""


def test_of_two_runs_at_once_the_second_says_so_and_stops(force: Nights, tmp_path: Path) -> None:
    root = copied(force, tmp_path)
    first = subprocess.Popen(
        [sys.executable, "-c", _AT_WORK, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout is not None and first.stdout.readline() == b"at work\n"
    second = audit(root)
    first.communicate()
    assert (first.returncode, second.returncode) == (0, 2)
    assert "Another run is working" in second.stderr
    assert not (root / "tables").exists()


def test_memory_that_is_too_little_is_a_sentence_and_leaves_the_tables(force: Nights, tmp_path: Path) -> None:
    root = copied(force, tmp_path)
    finished = audit(root, "--memory", "20MB")
    assert (finished.returncode, "more with --memory" in finished.stderr) == (2, True), finished.stderr
    assert not (root / "tables" / ".steps" / "compare.json").exists()
