"""The review room under load: auditors who judge at once, and what becomes of it when things are killed.

``make load``, or ``python benchmarks/review_load.py [postgresql] [sqlite] [killed]``, with the lock file
``requirements/load.txt``. Each run makes a room as a force has it (production settings, gunicorn with two
processes of four threads, WhiteNoise, a PostgreSQL cluster of its own that runs as a role which owns
nothing), lets locust's auditors sign in with password and second factor and judge all that is given to
them, with the time a person takes to read and think, and then reconciles what they were told with the
database and the chain of events. ``killed`` kills the whole server, and later the whole database, at work.

The kept result is `benchmarks/results/review-load.json`; `scripts/speed_page.py` writes the page from it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.review.load.real_room import RealRoom, real_room  # noqa: E402

RESULT = Path(__file__).parent / "results" / "review-load.json"
BOUND_MILLISECONDS = 300
LONGEST_SECONDS = 900

Act = Callable[[RealRoom], None]


@dataclass(frozen=True)
class Run:
    """So many auditors at so many cases, and what is done to the room at which second."""

    auditors: int
    cases: int
    on_postgresql: bool
    arriving: float = 2.0
    """Auditors a second."""
    acts: tuple[tuple[float, str, Act], ...] = ()


def _kill_server(room: RealRoom) -> None:
    room.lose_server(3)


def _kill_database(room: RealRoom) -> None:
    room.lose_database(3)


RUNS = {
    "postgresql": Run(50, 60, on_postgresql=True),
    "sqlite": Run(10, 15, on_postgresql=False),
    "killed": Run(
        50,
        50,
        on_postgresql=True,
        acts=((35, "server", _kill_server), (60, "database", _kill_database), (85, "server", _kill_server)),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; all unless named")
    chosen = parser.parse_args().runs or list(RUNS)
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    wrong = []
    for name in chosen:
        kept[name] = measure(RUNS[name])
        RESULT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(json.dumps({name: kept[name]}, indent=1))
        wrong += [f"{name}: {each}" for each in _wrong(kept[name])]
    if wrong:
        sys.exit("\n".join(wrong))


def _wrong(result: dict[str, Any]) -> list[str]:
    """What does not hold in a result. Time is held only where nothing was killed."""
    slow = result["all_pages"]["p95"] >= BOUND_MILLISECONDS and not result["killed"]
    late = [f"95 % of the pages took up to {result['all_pages']['p95']} ms."] if slow else []
    undone = result["reconciled"]["readings_given"] - result["reconciled"]["signed"]
    left = [f"{undone} readings were not signed."] if undone else []
    return [*late, *left, *result["reconciled"]["problems"]]


def measure(run: Run) -> dict[str, Any]:
    """One run in a room of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        real_room(Path(folder), run.auditors, run.cases, run.on_postgresql) as room,
    ):
        told = Path(folder) / "told.jsonl"
        begun, load_before = time.time(), os.getloadavg()[0]
        killed = _work(room, run, told)
        seconds = time.time() - begun
        processor = _processor_seconds(room)
        lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
        found = room.asked("tests.review.load.reconciled", str(told))
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(load_before, 1),
        "niceness": os.nice(0),
        "database": "PostgreSQL" if run.on_postgresql else "SQLite",
        "auditors": run.auditors,
        "seconds": round(seconds),
        "processor_seconds": processor,
        "killed": killed,
        "all_pages": _times([line["milliseconds"] for line in lines if "page" in line]),
        "pages": _by_name(lines),
        "static_files": _times([line["milliseconds"] for line in lines if "static" in line]),
        "statuses": _statuses(lines),
        "tried_again": sum("not_answered" in line for line in lines),
        "gave_up": sum("gave_up" in line for line in lines),
        "reconciled": found,
    }


def _work(room: RealRoom, run: Run, told: Path) -> list[dict[str, Any]]:
    """Locust from beginning to end, and what was killed at which second."""
    people = told.with_name("people.json")
    people.write_text(json.dumps(room.people), encoding="utf-8")
    environment = {
        **os.environ,
        "REVIEW_LOAD_PORT": str(room.port),
        "REVIEW_LOAD_PEOPLE": str(people),
        "REVIEW_LOAD_TOLD": str(told),
    }
    script = Path(__file__).with_name("review_auditors.py")
    command = [sys.executable, "-m", "locust", "-f", str(script), "--headless", "--only-summary"]
    command += ["-u", str(run.auditors), "-r", str(run.arriving), "--exit-code-on-error", "0"]
    begun = time.monotonic()
    locust = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    killed = []
    try:
        for second, what, act in run.acts:
            time.sleep(max(0.0, begun + second - time.monotonic()))
            at = time.monotonic()
            act(room)
            back = round(time.monotonic() - at, 1)
            killed.append({"what": what, "at_second": second, "back_after_seconds": back})
        locust.wait(timeout=LONGEST_SECONDS)
    finally:
        if locust.poll() is None:
            locust.kill()
            locust.wait()
    return killed


def _times(milliseconds: Sequence[float]) -> dict[str, float]:
    """Count and percentiles; nothing but the count where there is nothing."""
    if not milliseconds:
        return {"count": 0}
    found = {f"p{part}": round(float(np.percentile(milliseconds, part)), 1) for part in (50, 95, 99)}
    return {"count": len(milliseconds), **found, "most": max(milliseconds)}


def _by_name(lines: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        if "page" in line:
            times[line["page"]].append(line["milliseconds"])
    return {name: _times(each) for name, each in sorted(times.items())}


def _statuses(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        if "page" in line:
            counts[str(line["status"])] += 1
    return dict(counts)


def _processor_seconds(room: RealRoom) -> dict[str, float]:
    """Of what runs now: the server with its processes, and the database with its own."""
    found = {}
    if room.server is not None:
        found["server"] = _of_family(room.server.pid)
    if room.cluster is not None:
        found["database"] = _of_family(room.cluster.process.pid)
    return found


def _of_family(pid: int) -> float:
    parent = psutil.Process(pid)
    spent = [each.cpu_times() for each in (parent, *parent.children(recursive=True))]
    return round(sum(each.user + each.system for each in spent), 1)


if __name__ == "__main__":
    main()
