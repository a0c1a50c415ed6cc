"""Write the figures of docs/scale.md from the stored results of ``make conformance`` and ``make bench``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linkage_page import between, table

PAGE = Path("docs/scale.md")
RESULTS = Path("benchmarks/results")

INCIDENTS_A_YEAR = 25_000_000
COUNTRIES = 10
USED = 0.7
"""Share of the cores' time that is put to use."""
CORES = (16, 64, 256)


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if compared := _stored("conformance"):
        page = between(page, "conformance", conformance(compared))
    if audits := _stored("audit"):
        page = between(page, "plan", plan(audits[-1]))
    PAGE.write_text(page, encoding="utf-8")


def _stored(kind: str) -> list[dict[str, Any]]:
    """The stored results of one kind, the fewest incidents first."""
    paths = [path for path in RESULTS.glob(f"{kind}-*.json") if path.stem.split("-")[1].isdigit()]
    paths.sort(key=lambda path: int(path.stem.split("-")[1]))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def conformance(results: Sequence[dict[str, Any]]) -> str:
    """Each table with the largest run that compared it."""
    rows = {
        (each["step"], each["table"]): [
            each["step"],
            each["table"],
            f"{result['incidents']:,}",
            f"{each['rows']:,}",
            "equal" if each["equal"] else f"{each['only_duckdb']} and {each['only_spark']} rows differ",
            result["measured"],
        ]
        for result in results
        for each in result["tables"]
    }
    versions = f"DuckDB {results[-1]['duckdb']}, PySpark {results[-1]['pyspark']}; made-up forces.\n\n"
    heads = ["step", "table", "incidents of the force", "rows", "row by row", "compared on"]
    return versions + table(heads, list(rows.values()))


def plan(result: dict[str, Any]) -> str:
    """Hours of each step for the whole volume, by the number of cores."""
    volume = COUNTRIES * INCIDENTS_A_YEAR
    hours = {
        each["step"]: each["cpu_seconds"] * volume / result["incidents"] / 3600
        for each in result["steps"]
        if each["step"] != "simulate"
    }
    rows = [
        [step, f"{core_hours:,.1f}", *(f"{core_hours / USED / cores:,.1f}" for cores in CORES)]
        for step, core_hours in hours.items()
    ]
    heads = ["step", "core hours", *(f"hours on {cores} cores" for cores in CORES)]
    return (
        f"{volume:,} incidents, from {result['incidents']:,} measured on {result['measured_on']} "
        f"({result['machine']}, DuckDB {result['duckdb']}).\n\n" + table(heads, rows)
    )


if __name__ == "__main__":
    main()
