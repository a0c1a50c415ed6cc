"""Two browsers on one case: one wins, the other is told, nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.conftest import REPOSITORY
from tests.review.race import AT_ONCE

ADDRESS, FILE = "OPENCDI_REVIEW_DATABASE", "OPENCDI_REVIEW_SQLITE"


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database in a file, and one on PostgreSQL where the environment names a server."""
    base = {
        **{name: value for name, value in os.environ.items() if name not in (ADDRESS, FILE)},
        "DJANGO_SETTINGS_MODULE": "opencdi.review.project.settings",
        "PYTHONPATH": str(REPOSITORY),
    }
    if request.param == "sqlite":
        yield {**base, FILE: str(tmp_path / "race.sqlite3")}
        return
    if ADDRESS not in os.environ:
        pytest.skip(f"{ADDRESS} names no PostgreSQL server, so this runs on SQLite only.")
    name = f"race_{uuid.uuid4().hex}"
    server = urlsplit(os.environ[ADDRESS])._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {**base, ADDRESS: urlsplit(server)._replace(path=f"/{name}").geturl()}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
def test_of_many_at_once_one_saves_one_submits_and_each_case_is_settled_once(
    environment: dict[str, str],
) -> None:
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
