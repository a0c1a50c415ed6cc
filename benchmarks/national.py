"""A national year: every force of a made-up country, from its exports to the report, the rank and the frame.

    python benchmarks/national.py [--incidents N] [--forces 43] [--workers 2] [--memory 4GB] [--keep FOLDER]

The country is made once (and found again in FOLDER, if that is kept). `opencdi country` then audits all
forces and `opencdi country-frame` draws up the frame. Each step is given in seconds by the clock, in
processor seconds, as a ratio to a plain DuckDB scan of the same files, and with the most memory a process
held; the whole also with the most memory all processes held together, and with what it takes on the disk.
The table is printed and kept under ``benchmarks/results``; ``scripts/scale_page.py`` writes it into
docs/scale.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from run import RESULTS

LEAST_SCAN_SECONDS = 1.0
A_GIB = 2**30
LOOK_EVERY = 0.5
"""Seconds between two looks at memory and scratch."""


@dataclass(frozen=True)
class Run:
    """One command: seconds by the clock and of processor (its children's too), the most memory that it and
    its children held together, and the most they had in scratch folders."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    scratch_bytes: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--forces", type=int, default=43)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="4GB")
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    parser.add_argument(
        "--make", action="store_true", help="Only make the country, in the folder that is kept"
    )
    options = parser.parse_args()
    if options.make and options.keep is None:
        parser.error("--make needs --keep FOLDER, to find the country again")
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-bench-"))
    try:
        made = country_made(folder, options.incidents, options.forces, options.seed)
        if options.make:
            return
        result = measure(folder, made, options)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    show(result)
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / f"national-{options.incidents}.json"
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def country_made(folder: Path, incidents: int, forces: int, seed: int) -> Run:
    """Make the country's exports, or find them made: what making them cost."""
    kept, made = folder / "made.json", folder / "made"
    asked = {"incidents": incidents, "forces": forces, "seed": seed}
    if kept.exists():
        known = json.loads(kept.read_text())
        if known["asked"] != asked:
            sys.exit(f"{folder} holds another country ({known['asked']}). Give another folder.")
        return Run(**known["cost"])
    shutil.rmtree(made, ignore_errors=True)
    size = [f"--{name}={value}" for name, value in asked.items()]
    cost = ran(folder, "simulate", str(made), *size, "--format=parquet")
    shutil.rmtree(made / "truth", ignore_errors=True)
    kept.write_text(json.dumps({"asked": asked, "cost": asdict(cost)}))
    return cost


def measure(folder: Path, made: Run, options: argparse.Namespace) -> dict[str, Any]:
    exports, country = folder / "made" / "exports", folder / "country"
    shutil.rmtree(country, ignore_errors=True)
    load = round(os.getloadavg()[0], 1)
    scan = scanned(exports)
    bounds = (f"--workers={options.workers}", f"--memory={options.memory}")
    audited = ran(country, "country", str(country), f"--exports={exports}", *bounds)
    framed = ran(country, "country-frame", str(country), f"--memory={options.memory}")
    steps = [
        _as_step("simulate", made, scan.cpu_seconds),
        *_steps(country / "report" / "costs.csv", options.workers, scan.cpu_seconds),
        _as_step("frame", framed, scan.cpu_seconds),
    ]
    whole = Run(
        audited.seconds + framed.seconds,
        audited.cpu_seconds + framed.cpu_seconds,
        max(audited.peak_bytes, framed.peak_bytes),
    )
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "numba": version("numba"),
        "incidents": options.incidents,
        "forces": options.forces,
        "workers": options.workers,
        "memory": options.memory,
        "load_before": load,
        "scan_seconds": round(scan.seconds, 3),
        "scan_cpu_seconds": round(scan.cpu_seconds, 3),
        "steps": [*steps, _as_step("exports to frame", whole, scan.cpu_seconds)],
        "disk_gib": {
            "exports": _gib(exports),
            "tables": _gib(*country.glob("forces/*/tables")),
            "reports": _gib(*country.glob("forces/*/report"), country / "report", country / "sample"),
            "scratch at most": round(audited.scratch_bytes / A_GIB, 2),
        },
    }


def _as_step(step: str, run: Run, scan: float) -> dict[str, Any]:
    return {
        "step": step,
        "seconds": round(run.seconds, 1),
        "cpu_seconds": round(run.cpu_seconds, 1),
        "ratio": round(run.cpu_seconds / scan, 1),
        "peak_gib": round(run.peak_bytes / A_GIB, 2),
    }


def _steps(costs: Path, workers: int, scan: float) -> Iterator[dict[str, Any]]:
    """Each step over all forces; its seconds are those of all forces by the forces worked on at a time."""
    found: dict[str, list[Run]] = {}
    shared: dict[str, bool] = {}
    with costs.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cost = Run(float(row["seconds"]), float(row["processor_seconds"]), int(row["peak_bytes"]))
            found.setdefault(row["step"], []).append(cost)
            shared[row["step"]] = bool(row["force"])
    for step, each in found.items():
        seconds = sum(cost.seconds for cost in each) / (workers if shared[step] else 1)
        processor = sum(cost.cpu_seconds for cost in each)
        yield _as_step(step, Run(seconds, processor, max(cost.peak_bytes for cost in each)), scan)


def scanned(exports: Path) -> Run:
    """A plain scan of every value of the exports, the quickest of two or more."""
    runs: list[Run] = []
    while len(runs) < 2 or sum(run.cpu_seconds for run in runs) < LEAST_SCAN_SECONDS:
        began, processor = time.perf_counter(), time.process_time()
        for table in ("incidents", "crimes"):
            source = f"read_parquet('{exports}/{table}/*/*.parquet', hive_partitioning = false)"
            with duckdb.connect() as connection:
                header = connection.execute(f"describe select * from {source}").fetchall()
                sums = ", ".join(f'sum(length(cast("{row[0]}" as varchar)))' for row in header)
                connection.execute(f"select count(*), {sums} from {source}").fetchall()
        runs.append(Run(time.perf_counter() - began, time.process_time() - processor, 0))
    return min(runs, key=lambda run: run.cpu_seconds)


def ran(folder: Path, *arguments: str, before: Callable[[], object] | None = None) -> Run:
    """One command of OpenCDI, with a look now and then at what it and its children hold; ``before`` is done
    in its process before it begins."""
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    folder.parent.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen([str(opencdi), *arguments], stdout=subprocess.DEVNULL, preexec_fn=before)
    seen = {"memory": 0, "scratch": 0}
    ended = threading.Event()
    watch = threading.Thread(target=_watched, args=(process.pid, folder, seen, ended))
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    ended.set()
    watch.join()
    if status:
        sys.exit(f"`opencdi {' '.join(arguments)}` failed.")
    held = max(seen["memory"], 1024 * usage.ru_maxrss)
    return Run(seconds, usage.ru_utime + usage.ru_stime, held, seen["scratch"])


def _watched(process: int, folder: Path, seen: dict[str, int], ended: threading.Event) -> None:
    while not ended.wait(LOOK_EVERY):
        seen["memory"] = max(seen["memory"], sum(map(_resident_bytes, _family(process))))
        scratch = [*folder.glob("forces/*/.scratch"), *folder.glob(".scratch")]
        seen["scratch"] = max(seen["scratch"], _bytes(scratch))


def _family(process: int) -> list[int]:
    """A process and all its descendants."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        threads = Path(f"/proc/{process}/task").iterdir()
        children += [
            child
            for thread in threads
            if thread.name != str(process)
            for child in (thread / "children").read_text().split()
        ]
    except OSError:
        return []
    return [process, *(each for child in children for each in _family(int(child)))]


def _resident_bytes(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _gib(*folders: Path) -> float:
    return round(_bytes(folders) / A_GIB, 2)


def _bytes(folders: Sequence[Path]) -> int:
    """Bytes of all files below; a file or folder that goes while it is looked at counts nothing."""
    return sum(
        _size(Path(place, name))
        for folder in folders
        for place, _, names in os.walk(folder)
        for name in names
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def show(result: dict[str, Any]) -> None:
    print(f"{result['incidents']:,} incidents of {result['forces']} forces, {result['machine']}")
    print(f"plain DuckDB scan of the same files: {result['scan_cpu_seconds']:.2f} s of processor")
    print(f"{'step':<18}{'seconds':>10}{'cpu s':>10}{'us/incident':>13}{'ratio':>8}{'peak GiB':>10}")
    for each in result["steps"]:
        apiece = each["cpu_seconds"] / result["incidents"] * 1e6
        times = f"{each['seconds']:>10.1f}{each['cpu_seconds']:>10.1f}{apiece:>13.1f}{each['ratio']:>8.1f}"
        print(f"{each['step']:<18}{times}{each['peak_gib']:>10.2f}")
    print(", ".join(f"{name} {size:.2f} GiB" for name, size in result["disk_gib"].items()))


if __name__ == "__main__":
    main()
