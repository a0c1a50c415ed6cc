"""Many made-up forces of unequal size, as a country has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from opencdi.simulation.draws import Draws
from opencdi.simulation.settings import Force

_FIRST = ("North", "South", "East", "West", "Mid", "Over", "Nether", "Upper", "Great", "Little", "High")
_LAST = ("shire", "moor", "land", "vale", "wold", "marsh", "combe", "wick")


def forces_of(pattern: Force, count: int) -> Iterator[Force]:
    """``count`` forces that share ``pattern.incidents`` unequally: names, codes and seeds of their own."""
    numbers = np.arange(count, dtype=np.int64)
    sizes = Draws(pattern.seed, "country").lognormal(numbers, "size", 1.0, 0.7)
    bounds = np.round(np.concatenate([[0.0], np.cumsum(sizes) / sizes.sum()]) * pattern.incidents)
    for number in range(count):
        name = _FIRST[number % len(_FIRST)] + _LAST[number % len(_LAST)]
        yield replace(
            pattern,
            name=name,
            code=f"{number + 1:02}",
            incidents=max(1, int(bounds[number + 1] - bounds[number])),
            seed=pattern.seed + number,
        )
