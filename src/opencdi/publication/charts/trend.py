"""One rate over the audits of a force, with intervals; or an average with the forces it is of as dots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from opencdi.publication.charts.drawing import (
    NARROW,
    WIDE,
    Box,
    Chart,
    Drawing,
    Text,
    circle,
    diamond,
    dots,
    line,
    path,
)
from opencdi.publication.charts.scale import Scale, kept_apart, rate_range, rate_ticks


@dataclass(frozen=True)
class TrendPoint:
    """``when`` is a year with its fraction and ``label`` how it is told. A line joins points of one ``run``
    (audits under one edition of the rules). ``dots`` are the single values behind an average."""

    when: float
    label: str
    estimate: float
    lower: float | None
    upper: float | None
    told: str
    run: str = ""
    dots: tuple[float, ...] = field(default=())


def trend(title: str, description: str, points: Sequence[TrendPoint]) -> Chart:
    """The points in the order of time."""
    return Chart(title, description, _drawn(points, WIDE, 300.0), _drawn(points, NARROW, 260.0))


def _drawn(points: Sequence[TrendPoint], width: float, height: float) -> Drawing:
    values = [
        value
        for point in points
        for value in (point.estimate, point.lower, point.upper, *point.dots)
        if value is not None
    ]
    up = Scale(*rate_range(values), height - 30, 24)
    first, last = (points[0].when, points[-1].when) if points else (0.0, 1.0)
    across = Scale(first, max(last, first + 1e-6), 66, width - 48)
    marks, texts = _axes(points, across, up, width, height)
    runs = [
        [(across(each.when), up(each.estimate)) for each in run]
        for _, run in groupby(points, key=lambda point: point.run)
    ]
    marks += [path(run, "joined") for run in runs]
    for point in points:
        x = across(point.when)
        if point.dots:
            marks.append(dots(((x, up(dot)) for dot in point.dots), "faint"))
        if point.lower is not None and point.upper is not None:
            marks.append(line(x, up(point.lower), x, up(point.upper), "whisker"))
            marks.append(circle(x, up(point.estimate), 3.8, "dot"))
        else:
            marks.append(diamond(x, up(point.estimate), 5, "out" if point.dots else "hollow"))
    lines = [box for run in runs for pair in pairwise(run) for box in _along(*pair)]
    figures = [_off_the_line(_figure(point, across, up), lines) for point in _ends_first(points)]
    texts += kept_apart(figures, width, height, texts)
    return Drawing(width, height, tuple(marks), tuple(texts))


def _axes(
    points: Sequence[TrendPoint], across: Scale, up: Scale, width: float, height: float
) -> tuple[list[str], list[Text]]:
    marks: list[str] = []
    texts: list[Text] = []
    for share in rate_ticks(up.low, up.high, 7):
        marks.append(line(40, up(share), width - 8, up(share), "grid"))
        texts.append(Text(34, up(share) + 4, f"{100 * share:.0f}%", "end", look="soft"))
    times = [
        [Text(across(point.when), height - 8, point.label, "middle", look="soft")]
        for point in _ends_first(points)
    ]
    return marks, texts + kept_apart(times, width, height, texts)


def _figure(point: TrendPoint, across: Scale, up: Scale) -> list[Text]:
    x, y = across(point.when), up(point.estimate)
    top = up(max(point.upper or point.estimate, point.estimate, *point.dots))
    below = up(min(point.lower or point.estimate, point.estimate, *point.dots))
    return [
        Text(x, top - 9, point.told, "middle", look="b"),
        Text(x, below + 19, point.told, "middle", look="b"),
        Text(x + 6, top - 9, point.told, look="b"),
        Text(x - 6, top - 9, point.told, "end", look="b"),
        Text(x + 6, below + 19, point.told, look="b"),
        Text(x - 6, below + 19, point.told, "end", look="b"),
        Text(x + 8, y + 4, point.told, look="b"),
    ]


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Box]:
    """Small boxes that together cover the line between two points."""
    steps = max(1, int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) / 3))
    for step in range(steps + 1):
        x = start[0] + (end[0] - start[0]) * step / steps
        y = start[1] + (end[1] - start[1]) * step / steps
        yield Box(x - 1.5, y - 1.5, x + 1.5, y + 1.5)


def _off_the_line(places: Sequence[Text], lines: Sequence[Box]) -> list[Text]:
    """The candidates for one label, those that no line crosses first."""
    return sorted(places, key=lambda each: any(each.box.overlaps(box) for box in lines))


def _ends_first(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """The last and the first point keep their labels where not all fit."""
    return [*points[-1:], *points[:1], *points[1:-1]] if len(points) > 1 else list(points)
