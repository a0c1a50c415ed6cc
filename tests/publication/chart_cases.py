"""Every chart type with few, many, missing, extreme and identical values."""

from __future__ import annotations

import math
from collections.abc import Callable

from opencdi.publication import charts
from opencdi.publication.charts.intervals import Reference
from opencdi.publication.forces import forces

CASES = ("few", "many", "missing", "extreme", "identical")
NAMES = [force.name for force in forces()]


def rates(case: str) -> list[float | None]:
    """Shares for a chart of rates."""
    if case == "few":
        return [0.879, 0.804, 0.93]
    if case == "many":
        return [0.98 - 0.17 * place / 42 + 0.01 * math.sin(place) for place in range(43)]
    if case == "missing":
        return [0.91, None, 0.87, None, 0.84, 0.9, None]
    if case == "extreme":
        return [1.0, 0.0, 0.5, 0.999, 0.001]
    return [0.9] * 12


def _around(rate: float, size: float) -> tuple[float, float]:
    half = 1.96 * math.sqrt(max(rate * (1 - rate), 0.0004) / size)
    return max(0.0, rate - half), min(1.0, rate + half)


def intervals(case: str) -> charts.Chart:
    rows = []
    for place, rate in enumerate(rates(case)):
        name = NAMES[place % 43]
        if rate is None:
            rows.append(charts.IntervalRow(name, None, None, None, "[c]"))
            continue
        lower, upper = _around(rate, 300 + 40 * place)
        told = f"{100 * rate:.1f}% ({math.floor(100 * lower)} to {math.ceil(100 * upper)})"
        places = (max(1, place - 8), min(43, place + 12)) if case in ("many", "identical") else None
        rows.append(charts.IntervalRow(name, rate, lower, upper, told, places))
    if case == "missing":
        rows.append(charts.IntervalRow("Kent", 0.85, None, None, "around 85%"))
        rows.append(
            charts.IntervalRow("Other sexual offences against children and adults", 0.95, 0.9, 0.97, "95%")
        )
    return charts.intervals("Rates", "Rates with intervals.", rows, Reference(0.88, "average 88.0%"))


def funnel(case: str) -> charts.Chart:
    known = [rate for rate in rates(case) if rate is not None]
    target = sum(known) / len(known)
    error = math.sqrt(max(target * (1 - target), 0.0001))

    def limit(z: float) -> Callable[[float], tuple[float, float]]:
        return lambda size: (
            max(0.0, target - z * error / math.sqrt(size)),
            min(1.0, target + z * error / math.sqrt(size)),
        )

    points = [
        charts.FunnelPoint(
            NAMES[place],
            size := 1_000.0 if case == "identical" else 200.0 + 60 * ((place * 17) % 43),
            rate,
            not limit(1.96)(size)[0] <= rate <= limit(1.96)(size)[1],
        )
        for place, rate in enumerate(known)
    ]
    return charts.funnel_chart(
        "Funnel", "Rates by sample size.", points, target, [("95%", limit(1.96)), ("99.8%", limit(3.09))]
    )


def trend(case: str) -> charts.Chart:
    known = [rate for rate in rates(case) if rate is not None]
    points = []
    for place, rate in enumerate(known[:12]):
        lower, upper = _around(rate, 900)
        bare = case == "missing" and place % 2 == 0
        points.append(
            charts.TrendPoint(
                2015 + place,
                f"{2015 + place}",
                rate,
                None if bare else lower,
                None if bare else upper,
                f"{100 * rate:.1f}%",
                "2015" if place < 8 else "2023",
                tuple(known) if case == "many" else (),
            )
        )
    return charts.trend("Trend", "A rate over time.", points)


def tiles(case: str) -> charts.Chart:
    found = rates(case)
    made = []
    for place, force in enumerate(forces()):
        rate = found[place % len(found)] if place < len(found) or case != "few" else None
        band = None if rate is None else min(3, max(0, int((rate - 0.8) * 20)))
        told = "[x]" if rate is None else f"{100 * rate:.0f}%"
        address = f"forces/{force.slug}.html" if rate is not None else ""
        made.append(charts.Tile(force.letters, force.name, force.column, force.row, band, told, address))
    return charts.tile_map(
        "Map", "Rates by force.", made, ["under 85%", "85 to 90%", "90 to 95%", "95% and over"]
    )


def bars(case: str) -> charts.Chart:
    found = {
        "few": [12, 7],
        "many": list(range(40, 0, -2)),
        "missing": [14, None, 3, None],
        "extreme": [2_345_678, 0, 1],
        "identical": [5, 5, 5, 5],
    }[case]
    labels = (
        "Not recorded at all",
        "Recorded in the wrong class, such as assault for rape",
        "Cancelled wrongly",
    )
    rows = [
        charts.Bar(labels[place % 3], count, "[c]" if count is None else f"{count:,}")
        for place, count in enumerate(found)
    ]
    return charts.bars("Errors", "Errors by kind.", rows)


CHARTS: dict[str, Callable[[str], charts.Chart]] = {
    "intervals": intervals,
    "funnel": funnel,
    "trend": trend,
    "tiles": tiles,
    "bars": bars,
}
