"""Kill -9 at random moments of the steps of a large force's audit, run again, and compare the bytes.

    python benchmarks/kills.py [--incidents N] [--kills 50] [--keep FOLDER]

Each step is done once from nothing, which says how long it takes and what its tables are, byte for byte. A
moment is then drawn from the time of all steps together; the step it falls in begins anew, is killed there,
and is run again. One that had ended before it was killed proves nothing and is drawn again. The result is
kept under ``benchmarks/results``; ``scripts/speed_page.py`` writes it into docs/speed.md. Fails where any
table differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from run import RESULTS

STEPS = ("read", "link", "disclose", "count", "compare", "population")
# Compiled modules are kept between commands, as on any machine where OpenCDI is installed.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

Tables = dict[str, str]


@dataclass(frozen=True)
class Done:
    """One step from nothing: the audit ``before`` it, the seconds in which its command comes to work and
    ends, and the hash of every part of every table afterwards."""

    before: Path
    begins: float
    ends: float
    tables: Tables


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=150_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-kills-"))
    place = RESULTS / f"kills-{options.incidents}.json"
    try:
        for result in measured(folder, options.incidents, options.kills, options.seed):
            place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if different := sum(step["different"] for step in result["steps"]):
        sys.exit(f"After {different} of {result['kills']} kills the tables were others.")


def measured(folder: Path, incidents: int, kills: int, seed: int) -> Iterator[dict[str, Any]]:
    """What was found, after each kill."""
    _audit(begun(folder / "small", 500, seed), STEPS[-1])  # what is compiled once is compiled
    done = steps_done(begun(folder, incidents, seed), folder)
    chance = random.Random(seed)
    hit: Counter[str] = Counter()
    different: Counter[str] = Counter()
    ended_before = 0
    while hit.total() < kills:
        name = chance.choices(STEPS, [done[step].ends - done[step].begins for step in STEPS])[0]
        step = done[name]
        after = chance.uniform(step.begins, step.ends)
        root = folder / "killed"
        _copy(step.before, root)
        if not killed(root, name, after):
            ended_before += 1
            continue
        _audit(root, name)
        hit[name] += 1
        different[name] += tables(root) != step.tables
        print(f"{hit.total()} of {kills}: {name} after {after:.1f} s; {different.total()} differ", flush=True)
        yield {
            "measured_on": datetime.now(UTC).date().isoformat(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "duckdb": duckdb.__version__,
            "incidents": incidents,
            "kills": hit.total(),
            "ended_before": ended_before,
            "steps": [
                {
                    "step": each,
                    "seconds": round(done[each].ends - done[each].begins, 1),
                    "kills": hit[each],
                    "different": different[each],
                }
                for each in STEPS
            ],
        }


def begun(folder: Path, incidents: int, seed: int) -> Path:
    """A force's audit, not yet run."""
    force, root = folder / "force", folder / "before-read"
    shutil.rmtree(root, ignore_errors=True)
    if not (force / "truth").exists():
        _opencdi("simulate", force, "--incidents", incidents, "--seed", seed, "--format", "parquet")
    files = {table: force / "exports" / f"{table}.parquet" for table in ("incidents", "crimes")}
    _opencdi("init", root, "--incidents", files["incidents"], "--crimes", files["crimes"])
    return root


def steps_done(root: Path, folder: Path) -> dict[str, Done]:
    """Every step from nothing, and the audit as it was before each."""
    done: dict[str, Done] = {}
    for number, name in enumerate(STEPS, start=1):
        after = folder / (f"before-{STEPS[number]}" if number < len(STEPS) else "whole")
        _copy(root, after)
        ends, begins = _audit(after, name), _audit(after, name)
        done[name] = Done(root, begins, ends, tables(after))
        root = after
    return done


def killed(root: Path, step: str, after: float) -> bool:
    """Run an audit up to a step, and kill it and all it started after so many seconds; False where it had
    ended."""
    process = subprocess.Popen(
        command("audit", root, "--to", step),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def tables(root: Path) -> Tables:
    """The hash of every part of every table."""
    parts = sorted(path for path in (root / "tables").glob("*/*.parquet") if path.parent.name[0] != ".")
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in parts}


def _audit(root: Path, step: str) -> float:
    """Run an audit up to a step; the seconds it took."""
    began = time.monotonic()
    _opencdi("audit", root, "--to", step)
    return time.monotonic() - began


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def _opencdi(*arguments: object) -> None:
    finished = subprocess.run(command(*arguments), stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    if finished.returncode:
        sys.exit(f"`opencdi {' '.join(map(str, arguments))}` failed.")


def command(*arguments: object) -> list[str]:
    """One command of OpenCDI as this environment holds it."""
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    return [str(opencdi), *map(str, arguments)]


if __name__ == "__main__":
    main()
