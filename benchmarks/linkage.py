"""Time and memory of linkage, as a ratio to a plain scan of the tables it reads.

    python benchmarks/linkage.py [--incidents N] [--seed S] [--slice N] [--memory SIZE] [--keep FOLDER]

A made-up force is made and read once (kept in FOLDER, if given). Each way of linking then runs in a process
of its own, whose peak memory and processor time the operating system reports, and writes its links as
Parquet. In slices it is linked twice: with all the memory the engine likes to take, and with no more than
SIZE, beyond which it spills. The links must be the same each time. The table is printed and kept under
``benchmarks/results``.
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
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from opencdi.counting import classification
from opencdi.engine import DuckDBEngine
from opencdi.linkage.slices import link_with_cuts
from opencdi.schema import CRIMES, INCIDENTS, PARTIES
from opencdi.settings import Linkage

RESULTS = Path(__file__).parent / "results"
TABLES = (INCIDENTS, CRIMES, PARTIES)
SLICE = 250_000


HELD = "in slices, held"


def ways(incidents_a_slice: int) -> dict[str, Callable[..., Any]]:
    at_once = partial(link_with_cuts, incidents_a_slice=sys.maxsize)
    in_slices = partial(link_with_cuts, incidents_a_slice=incidents_a_slice)
    return {"at once": at_once, "in slices": in_slices, HELD: in_slices}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it there")
    parser.add_argument("--slice", type=int, default=SLICE, help="Incidents of a slice")
    parser.add_argument("--memory", default="512MB", help="Memory the engine is held to in the last way")
    parser.add_argument("--run", choices=sorted(ways(SLICE)), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        memory = options.memory if options.run == HELD else None
        run(options.keep, ways(options.slice)[options.run], memory)
        return
    folder = options.keep or Path(tempfile.mkdtemp(prefix="opencdi-bench-"))
    try:
        result = measure(folder, options)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    show(result)
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / f"linkage-{options.incidents}.json"
    place.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def run(folder: Path, way: Callable[..., Any], memory: str | None) -> None:
    """Link the tables of a folder in one way; print the seconds it took, without start-up, and a digest of
    the links."""
    families = classification.load().families()
    with DuckDBEngine(memory, scratch=folder / "scratch") as engine:
        tables = [engine.open(table, _table(folder, table.name)) for table in TABLES]
        started = time.perf_counter()
        links = way(*tables, Linkage(), families).links
        engine.write(links, folder / "links.parquet")
        print(time.perf_counter() - started, _digest(folder / "links.parquet"))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    if not _table(folder, "crimes").exists():
        make(folder, options.incidents, options.seed)
    load = round(os.getloadavg()[0], 1)
    scan = min(_scan(folder) for _ in range(2))
    runs, digests = zip(*(_measured(folder, way, options, scan) for way in ways(options.slice)), strict=True)
    if len(set(digests)) > 1:
        sys.exit("The ways of linking do not give the same links.")
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "duckdb": duckdb.__version__,
        "incidents": options.incidents,
        "incidents_a_slice": options.slice,
        "memory": options.memory,
        "crimes": _rows(_table(folder, "crimes") / "*.parquet"),
        "scan_seconds": round(scan, 3),
        "load_before": load,
        "runs": runs,
    }


def show(result: dict[str, Any]) -> None:
    print(f"{result['incidents']:,} incidents, {result['crimes']:,} crimes, {result['machine']}")
    print(f"plain scan of the three tables: {result['scan_seconds']:.2f} s")
    print(f"{'way':<18}{'seconds':>10}{'processor':>11}{'ratio':>8}{'peak GiB':>10}")
    for each in result["runs"]:
        print(
            f"{each['name']:<18}{each['seconds']:>10.1f}{each['cpu_seconds']:>11.1f}"
            f"{each['ratio']:>8.1f}{each['peak_gib']:>10.2f}"
        )


def _measured(folder: Path, way: str, options: argparse.Namespace, scan: float) -> tuple[dict[str, Any], str]:
    """What one way took, and the digest of its links."""
    command = [sys.executable, __file__, "--keep", str(folder), "--run", way]
    command += ["--slice", str(options.slice), "--memory", options.memory]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"Linking {way} failed; run it alone with --run {way!r} to see why.")
    seconds, digest = float(printed.split()[0]), printed.split()[1]
    taken = {
        "name": way,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "ratio": round(seconds / scan, 1),
        "peak_gib": round(usage.ru_maxrss / 2**20, 2),
    }
    return taken, digest


def make(folder: Path, incidents: int, seed: int) -> None:
    force = folder / "force"
    exports = [str(force / "exports" / f"{name}.csv") for name in ("incidents", "crimes")]
    _opencdi("simulate", str(force), "--incidents", str(incidents), "--seed", str(seed))
    _opencdi("init", str(folder / "audit"), "--incidents", exports[0], "--crimes", exports[1])
    _opencdi("audit", str(folder / "audit"), "--to", "read")


def _opencdi(*arguments: str) -> None:
    opencdi = shutil.which("opencdi", path=str(Path(sys.executable).parent))
    subprocess.run([str(opencdi), *arguments], check=True, stdout=subprocess.DEVNULL)


def _scan(folder: Path) -> float:
    """Seconds to read every value of the three tables."""
    started = time.perf_counter()
    with duckdb.connect() as connection:
        for table in TABLES:
            columns = ", ".join(f"count({name}), max({name})" for name in table.names)
            connection.execute(
                f"select {columns} from read_parquet('{_table(folder, table.name)}/*.parquet')"
            ).fetchall()
    return time.perf_counter() - started


def _table(folder: Path, name: str) -> Path:
    return folder / "audit" / "tables" / name


def _digest(links: Path) -> str:
    with duckdb.connect() as connection:
        found = connection.execute(f"select bit_xor(hash(links)) from read_parquet('{links}') as links")
        return str(found.fetchall()[0][0])


def _rows(path: Path) -> int:
    with duckdb.connect() as connection:
        return int(connection.execute(f"select count(*) from read_parquet('{path}')").fetchall()[0][0])


if __name__ == "__main__":
    main()
