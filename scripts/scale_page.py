"""Write the figures of docs/scale.md from the stored results of ``make conformance``."""

from __future__ import annotations

import json
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
    found = sorted(RESULTS.glob("conformance-*.json"), key=lambda path: int(path.stem.split("-")[1]))
    result = json.loads(found[-1].read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    page = between(page, "conformance", conformance(result))
    page = between(page, "plan", plan(result))
    PAGE.write_text(page, encoding="utf-8")


def conformance(result: dict[str, Any]) -> str:
    rows = [
        [
            each["step"],
            each["table"],
            f"{each['rows']:,}",
            "equal" if each["equal"] else f"{each['only_duckdb']} and {each['only_spark']} rows differ",
        ]
        for each in result["tables"]
    ]
    return (
        f"{result['incidents']:,} made-up incidents, compared on {result['measured']}; DuckDB "
        f"{result['duckdb']}, PySpark {result['pyspark']} on {result['threads']} threads of a shared "
        "machine.\n\n" + table(["step", "table", "rows", "row by row"], rows)
    )


def plan(result: dict[str, Any]) -> str:
    """Hours of each step for the whole volume, by the number of cores."""
    volume = COUNTRIES * INCIDENTS_A_YEAR
    hours = {
        step: seconds * result["threads"] * volume / result["incidents"] / 3600
        for step, seconds in result["spark_seconds"].items()
    }
    hours["whole"] = sum(hours.values())
    rows = [
        [step, f"{core_hours:,.0f}", *(f"{core_hours / USED / cores:,.1f}" for cores in CORES)]
        for step, core_hours in hours.items()
    ]
    heads = ["step", "core hours", *(f"hours on {cores} cores" for cores in CORES)]
    return f"{volume:,} incidents.\n\n" + table(heads, rows)


if __name__ == "__main__":
    main()
