"""Time and memory from CSV to report, step by step, as ratios to a plain scan of the same files.

    python benchmarks/run.py [--incidents N] [--seed S] [--keep FOLDER] [--check FILE]

Each step runs in a process of its own, whose peak memory the operating system reports. The table is
printed and kept under ``benchmarks/results``. With ``--check`` the ratios are held against an earlier
result, and one that is worse by half fails the run: ratios travel between machines, seconds do not.
"""

from __future__ import annotations

import argparse
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
from pathlib import Path
from typing import Any

import duckdb

STEPS = ("read", "link", "disclose", "count", "compare", "population", "report")
RESULTS = Path(__file__).parent / "results"
SCAN = """
select count(*), {sums} from read_csv('{path}', header = true, all_varchar = true, max_line_size = 10000000)
"""


@dataclass(frozen=True)
class Measured:
    """One step: seconds by the clock and of processor, ratio to the scan, peak memory in GiB."""

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
    parser.add_argument("--check", type=Path, help="An earlier result to hold the ratios against")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-bench-"))
    try:
        result = measure(folder, options.incidents, options.seed)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    show(result)
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / f"audit-{options.incidents}.json"
    if options.check is None:
        place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    else:
        sys.exit(compare(result, json.loads(options.check.read_text())))


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
        "incidents": incidents,
        "crimes": _rows(audit / "tables" / "crimes" / "*.parquet"),
        "export_bytes": sum(path.stat().st_size for path in exports),
        "scan_seconds": round(scan, 3),
        "steps": [{name: _rounded(value) for name, value in asdict(each).items()} for each in steps],
    }


def _measured(step: str, cost: tuple[float, float, float], scan: float) -> Measured:
    seconds, cpu_seconds, peak = cost
    return Measured(step, seconds, cpu_seconds, seconds / scan, peak)


def show(result: dict[str, Any]) -> None:
    print(f"{result['incidents']:,} incidents, {result['crimes']:,} crimes, {result['machine']}")
    print(f"plain DuckDB scan of the same files: {result['scan_seconds']:.2f} s")
    print(f"{'step':<14}{'seconds':>10}{'cpu s':>10}{'ratio':>8}{'peak GiB':>10}")
    for each in result["steps"]:
        times = f"{each['seconds']:>10.1f}{each['cpu_seconds']:>10.1f}"
        print(f"{each['step']:<14}{times}{each['ratio']:>8.1f}{each['peak_gib']:>10.2f}")


def compare(result: dict[str, Any], earlier: dict[str, Any]) -> int:
    """Exit code 1 where a ratio is worse by half than the earlier one."""
    before = {each["step"]: each["ratio"] for each in earlier["steps"]}
    worse = [
        f"{each['step']}: {each['ratio']:.1f} against {before[each['step']]:.1f}"
        for each in result["steps"]
        if each["step"] in before and each["ratio"] > 1.5 * before[each["step"]] + 1
    ]
    print("\n".join(["Worse by half:", *worse]) if worse else "No ratio is worse by half.")
    return 1 if worse else 0


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
    """Seconds to read every value of the files as text, the best of two."""
    best = float("inf")
    for _ in range(2):
        started = time.perf_counter()
        for path in paths:
            with duckdb.connect() as connection:
                header = connection.execute(
                    f"describe select * from read_csv('{path}', header = true, all_varchar = true)"
                ).fetchall()
                sums = ", ".join(f'sum(length("{row[0]}"))' for row in header)
                connection.execute(SCAN.format(sums=sums, path=path)).fetchall()
        best = min(best, time.perf_counter() - started)
    return best


def _rows(path: Path) -> int:
    with duckdb.connect() as connection:
        return int(connection.execute(f"select count(*) from read_parquet('{path}')").fetchall()[0][0])


def _rounded(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
