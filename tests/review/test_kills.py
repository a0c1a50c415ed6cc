"""The server and the database are killed while people judge: nothing they were told is lost or doubled."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from tests.review.load.person_at_work import PersonAtWork, Window
from tests.review.load.real_room import RealRoom, real_room
from tests.review.postgresql import tools

AUDITORS, CASES = 6, 12

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        tools() is None, reason="No PostgreSQL 15 or later under /usr/lib/postgresql: install it to run this."
    ),
]


@pytest.fixture
def room() -> Iterator[RealRoom]:
    """Not among pytest's folders, which are shut to PostgreSQL's account when another run begins."""
    with (
        tempfile.TemporaryDirectory() as folder,
        real_room(Path(folder), AUDITORS, CASES, on_postgresql=True) as running,
    ):
        yield running


def _kill_server(room: RealRoom) -> None:
    room.lose_server(1)


def _kill_database(room: RealRoom) -> None:
    room.lose_database(1)


def _hurried(least: float, most: float) -> None:
    time.sleep(most / 20)


def test_nothing_acknowledged_is_lost_or_doubled_when_server_and_database_are_killed_at_work(
    room: RealRoom, tmp_path: Path
) -> None:
    told: list[dict[str, Any]] = []
    acts: list[Callable[[RealRoom], None]] = [_kill_server, _kill_database, _kill_server]
    with ThreadPoolExecutor(AUDITORS) as pool:
        working = [
            pool.submit(
                PersonAtWork(
                    number=number,
                    window=Window(room.port, f"10.0.0.{number}", told.append),
                    think=_hurried,
                    **each,
                ).work
            )
            for number, each in enumerate(room.people, start=1)
        ]
        for count, act in enumerate(acts, start=1):
            _wait_for(told, 12 * count)
            act(room)
        wait(working)
        for each in working:
            each.result()
    lines = tmp_path / "told.jsonl"
    lines.write_text("".join(json.dumps(each) + "\n" for each in told), encoding="utf-8")
    found = room.asked("tests.review.load.reconciled", str(lines))
    assert found["problems"] == []
    assert found["signed"] == found["judgements"] == found["readings_given"] >= 2 * CASES
    assert sum("not_answered" in each for each in told) >= len(acts)


def _wait_for(told: list[dict[str, Any]], acknowledged: int) -> None:
    """Until so many forms have been acknowledged."""
    for _ in range(1200):
        if sum(bool(each.get("acknowledged")) for each in list(told)) >= acknowledged:
            return
        time.sleep(0.05)
    raise AssertionError("The auditors did not get on.")
