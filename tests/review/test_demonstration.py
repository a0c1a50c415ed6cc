"""What `make review` shows beside the audit that is being judged: every role finds something real."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.review.made_up import correct, crimes, found, log, missing, record
from tests.review.room_process import REPOSITORY, demonstration_at

from opencdi.review.quality.known_cases import KnownCase, KnownCases


def _known(folder: Path) -> Path:
    """Six cases: two right, two missing, two late."""
    truths = {
        1: correct(1),
        2: correct(2),
        3: crimes(missing(spans=())),
        4: crimes(missing(spans=())),
        5: crimes(found(5, in_time="no", cause="")),
        6: crimes(found(6, in_time="no")),
    }
    cases = []
    for number, truth in truths.items():
        one = log(number, *([] if number in (3, 4) else [record(number)]))
        cases.append(KnownCase(facts=one.facts, log=one.text, truth=truth))
    path = folder / "known.json"
    path.write_text(KnownCases(case=cases).model_dump_json(), encoding="utf-8")
    return path


@pytest.mark.slow
def test_an_earlier_audit_is_settled_with_answers_actions_and_verdicts_that_wait(tmp_path: Path) -> None:
    home = tmp_path / "room"
    environment = {**demonstration_at(home), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", "from opencdi.cli import main; main()", "review", "migrate"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    script = [sys.executable, str(REPOSITORY / "scripts" / "made_up_earlier_audit.py")]
    for _ in range(2):
        made = subprocess.run(
            [*script, str(home), str(_known(tmp_path)), "Thamesmere"],
            env={**os.environ, **environment},
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert made.returncode == 0, made.stderr[-2000:]
    with sqlite3.connect(home / "review.sqlite3") as database:
        states = database.execute("SELECT state, count(*) FROM audits_case GROUP BY state").fetchall()
        standings = dict(
            database.execute("SELECT standing, count(*) FROM answers_adverseverdict GROUP BY standing")
        )
        readers = database.execute(
            "SELECT count(*) FROM people_membership WHERE role = 'auditor' AND ended_at IS NULL"
        ).fetchone()
        actions = database.execute("SELECT count(*) FROM actions_action").fetchone()
    assert states == [("settled", 6)]
    assert standings["corrected"] == standings["disputed"] == standings["awaiting"] == 1
    assert readers == (4,) and actions == (2,)
