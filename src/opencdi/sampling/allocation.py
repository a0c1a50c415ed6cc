"""How many readings each stratum gets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opencdi.errors import UserError

Counts = NDArray[np.int64]


def proportional(sizes: Counts, readings: int, minimum: int = 0) -> Counts:
    """Readings a stratum, in proportion to its size. ``sizes``: incidents a stratum, shape (H,)."""
    return _allocate(sizes, sizes.astype(float), readings, minimum)


def neyman(
    sizes: Counts,
    rates: NDArray[np.float64],
    readings: int,
    proportional_share: float = 0.3,
    minimum: int = 10,
) -> Counts:
    """Neyman's allocation, mixed with the proportional one.

    A stratum's part is (1 - t) N sqrt(p(1-p)) / sum + t N / sum, with p its expected rate of missing
    crimes (shape (H,)) and t ``proportional_share`` (Neyman 1934, JRSS 97, 558-625). The spread is
    that of the yes-or-no answer, never that of the score: the latter can be worse than no strata at
    all. Use t = 0.3, or 0.5 at rates below 3 % and for scores not yet proven: an over-confident
    score otherwise starves the strata it wrongly believes to be clean.
    """
    spread = sizes * np.sqrt(rates * (1.0 - rates))
    total = spread.sum()
    optimal = spread / total if total > 0 else sizes / sizes.sum()
    shares = (1.0 - proportional_share) * optimal + proportional_share * sizes / sizes.sum()
    return _allocate(sizes, shares, readings, minimum)


def extended(sizes: Counts, allocation: Counts, readings: int) -> Counts:
    """An allocation of more ``readings`` in the same proportions, no stratum getting fewer than before.

    Raises ``UserError`` for fewer readings than before or more than there are incidents.
    """
    before = int(allocation.sum())
    if not before <= readings <= int(sizes.sum()):
        raise UserError(
            f"The sample holds {before:,} readings of {int(sizes.sum()):,} incidents: it can be extended to "
            f"a number between the two, not to {readings:,}."
        )
    return _fill(sizes, allocation, allocation.astype(float), readings)


def _allocate(sizes: Counts, shares: NDArray[np.float64], readings: int, minimum: int) -> Counts:
    population = int(sizes.sum())
    if readings > population:
        raise UserError(
            f"A sample of {readings:,} readings was asked for, but there are only {population:,} incidents. "
            "Ask for fewer, or read them all."
        )
    floor = np.minimum(sizes, np.where(sizes > 0, max(minimum, 1), 0))
    if floor.sum() > readings:
        raise UserError(
            f"{readings:,} readings cannot give each of {np.count_nonzero(sizes)} strata its minimum: that "
            f"takes {int(floor.sum()):,}. Ask for more readings, fewer strata or a smaller minimum."
        )
    return _fill(sizes, floor, shares, readings)


def _fill(sizes: Counts, floor: Counts, shares: NDArray[np.float64], readings: int) -> Counts:
    """Whole numbers between floor and size that sum to ``readings``, as near the shares as can be.

    Strata whose share lies below the floor or above the size are fixed there and the rest shared out
    again, until none is left; then the largest remainders are rounded up.
    """
    low, high = floor.astype(float), sizes.astype(float)
    scale_low, scale_high = 0.0, float(high.sum()) / max(float(shares[shares > 0].min(initial=1.0)), 1e-300)
    for _ in range(200):
        scale = (scale_low + scale_high) / 2
        if np.clip(shares * scale, low, high).sum() < readings:
            scale_low = scale
        else:
            scale_high = scale
    wanted = np.clip(shares * scale_high, low, high)
    counts = np.floor(wanted + 1e-9).astype(np.int64)
    remainder = np.where(counts < sizes, wanted - counts, -1.0)
    short = readings - int(counts.sum())
    counts[np.lexsort((np.arange(len(sizes)), -remainder))[:short]] += 1
    return counts
