"""Where the bars of a link's waterfall lie in a small drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opencdi.linkage import Bar

WIDTH = 320.0
"""Width of the drawing, in SVG units."""


@dataclass(frozen=True)
class PlacedBar:
    """One step of the weighing, from ``left``, ``width`` wide (0 to ``WIDTH``)."""

    bar: Bar
    left: float
    width: float


@dataclass(frozen=True)
class Drawing:
    """Every bar in its place, and where nought lies."""

    bars: tuple[PlacedBar, ...]
    zero: float


def drawing(bars: Sequence[Bar]) -> Drawing | None:
    """The bars scaled to the drawing's width; None where there are none."""
    if not bars:
        return None
    low = min(0.0, *(min(bar.start, bar.end) for bar in bars))
    high = max(0.0, *(max(bar.start, bar.end) for bar in bars))
    scale = WIDTH / max(high - low, 1e-9)
    return Drawing(
        tuple(
            PlacedBar(bar, (min(bar.start, bar.end) - low) * scale, abs(bar.end - bar.start) * scale)
            for bar in bars
        ),
        -low * scale,
    )
