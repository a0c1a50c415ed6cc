"""What throttles count in: a statement a change, what expired gives way, what counts is never dropped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opencdi.review.project import counts

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_what_is_set_stands_until_it_expires(clock: time_machine.Coordinates) -> None:
    cache.set("tries", [1.5], 60)
    cache.set("tries", [2.5, 1.5], 60)
    assert cache.get("tries") == [2.5, 1.5]
    clock.shift(61)
    assert cache.get("tries") is None


def test_only_the_first_adds_while_it_stands(clock: time_machine.Coordinates) -> None:
    assert cache.add("lock", "first", 10)
    assert not cache.add("lock", "second", 10)
    assert cache.get("lock") == "first"
    clock.shift(12)
    assert cache.add("lock", "third", 10)
    assert cache.get("lock") == "third"
    assert cache.delete("lock")
    assert cache.add("lock", "fourth", 10)


def test_what_is_touched_stands_longer(clock: time_machine.Coordinates) -> None:
    cache.set("tries", [1.5], 10)
    assert cache.touch("tries", 60)
    assert not cache.touch("nothing", 60)
    clock.shift(30)
    assert cache.get("tries") == [1.5]


def test_what_never_expires_stands(clock: time_machine.Coordinates) -> None:
    cache.set("for-good", "yes", None)
    clock.shift(30 * 24 * 3600)
    assert cache.get("for-good") == "yes"


def test_each_change_is_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "WRITES_BETWEEN_CLEARANCES", 10**9)
    cache.set("tries", [1.5], 60)
    for change in (
        lambda: cache.set("tries", [2.5], 60),
        lambda: cache.add("lock", True, 10),
        lambda: cache.add("lock", True, 10),
        lambda: cache.delete("lock"),
    ):
        with CaptureQueriesContext(connection) as asked:
            change()
        assert len(asked) == 1


def test_6_3_1_trying_a_thousand_names_wipes_out_nothing_that_counts_against_one(
    clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "WRITES_BETWEEN_CLEARANCES", 1)
    cache.set("held-against-anna", [1.5], 300)
    cache.set("old", [0.5], 5)
    clock.shift(60)
    for number in range(1000):
        cache.set(f"name-{number}", [1.5], 300)
    assert cache.get("held-against-anna") == [1.5]
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone()[0] == 1001
