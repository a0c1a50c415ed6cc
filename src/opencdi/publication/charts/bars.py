"""Counts as bars from nought, in the given order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opencdi.publication.charts.drawing import NARROW, WIDE, Chart, Drawing, Text, line, rectangle
from opencdi.publication.charts.scale import Scale
from opencdi.publication.charts.text import lines_of, width_of


@dataclass(frozen=True)
class Bar:
    """``count`` is None where the count is not shown; ``told`` is what stands at the bar's end."""

    label: str
    count: int | None
    told: str


def bars(title: str, description: str, rows: Sequence[Bar]) -> Chart:
    return Chart(title, description, _drawn(rows, WIDE, 250.0), _drawn(rows, NARROW, NARROW))


def _drawn(rows: Sequence[Bar], width: float, label_width: float) -> Drawing:
    """Labels stand before the bars where there is room, else above them."""
    above = label_width >= width
    start = 1.0 if above else label_width + 8
    room = max((width_of(row.told, 12) for row in rows), default=0.0) + 10
    scale = Scale(0, max((row.count or 0 for row in rows), default=0) or 1, start, width - room)
    marks: list[str] = []
    texts: list[Text] = []
    top = 4.0
    for row in rows:
        lines = lines_of(row.label, 12, label_width - 4)
        step = 14.0 * len(lines) + 22 if above else max(22.0, 14.0 * len(lines) + 8)
        middle = top + step - 12 if above else top + step / 2
        first = top + 12 if above else middle + 4 - 7 * (len(lines) - 1)
        x, anchor = (0.0, "start") if above else (label_width, "end")
        texts += [
            Text(x, first + 14 * at, part, "start" if anchor == "start" else "end")
            for at, part in enumerate(lines)
        ]
        marks.append(line(start, middle - 9, start, middle + 9, "zero"))
        if row.count:
            marks.append(rectangle(start, middle - 7, scale(row.count) - start, 14, "bar"))
        texts.append(Text((scale(row.count) if row.count else start) + 6, middle + 4, row.told))
        top += step
    return Drawing(width, top + 4, tuple(marks), tuple(texts))
