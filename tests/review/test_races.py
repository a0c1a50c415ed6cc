"""Two browsers on one case: one wins, the other is told, nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.review.race import AT_ONCE


@pytest.mark.slow
def test_of_many_at_once_one_saves_one_submits_and_each_case_is_settled_once(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "opencdi.review.project.settings",
        "OPENCDI_REVIEW_SQLITE": str(tmp_path / "race.sqlite3"),
        "PYTHONPATH": str(REPOSITORY),
    }
    environment.pop("OPENCDI_REVIEW_DATABASE", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.review.race"],
        env=environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert sorted(told["saved"]) == ["StaleFormError"] * (AT_ONCE - 1) + ["saved"]
    assert sorted(told["submitted"]) == ["StaleFormError"] * (AT_ONCE - 1) + ["submitted"]
    assert told["signed"] == told["judgements"] == told["events_signed"] == told["events_submitted"] == 8
    assert (told["settlements"], told["adjudications"]) == (3, 1)
    assert told["problems"] == []
