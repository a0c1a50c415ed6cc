"""Write the figures of docs/scale.md from the stored results of ``make conformance``, ``make bench`` and
``make national``, and the drawing beside the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert
from linkage_page import between, table

PAGE = Path("docs/scale.md")
DRAWING = Path("docs/national-year.svg")
RESULTS = Path("benchmarks/results")
SLOWER = RESULTS / "national-25000000-slower.json"
"""The largest run again on a machine of another pace: minutes are the machine's as much as the code's."""

INCIDENTS_A_YEAR = 25_000_000
MINUTES_ASKED = 15
"""In how many minutes a year of the country ought to be audited."""
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
    if years := _stored("national"):
        slower = [json.loads(path.read_text(encoding="utf-8")) for path in [SLOWER] if path.exists()]
        page = between(page, "national", national(years, slower))
        DRAWING.write_text(vl_convert.vegalite_to_svg(drawing(years)), encoding="utf-8")
    PAGE.write_text(page, encoding="utf-8")


def _stored(kind: str) -> list[dict[str, Any]]:
    """The stored results of one kind, the fewest incidents first."""
    paths = [path for path in RESULTS.glob(f"{kind}-*.json") if path.stem.removeprefix(f"{kind}-").isdigit()]
    paths.sort(key=lambda path: int(path.stem.removeprefix(f"{kind}-")))
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


WHOLE, CHAIN = "exports to frame", "read to frame"
"""All that is done from exports to frame, and the same without ``init``, which is done once a force."""


def national(results: Sequence[dict[str, Any]], slower: Sequence[dict[str, Any]]) -> str:
    """The drawing with its words, how the whole grows, and every run's steps, the largest first; and what the
    largest took on slower machines."""
    heads = (
        *("incidents", "minutes", "processor minutes", "microseconds an incident", "without init"),
        *("times a scan",),
        *("peak GiB of all processes", "exports GiB", "tables GiB", "reports GiB", "scratch at most GiB"),
    )
    rows = [_whole(result) for result in results]
    shown = f"![{_in_words(results)}]({DRAWING.name})"
    runs = [_one_year(result) for result in reversed(results)]
    told = [*_growth(results), _asked(results[-1]), *(_slower(each, results[-1]) for each in slower)]
    return "\n\n".join([shown, table(heads, rows), *told, *runs])


def _growth(results: Sequence[dict[str, Any]]) -> list[str]:
    """What an incident more costs, and a force without any: a line through the first and the last run."""
    first, last = results[0], results[-1]
    more = last["incidents"] - first["incidents"]
    if not more:
        return []
    spent = [_step(result, WHOLE)["cpu_seconds"] for result in (first, last)]
    apiece = (spent[1] - spent[0]) / more
    fixed = spent[0] - apiece * first["incidents"]
    return [
        f"From the smallest run to the largest, an incident more costs {apiece * 1e6:.0f} microseconds of "
        f"processor; a force costs {fixed / first['forces']:.1f} seconds, however small."
    ]


def _asked(result: dict[str, Any]) -> str:
    """What a year in the time asked for leaves for an incident, and what the largest run took."""
    cores = int(result["machine"].split(", ")[1].split()[0])
    left = MINUTES_ASKED * 60 * cores / INCIDENTS_A_YEAR * 1e6
    steps = [step for step in _steps(result) if step["step"] not in ("simulate", "init", WHOLE, CHAIN)]
    dearest = sorted(steps, key=lambda step: -step["cpu_seconds"])
    took = _apiece(result, _step(result, CHAIN))
    minutes = _step(result, CHAIN)["seconds"] / 60 * INCIDENTS_A_YEAR / result["incidents"]
    return (
        f"{INCIDENTS_A_YEAR:,} incidents in {MINUTES_ASKED} minutes on {cores} cores leave {left:.0f} "
        f"microseconds of processor for an incident. The largest run takes {took:.1f} from read to frame, "
        f"{took / left:.2f} times as much, so that the whole year takes {minutes:.1f} minutes; "
        f"`{dearest[0]['step']}` alone takes {_apiece(result, dearest[0]):.0f}, `{dearest[1]['step']}` "
        f"{_apiece(result, dearest[1]):.0f} and `{dearest[2]['step']}` {_apiece(result, dearest[2]):.0f}."
    )


def _slower(result: dict[str, Any], quicker: dict[str, Any]) -> str:
    """The same year on a slower machine, beside the run that the page shows."""
    scan, chain = result["scan_cpu_seconds"], _step(result, CHAIN)
    slower = scan / quicker["scan_cpu_seconds"]
    return (
        f"On a machine where the plain scan takes {scan:.2f} processor seconds, {slower:.2f} times as many, "
        f"the same {result['incidents']:,} incidents took {chain['seconds'] / 60:.1f} minutes from "
        f"read to frame on {result['measured_on']}: {chain['ratio']:.1f} times the scan, "
        f"{_apiece(result, chain):.1f} microseconds of processor an incident."
    )


def _whole(result: dict[str, Any]) -> list[str]:
    whole, disk = _step(result, WHOLE), result["disk_gib"]
    return [
        f"{result['incidents']:,}",
        f"{whole['seconds'] / 60:.1f}",
        f"{whole['cpu_seconds'] / 60:.1f}",
        f"{_apiece(result, whole):.0f}",
        f"{_apiece(result, _step(result, CHAIN)):.0f}",
        f"{whole['ratio']:.0f}",
        f"{whole['peak_gib']:.2f}",
        *(f"{disk[name]:.2f}" for name in ("exports", "tables", "reports", "scratch at most")),
    ]


def _one_year(result: dict[str, Any]) -> str:
    head = (
        f"{result['incidents']:,} incidents of {result['forces']} forces, {result['workers']} at a time, "
        f"{result['memory']} for each engine; {result['machine']}, Python {result['python']}, DuckDB "
        f"{result['duckdb']}, measured on {result['measured_on']} (load average before it "
        f"{result['load_before']}); a plain scan of the exports takes {result['scan_cpu_seconds']:.2f} "
        "processor seconds:"
    )
    heads = ("step", "seconds", "processor seconds", "microseconds an incident", "times a scan", "peak GiB")
    rows = [
        (
            step["step"],
            f"{step['seconds']:.1f}",
            f"{step['cpu_seconds']:.1f}",
            f"{_apiece(result, step):.1f}",
            f"{step['ratio']:.1f}",
            f"{step['peak_gib']:.2f}",
        )
        for step in _steps(result)
    ]
    return f"{head}\n\n{table(heads, rows)}"


def _steps(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a run, the chain without ``init`` before the whole."""
    *steps, whole = result["steps"]
    (proposed,) = (step for step in steps if step["step"] == "init")
    less = {name: whole[name] - proposed[name] for name in ("seconds", "cpu_seconds", "ratio")}
    return [*steps, {**whole, **less, "step": CHAIN}, whole]


def _step(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(step for step in _steps(result) if step["step"] == name)


def _apiece(result: dict[str, Any], step: dict[str, Any]) -> float:
    """Microseconds of processor an incident."""
    return float(step["cpu_seconds"]) / int(result["incidents"]) * 1e6


def _in_words(results: Sequence[dict[str, Any]]) -> str:
    told = ", ".join(
        f"{_step(result, WHOLE)['cpu_seconds'] / 60:.1f} for {result['incidents']:,}" for result in results
    )
    return f"Processor minutes of a national year from exports to frame by the number of incidents: {told}."


def drawing(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Processor minutes by incidents, over a straight line through nought and the largest run."""
    points = [
        {
            "incidents": result["incidents"],
            "minutes": _step(result, WHOLE)["cpu_seconds"] / 60,
            "figure": f"{_step(result, WHOLE)['cpu_seconds'] / 60:.1f}",
        }
        for result in results
    ]
    straight = [{"incidents": 0, "minutes": 0}, points[-1]]
    across = {"field": "incidents", "type": "quantitative", "title": "Incidents", "axis": {"format": "~s"}}
    up = {"field": "minutes", "type": "quantitative", "title": "Processor minutes"}
    line = {"type": "line", "strokeDash": [6, 4], "color": "#3D3D3D"}
    figures = {"type": "text", "align": "right", "dx": -10, "dy": -4, "fontSize": 13}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 520,
        "height": 300,
        "background": "white",
        "config": {
            "font": "Helvetica, Arial, sans-serif",
            "axis": {"labelFontSize": 12, "titleFontSize": 13},
        },
        "layer": [
            {"data": {"values": straight}, "mark": line, "encoding": {"x": across, "y": up}},
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 80, "color": "#12436D", "opacity": 1},
                "encoding": {"x": across, "y": up},
            },
            {
                "data": {"values": points},
                "mark": figures,
                "encoding": {"x": across, "y": up, "text": {"field": "figure", "type": "nominal"}},
            },
        ],
    }


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
