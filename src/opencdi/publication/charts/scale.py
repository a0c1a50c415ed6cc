"""From values to places: linear scales, round ticks, and labels that keep their distance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opencdi.publication.charts.drawing import Box, Text


@dataclass(frozen=True)
class Scale:
    """A linear scale from ``low``..``high`` to ``start``..``end``; values beyond are held at the ends."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def rate_range(values: Iterable[float]) -> tuple[float, float]:
    """Ends for an axis of shares that hold all ``values``, in steps of 5 points, at least 10 points apart."""
    found = list(values)
    low = math.floor(20 * min(found, default=0.8) + 1e-9) / 20
    high = math.ceil(20 * max(found, default=1.0) - 1e-9) / 20
    if high - low < 0.1:
        low, high = (low, low + 0.1) if low + 0.1 <= 1 else (high - 0.1, high)
    return round(max(0.0, low), 2), round(min(1.0, high), 2)


def rate_ticks(low: float, high: float, most: int) -> list[float]:
    """Round shares from low to high, at most ``most``, in steps of 1, 2, 5, 10, 20 or 25 points."""
    step = next(each for each in (1, 2, 5, 10, 20, 25, 50) if (high - low) * 100 / each < most)
    first = math.ceil(100 * low / step - 1e-9)
    return [each * step / 100 for each in range(first, math.floor(100 * high / step + 1e-9) + 1)]


def count_ticks(high: float, most: int) -> list[int]:
    """Round counts from 0 to ``high``, at most ``most`` of them."""
    step = 1
    while high / step >= most:
        step = _next_step(step)
    return list(range(0, int(high) + 1, step))


def _next_step(step: int) -> int:
    lead = int(str(step)[0])
    return step // lead * {1: 2, 2: 5, 5: 10}[lead]


def kept_apart(
    candidates: Sequence[Sequence[Text]],
    width: float,
    height: float,
    taken: Sequence[Text] = (),
    marks: Sequence[Box] = (),
) -> list[Text]:
    """For each thing the first of its candidate labels that is inside and covers neither text nor mark.

    A thing whose every candidate would overlap stays without a label; the table beside the chart names it.
    """
    kept = list(taken)
    full = [*marks, *(text.box for text in taken)]
    for places in candidates:
        fitting = (
            each
            for each in places
            if each.box.inside(width, height) and not any(each.box.overlaps(box) for box in full)
        )
        chosen = next(fitting, None)
        if chosen is not None:
            kept.append(chosen)
            full.append(chosen.box)
    return kept[len(taken) :]
