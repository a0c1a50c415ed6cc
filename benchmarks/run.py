"""Time and memory from CSV to report, step by step, as ratios to a plain scan of the same files.

    python benchmarks/run.py [--incidents N] [--seed S] [--keep FOLDER]

Each step runs in a process of its own, whose peak memory the operating system reports. The table is
printed and kept under ``benchmarks/results``. Ratios of processor time travel between machines, seconds do
not. ``ratios.py`` holds a small run against a kept one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

STEPS = ("read", "link", "disclose", "count", "compare", "population", "report")
RESULTS = Path(__file__).parent / "results"
LEAST_SCAN_SECONDS = 1.0
"""A scan is repeated for so long, so that the yardstick of a small run is no chance."""

SCAN = """
select count(*), {sums} from read_csv('{path}', header = true, all_varchar = true, max_line_size = 10000000)
"""


@dataclass(frozen=True)
class Measured:
    """One step: seconds by the clock and of processor, the latter over the scan's, peak memory in GiB."""

    step: str
    seconds: float
    cpu_seconds: float
    ratio: float
    peak_gib: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    options = parser.parse_args()
    place = RESULTS / f"audit-{options.incidents}.json"
    result = measured_in(options.keep, options.incidents, options.seed)
    show(result)
    RESULTS.mkdir(exist_ok=True)
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measured_in(keep: Path | None, incidents: int, seed: int) -> dict[str, Any]:
    """``measure`` in a folder that is kept, or in one that is not."""
    if keep is not None:
        return measure(keep, incidents, seed)
    with tempfile.TemporaryDirectory(prefix="opencdi-bench-") as folder:
        return measure(Path(folder), incidents, seed)


def measure(folder: Path, incidents: int, seed: int) -> dict[str, Any]:
    force, audit = folder / "force", folder / "audit"
    exports = [force / "exports" / f"{name}.csv" for name in ("incidents", "crimes")]
    simulated = _timed("simulate", str(force), "--incidents", str(incidents), "--seed", str(seed))
    scan = _scan(exports)
    shutil.rmtree(audit, ignore_errors=True)
    _timed(
        "init", str(audit), "--incidents", str(exports[0]), "--crimes", str(exports[1]), "--force", "Bench"
    )
    steps = [_measured("simulate", simulated, scan)]
    for step in STEPS:
        steps.append(_measured(step, _timed("audit", str(audit), "--to", step), scan))
    audited = [each for each in steps if each.step != "simulate"]
    total, cpu = sum(each.seconds for each in audited), sum(each.cpu_seconds for each in audited)
    steps.append(_measured("CSV to report", (total, cpu, max(each.peak_gib for each in audited)), scan))
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "numba": version("numba"),
        "incidents": incidents,
        "crimes": _rows(audit / "tables" / "crimes" / "*.parquet"),
        "export_bytes": sum(path.stat().st_size for path in exports),
        "scan_cpu_seconds": round(scan, 3),
        "steps": [{name: _rounded(value) for name, value in asdict(each).items()} for each in steps],
    }


def _measured(step: str, cost: tuple[float, float, float], scan: float) -> Measured:
    seconds, cpu_seconds, peak = cost
    return Measured(step, seconds, cpu_seconds, cpu_seconds / scan, peak)


def show(result: dict[str, Any]) -> None:
    print(f"{result['incidents']:,} incidents, {result['crimes']:,} crimes, {result['machine']}")
    print(f"Python {result['python']}, DuckDB {result['duckdb']}, Numba {result['numba']}")
    print(f"plain DuckDB scan of the same files: {result['scan_cpu_seconds']:.2f} s of processor")
    print(f"{'step':<14}{'seconds':>10}{'cpu s':>10}{'us/incident':>13}{'ratio':>8}{'peak GiB':>10}")
    for each in result["steps"]:
        times = f"{each['seconds']:>10.1f}{each['cpu_seconds']:>10.1f}"
        apiece = each["cpu_seconds"] / result["incidents"] * 1e6
        print(f"{each['step']:<14}{times}{apiece:>13.1f}{each['ratio']:>8.1f}{each['peak_gib']:>10.2f}")


def _timed(*arguments: str) -> tuple[float, float, float]:
    """Seconds by the clock, seconds of processor, peak memory in GiB of one command."""
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    started = time.perf_counter()
    process = subprocess.Popen([str(opencdi), *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        sys.exit(f"`opencdi {' '.join(arguments)}` failed.")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def _scan(paths: list[Path]) -> float:
    """Processor seconds to read every value of the files as text, the least of two scans or more."""
    best, spent = float("inf"), 0.0
    for number in itertools.count():
        if number >= 2 and spent > LEAST_SCAN_SECONDS:
            return best
        started = time.process_time()
        for path in paths:
            with duckdb.connect() as connection:
                header = connection.execute(
                    f"describe select * from read_csv('{path}', header = true, all_varchar = true)"
                ).fetchall()
                sums = ", ".join(f'sum(length("{row[0]}"))' for row in header)
                connection.execute(SCAN.format(sums=sums, path=path)).fetchall()
        seconds = time.process_time() - started
        best, spent = min(best, seconds), spent + seconds
    return best


def _rows(path: Path) -> int:
    held = path / "*.parquet" if path.is_dir() else path.with_suffix(".parquet")
    with duckdb.connect() as connection:
        return int(connection.execute(f"select count(*) from read_parquet('{held}')").fetchall()[0][0])


def _rounded(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
