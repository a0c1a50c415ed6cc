"""Rates with their intervals, one row each, in the given order; and where each may stand among all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opencdi.publication.charts.drawing import NARROW, WIDE, Chart, Drawing, Text, circle, diamond, line
from opencdi.publication.charts.scale import Scale, rate_range, rate_ticks
from opencdi.publication.charts.text import lines_of


@dataclass(frozen=True)
class IntervalRow:
    """``told`` is the figure in words at the row's end. ``places`` is the range of the row's rank, from 1."""

    label: str
    estimate: float | None
    lower: float | None
    upper: float | None
    told: str
    places: tuple[int, int] | None = None


@dataclass(frozen=True)
class Reference:
    """A value all rows are read against, such as the average."""

    value: float
    label: str


def intervals(
    title: str, description: str, rows: Sequence[IntervalRow], reference: Reference | None = None
) -> Chart:
    """A chart of rows; where rows have places, the wide drawing shows them as a second panel."""
    return Chart(title, description, _wide(rows, reference), _narrow(rows, reference))


HEAD, FOOT = 30.0, 8.0


def _range(rows: Sequence[IntervalRow], reference: Reference | None) -> tuple[float, float]:
    values = [end for row in rows for end in (row.estimate, row.lower, row.upper) if end is not None]
    return rate_range([*values, *([reference.value] if reference else [])])


def _wide(rows: Sequence[IntervalRow], reference: Reference | None) -> Drawing:
    placed = any(row.places for row in rows)
    label_end, plot_end = 180.0, 400.0 if placed else 520.0
    told_end = plot_end + 112
    scale = Scale(*_range(rows, reference), label_end + 10, plot_end)
    names = [lines_of(row.label, 12, label_end - 4) for row in rows]
    heights = [max(19.0, 14.0 * len(lines) + 5) for lines in names]
    height = HEAD + sum(heights) + FOOT
    marks, texts = _axis(scale, height, 7, reference)
    if placed:
        texts.append(Text((told_end + WIDE) / 2, 12, "Possible place", "middle"))
    top = HEAD
    ranks = Scale(1, max(2, len(rows)), told_end + 8, WIDE - 6)
    for row, lines, room in zip(rows, names, heights, strict=True):
        middle = top + room / 2
        first = middle + 4 - 7 * (len(lines) - 1)
        texts += [Text(label_end, first + 14 * at, part, "end") for at, part in enumerate(lines)]
        marks += _interval(row, scale, middle)
        texts.append(Text(plot_end + 8, middle + 4, row.told))
        if row.places:
            marks.append(line(ranks(row.places[0]) - 2, middle, ranks(row.places[1]) + 2, middle, "range"))
        top += room
    return Drawing(WIDE, height, tuple(marks), tuple(texts))


def _narrow(rows: Sequence[IntervalRow], reference: Reference | None) -> Drawing:
    """Name and figure stand above each interval, which has the whole width."""
    scale = Scale(*_range(rows, reference), 14, NARROW - 17)
    names = [lines_of(row.label, 12, NARROW - 120) for row in rows]
    heights = [14.0 * len(lines) + 20 for lines in names]
    height = HEAD + sum(heights) + FOOT
    marks, texts = _axis(scale, height, 5, reference)
    top = HEAD
    for row, lines, room in zip(rows, names, heights, strict=True):
        texts += [Text(0, top + 12 + 14 * at, part) for at, part in enumerate(lines)]
        texts.append(Text(NARROW, top + 12, row.told, "end"))
        marks += _interval(row, scale, top + room - 11)
        top += room
    return Drawing(NARROW, height, tuple(marks), tuple(texts))


def _axis(
    scale: Scale, height: float, most: int, reference: Reference | None
) -> tuple[list[str], list[Text]]:
    marks, texts = [], []
    for tick in rate_ticks(scale.low, scale.high, most):
        marks.append(line(scale(tick), HEAD - 4, scale(tick), height - FOOT, "grid"))
        texts.append(Text(scale(tick), HEAD - 8, f"{100 * tick:.0f}%", "middle", look="soft"))
    if reference:
        at = scale(reference.value)
        marks.append(line(at, HEAD - 4, at, height - FOOT, "reference"))
        label = Text(at, 9, reference.label, "middle", 11.0)
        shift = max(0.0, -label.box.left) - max(0.0, label.box.right - scale.end - 10)
        texts.append(Text(at + shift, 9, reference.label, "middle", 11.0))
    return marks, texts


def _interval(row: IntervalRow, scale: Scale, y: float) -> list[str]:
    if row.estimate is None:
        return []
    if row.lower is None or row.upper is None:
        return [diamond(scale(row.estimate), y, 4.5, "hollow")]
    return [
        line(scale(row.lower), y, scale(row.upper), y, "whisker"),
        circle(scale(row.estimate), y, 3.5, "dot"),
    ]
