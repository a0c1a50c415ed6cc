"""The weighing of one link as a waterfall: each comparison adds or takes bits, from the start to the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 320.0
"""Width of the drawing, in SVG units."""


@dataclass(frozen=True)
class Bar:
    """One comparison: its name, level and bits, and where its bar lies (0 to ``WIDTH``)."""

    name: str
    level: str
    bits: float
    left: float
    width: float


@dataclass(frozen=True)
class Waterfall:
    """Bars from the prior to the total; ``zero`` is where nought lies."""

    bars: tuple[Bar, ...]
    zero: float


def waterfall(link: Mapping[str, Any], comparisons: Sequence[str]) -> Waterfall | None:
    """Bars of a row of ``links``; None where it carries no weights.

    What the comparisons do not explain of the total weight is the prior: how likely a pair is to match
    before anything is compared.
    """
    total = link["weight"]
    if total is None:
        return None
    bits = [
        (name, link[f"{name}_level"] or "not compared", link[f"{name}_weight"] or 0.0) for name in comparisons
    ]
    prior = total - sum(weight for _, _, weight in bits)
    steps = [("start", "before comparing", prior), *bits]
    ends, at = [], 0.0
    for name, level, weight in steps:
        ends.append((name, level, weight, at, at + weight))
        at += weight
    ends.append(("total", "", total, 0.0, total))
    low = min(0.0, *(min(start, end) for *_, start, end in ends))
    high = max(0.0, *(max(start, end) for *_, start, end in ends))
    scale = WIDTH / max(high - low, 1e-9)
    return Waterfall(
        tuple(
            Bar(name, level, weight, (min(start, end) - low) * scale, abs(end - start) * scale)
            for name, level, weight, start, end in ends
        ),
        -low * scale,
    )
