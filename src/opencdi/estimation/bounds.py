"""What the unread and the undecided could do to a rate: worst-case bounds.

A case nobody has judged, or that nobody could judge, is never averaged away. Both extremes are worked out,
all such cases as errors and none (Manski 1989, *J. Hum. Resour.* 24, 343-360; Horowitz & Manski 2000, *JASA*
95, 77-84), and the bounds run from the lower limit under the one to the upper limit under the other, so
that they hold the truth at the stated confidence whatever the missing answers are.
"""

from __future__ import annotations

import numpy as np

from opencdi.estimation.arrays import Floats
from opencdi.estimation.sample import Reading


def most_crimes(reading: Reading) -> float:
    """The most crimes found in any incident that was read, at least 1: assumed of each unread one."""
    found = (reading.denominator + reading.open_cases)[reading.read]
    return float(max(1.0, found.max(initial=1.0)))


def as_if_all_failed(reading: Reading, most: float) -> tuple[Floats, Floats]:
    """Numerator and denominator with every open or unread crime required and not recorded."""
    open_crimes = reading.open_cases + np.where(reading.read, 0.0, most)
    return reading.numerator, reading.denominator + open_crimes


def as_if_none_failed(reading: Reading, most: float) -> tuple[Floats, Floats]:
    """Numerator and denominator with every open or unread crime required and recorded."""
    open_crimes = reading.open_cases + np.where(reading.read, 0.0, most)
    return reading.numerator + open_crimes, reading.denominator + open_crimes
