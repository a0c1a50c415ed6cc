"""A large force audited in little memory: whether the tables are the same bytes, and what it takes.

    python benchmarks/little_memory.py [--incidents N] [--memory 4GB 1GB] [--keep FOLDER]

The audit is made once with all the memory there is, and once for each limit. A limit holds DuckDB
(``opencdi audit --memory``), and where it is not below 2 GB the operating system holds each process to it too
(``RLIMIT_DATA``: private memory that can be written to, whether it is resident or not), so that a process
that asks for more fails. Fails where a table differs. Kept under ``benchmarks/results``;
``scripts/speed_page.py`` writes it into docs/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from kills import Tables, begun, tables
from national import A_GIB, ran
from run import RESULTS

HELD_BY_THE_SYSTEM_FROM = 2 * 10**9
"""Python, Arrow and compiled readers come on top of the engine, and need room under the same limit."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--memory", nargs="+", default=["4GB", "1GB"])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-memory-"))
    try:
        result = measure(folder, options.incidents, options.memory, options.seed)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    place = RESULTS / f"memory-{options.incidents}.json"
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    if not all(run["same"] for run in result["runs"]):
        sys.exit("In little memory the tables were others.")


def measure(folder: Path, incidents: int, limits: list[str], seed: int) -> dict[str, Any]:
    root = begun(folder, incidents, seed)
    whole, first = _audited(root, folder / "whole", None)
    runs = [whole]
    for limit in limits:
        run, made = _audited(root, folder / "little", limit)
        runs.append({**run, "same": made == first})
        print(runs[-1], flush=True)
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "duckdb": duckdb.__version__,
        "incidents": incidents,
        "runs": runs,
    }


def _audited(begun: Path, root: Path, limit: str | None) -> tuple[dict[str, Any], Tables]:
    """The audit from nothing within a limit, all tables of it: what it took, and its tables."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(begun, root)
    held = _bytes(limit) if limit is not None and _bytes(limit) >= HELD_BY_THE_SYSTEM_FROM else None
    bounds = ("--memory", limit) if limit is not None else ()
    cost = ran(root, "audit", str(root), "--to", "population", *bounds, before=_held(held))
    return {
        "limit": limit,
        "held_by_the_system": held is not None,
        "seconds": round(cost.seconds, 1),
        "cpu_seconds": round(cost.cpu_seconds, 1),
        "peak_gib": round(cost.peak_bytes / A_GIB, 2),
        "scratch_gib": round(cost.scratch_bytes / A_GIB, 2),
        "same": True,
    }, tables(root)


def _bytes(limit: str) -> int:
    units = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
    return int(float(limit[:-2]) * units[limit[-2:]])


def _held(limit: int | None) -> Any:
    """What a process does before it begins: hold itself, and the processes it will start, to a limit."""
    if limit is None:
        return None
    return partial(resource.setrlimit, resource.RLIMIT_DATA, (limit, limit))


if __name__ == "__main__":
    main()
