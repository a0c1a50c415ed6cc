"""The room on a real PostgreSQL: the same tests pass, roles are apart, and the events cannot be changed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.review.postgresql import OWNER, RUNNER, Cluster, own_cluster, tools

from opencdi.review.project.keys import new_secret
from opencdi.review.sealing import new_key

REPOSITORY = Path(__file__).resolve().parents[2]

CORE = (
    "tests/review/test_events.py",
    "tests/review/test_states.py",
    "tests/review/test_judging.py",
    "tests/review/test_races.py",
    "tests/review/test_whole_audit.py",
)
"""Events and their triggers, states, judging, races, export: what rests on the database most."""
OF_CHANCE = "tests/review/test_judging.py::test_who_is_shown_as_a_is_random_and_stays"
"""Forty audits made for one coin that the database does not toss."""

pytestmark = pytest.mark.skipif(
    tools() is None, reason="No PostgreSQL 15 or later under /usr/lib/postgresql: install it to run this."
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with own_cluster() as running:
        yield running


@pytest.fixture(scope="module")
def migrated(cluster: Cluster) -> Cluster:
    """With the tables made by their owner, and the runner granted what it needs."""
    found = _room(cluster, OWNER, "migrate", "--run-role", RUNNER)
    assert found.returncode == 0, found.stderr
    return cluster


def _room(
    cluster: Cluster, role: str, *command: str, database: str = "review"
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "OPENCDI_REVIEW_DATABASE": cluster.address(database, role),
        "OPENCDI_REVIEW_SECRET_KEY": new_secret(),
        "OPENCDI_REVIEW_SEALING_KEYS": new_key("first"),
        "OPENCDI_REVIEW_HOSTS": "review.force.police.example",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    called = [sys.executable, "-c", "from opencdi.cli import main; main()", "review", *command]
    return subprocess.run(called, env=environment, capture_output=True, text=True, check=False, timeout=300)


def _tests_of_the_room(cluster: Cluster, *chosen: str) -> subprocess.CompletedProcess[str]:
    """Runs tests in a process of their own whose settings name the cluster."""
    environment = {**os.environ, "OPENCDI_REVIEW_DATABASE": cluster.address()}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST"):
        environment.pop(name, None)
    called = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *chosen]
    return subprocess.run(
        called, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=2400
    )


def test_the_core_of_the_room_passes_on_postgresql(cluster: Cluster) -> None:
    found = _tests_of_the_room(cluster, *CORE, "-k", "not sqlite", "--deselect", OF_CHANCE)
    assert found.returncode == 0, found.stdout[-4000:]
    assert "skipped" not in found.stdout


@pytest.mark.slow
def test_every_test_of_the_room_that_asks_the_database_also_passes_on_postgresql(cluster: Cluster) -> None:
    rest = [f"--ignore={path}" for path in (*CORE, "tests/review/test_on_postgresql.py")]
    found = _tests_of_the_room(cluster, "tests/review", "-m", "django_db and not browser and not slow", *rest)
    assert found.returncode == 0, found.stdout[-4000:]


def test_13_2_2_the_room_starts_as_a_role_that_owns_nothing_and_not_as_the_owner(migrated: Cluster) -> None:
    runner = _room(migrated, RUNNER, "check")
    assert runner.returncode == 0, runner.stderr
    owner = _room(migrated, OWNER, "check")
    assert owner.returncode == 2
    assert "may change the event table" in owner.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET body = '{}'",
        "DELETE FROM events_event",
        "TRUNCATE events_event",
        "DROP TRIGGER event_is_kept ON events_event",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "DROP TABLE events_event",
        "CREATE TABLE mine (x int)",
    ],
)
def test_the_role_that_runs_the_room_cannot_touch_the_events(migrated: Cluster, statement: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        migrated.sql(statement, "review", RUNNER)


def test_what_throttles_count_does_not_wait_for_the_disk_and_everything_else_does(migrated: Cluster) -> None:
    asked = "SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'"
    assert migrated.sql(asked, "review", OWNER) == "cache"
    _room(migrated, OWNER, "migrate", "--run-role", RUNNER)
    assert migrated.sql(asked, "review", OWNER) == "cache"
    migrated.sql("INSERT INTO cache VALUES ('tries', '[1.5]', now())", "review", RUNNER)


@pytest.mark.parametrize("statement", ["UPDATE events_event SET body = '{}'", "TRUNCATE events_event"])
def test_not_even_the_owner_changes_events_by_a_slip(migrated: Cluster, statement: str) -> None:
    migrated.sql(
        "INSERT INTO events_event SELECT 0, '{}', repeat('0', 64), 'h' WHERE NOT EXISTS "
        "(SELECT 1 FROM events_event)",
        "review",
        OWNER,
    )
    with pytest.raises(subprocess.CalledProcessError):
        migrated.sql(statement, "review", OWNER)


def test_an_older_database_keeps_the_room_from_starting(cluster: Cluster) -> None:
    cluster.sql(f"CREATE DATABASE empty OWNER {OWNER}")
    found = _room(cluster, OWNER, "check", database="empty")
    assert found.returncode == 2
    assert "run `opencdi review migrate`" in found.stderr
