"""Every night: what a night's exports cost beside an audit from nothing, and whether the bytes are the same.

``python benchmarks/nightly.py [--incidents N]`` makes a force, audits all but its last hundredth of reports,
and then lets that hundredth arrive as a night's exports: once with new rows alone, once with older records
amended as well (closing codes, reclassified and cancelled crimes of the last eight weeks). Processor
seconds of whole commands, report included; ``--check`` compares every table with an audit from nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from kills import ENVIRONMENT, command, tables

RESULTS = Path(__file__).parent / "results"
FOLDER = Path("audits")
SHARE = 0.01
TIMES = {"incidents": "Call Received", "crimes": "Date Recorded"}
KEYS = {"incidents": "Incident No", "crimes": "Crime Number"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="compare with an audit from nothing")
    options = parser.parse_args()
    folder = FOLDER / f"nightly-{options.incidents}"
    result = measure(folder, options.incidents, options.seed, options.check)
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1) + "\n"
    (RESULTS / f"nightly-{options.incidents}.json").write_text(text, encoding="utf-8")
    print(text)


def measure(folder: Path, incidents: int, seed: int, check: bool) -> dict[str, Any]:
    force, exports, audit = folder / "force", folder / "exports", folder / "audit"
    if not (force / "truth").exists():
        _cpu_seconds("simulate", force, "--incidents", incidents, "--seed", seed, "--format", "parquet")
    shutil.rmtree(exports, ignore_errors=True)
    shutil.rmtree(audit, ignore_errors=True)
    exports.mkdir()
    cut = _cut(force)
    rows = _write(force, exports, "000", f"moment < {cut}")
    _cpu_seconds("init", audit, "--incidents", exports / "incidents-000.parquet",
             "--crimes", exports / "crimes-000.parquet", "--force", "Midshire")  # fmt: skip
    toml = (audit / "audit.toml").read_text().replace("-000.parquet", "-*.parquet")
    (audit / "audit.toml").write_text(toml)
    nothing = _cpu_seconds("audit", audit)
    again = _cpu_seconds("audit", audit)
    new_rows = _write(force, exports, "001", f"moment >= {cut}")
    new = _cpu_seconds("audit", audit)
    amended_rows = _write(force, exports, "002", _amended(cut), amended=True)
    amended = _cpu_seconds("audit", audit)
    same = _same(folder, audit) if check else None
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "incidents": incidents,
        "rows_at_first": rows,
        "from_nothing_cpu_seconds": round(nothing, 2),
        "nothing_new_cpu_seconds": round(again, 2),
        "new": {"rows": new_rows, "cpu_seconds": round(new, 2), "share": round(new / nothing, 4)},
        "amended": {
            "rows": amended_rows,
            "cpu_seconds": round(amended, 2),
            "share": round(amended / nothing, 4),
        },
        "same_bytes_as_from_nothing": same,
    }


def _cut(force: Path) -> str:
    """The moment after which the last hundredth of the incidents was reported, as SQL."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select quantile_cont(moment, {1 - SHARE}) from ({_timed(force, 'incidents')})"
        ).fetchall()
    return f"timestamp '{found[0][0]}'"


def _timed(force: Path, table: str) -> str:
    return (
        f"select *, try_strptime(\"{TIMES[table]}\", '%d/%m/%Y %H:%M:%S') as moment "
        f"from read_parquet('{force}/exports/{table}.parquet')"
    )


def _amended(cut: str) -> str:
    """About one record in a hundred of the eight weeks before."""
    return f"moment < {cut} and moment >= {cut} - interval 56 day and hash(moment) % 100 = 0"


def _write(force: Path, exports: Path, night: str, which: str, amended: bool = False) -> dict[str, int]:
    changes = {
        "incidents": 'replace ("Closing Code 2" as "Closing Code 1")',
        "crimes": 'replace (case when hash(moment) % 3 = 0 then \'Cancelled\' else "Status" end as "Status", '
        'case when hash(moment) % 3 = 1 then \'008/06\' else "HO Code" end as "HO Code")',
    }
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        for table in TIMES:
            columns = f"* exclude (moment) {changes[table] if amended else ''}"
            found = connection.execute(
                f"copy (select {columns} from ({_timed(force, table)}) where {which} order by all) "
                f"to '{exports}/{table}-{night}.parquet' (format parquet)"
            ).fetchall()
            rows[table] = int(found[0][0])
    return rows


def _same(folder: Path, audit: Path) -> bool:
    """Whether every table is, byte for byte, that of an audit from nothing."""
    fresh = folder / "from-nothing"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(audit, fresh, ignore=shutil.ignore_patterns("tables", "report", "ledger.jsonl"))
    _cpu_seconds("audit", fresh, "--to", "population")
    return tables(audit) == tables(fresh)


def _cpu_seconds(*arguments: object) -> float:
    """Processor seconds of one command and all it starts."""
    process = subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"`opencdi {' '.join(map(str, arguments))}` failed.")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
