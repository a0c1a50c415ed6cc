"""The funnel: each force's rate against the size of its sample, with the limits chance gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opencdi.publication.charts.drawing import (
    NARROW,
    WIDE,
    Box,
    Chart,
    Drawing,
    Text,
    diamond,
    dots,
    line,
    path,
)
from opencdi.publication.charts.scale import Scale, count_ticks, kept_apart, rate_range, rate_ticks


@dataclass(frozen=True)
class FunnelPoint:
    """One force; ``stands_out`` where it is outside the outer or the inner limits."""

    label: str
    size: float
    rate: float
    stands_out: bool


Limits = Callable[[float], tuple[float, float]]
"""From the size of a sample to the lower and upper limit of its rate."""

STEPS = 36


def funnel_chart(
    title: str,
    description: str,
    points: Sequence[FunnelPoint],
    target: float,
    limits: Sequence[tuple[str, Limits]],
) -> Chart:
    """``limits`` are labelled, the innermost first."""
    wide, narrow = (_drawn(points, target, limits, *size) for size in ((WIDE, 400.0, 7), (NARROW, 330.0, 4)))
    return Chart(title, description, wide, narrow)


def _drawn(
    points: Sequence[FunnelPoint],
    target: float,
    limits: Sequence[tuple[str, Limits]],
    width: float,
    height: float,
    ticks: int,
) -> Drawing:
    largest = max((point.size for point in points), default=100.0) * 1.05
    smallest = max(1.0, min((point.size for point in points), default=1.0) * 0.7)
    ends = [end for _, limit in limits for end in limit(smallest)]
    low, high = rate_range([target, *(point.rate for point in points), *ends])
    across = Scale(0, largest, 42, width - 44)
    up = Scale(low, high, height - 38, 12)
    marks, texts = _axes(across, up, width, height, ticks)
    marks.append(line(across.start, up(target), across.end, up(target), "reference"))
    curve_labels = []
    for place, (label, limit) in enumerate(limits):
        sizes = [smallest + (largest - smallest) * (step / STEPS) ** 2 for step in range(STEPS + 1)]
        for side in (0, 1):
            marks.append(path(((across(n), up(limit(n)[side])) for n in sizes), f"limit l{place}"))
        curve_labels.append(_beside(width - 40, up(limit(largest)[1]) + 4, label))
    target_label = _beside(width - 40, up(target) + 4, "average")
    texts += kept_apart([target_label, *curve_labels], width, height, texts)
    places = [(across(point.size), up(point.rate)) for point in points]
    inside = [place for point, place in zip(points, places, strict=True) if not point.stands_out]
    marks.append(dots(inside, "dots"))
    marks += [
        diamond(*place, 5.5, "out") for point, place in zip(points, places, strict=True) if point.stands_out
    ]
    named = [_around(across(each.size), up(each.rate), each.label) for each in points if each.stands_out]
    marked = [Box(x - 5, y - 5, x + 5, y + 5) for x, y in places]
    texts += kept_apart(named, width, height, texts, marked)
    return Drawing(width, height, tuple(marks), tuple(texts))


def _axes(across: Scale, up: Scale, width: float, height: float, ticks: int) -> tuple[list[str], list[Text]]:
    marks: list[str] = []
    texts = [Text(width / 2, height - 6, "Crimes audited (effective number)", "middle", look="soft")]
    for share in rate_ticks(up.low, up.high, 8):
        marks.append(line(across.start, up(share), across.end, up(share), "grid"))
        texts.append(Text(across.start - 6, up(share) + 4, f"{100 * share:.0f}%", "end", look="soft"))
    for count in count_ticks(across.high, ticks):
        texts.append(Text(across(count), height - 22, f"{count:,}", "middle", look="soft"))
    return marks, texts


def _beside(x: float, y: float, label: str) -> list[Text]:
    """A label in the margin, moved up or down where it would touch another."""
    return [Text(x, y + shift, label, size=10.0) for shift in (0, -6, 6, -12, 12, -18, 18)]


def _around(x: float, y: float, label: str) -> list[Text]:
    return [
        Text(x + 8, y + 4, label),
        Text(x - 8, y + 4, label, "end"),
        Text(x, y - 9, label, "middle"),
        Text(x, y + 18, label, "middle"),
        Text(x + 8, y + 15, label),
        Text(x - 8, y - 8, label, "end"),
    ]
