"""A phrase for a number together with the numbers it is true of."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """``text`` is true of every value from ``lowest`` to ``highest``, both included."""

    text: str
    lowest: float
    highest: float

    def holds_for(self, value: float) -> bool:
        slack = 1e-9 * max(1.0, abs(value))
        return self.lowest - slack <= value <= self.highest + slack

    def __str__(self) -> str:
        return self.text


def half_up(value: float) -> int:
    """To the nearest whole number, halves upwards, as people round (Python rounds halves to even)."""
    return math.floor(value + 0.5 + 1e-9)
