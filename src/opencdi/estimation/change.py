"""Did the rate change between two audits?

The interval for the difference is built from the two rates' own intervals by squaring and adding
(Newcombe 1998, *Stat. Med.* 17, 873-890, method 10; Zou & Donner 2008, *Stat. Med.* 27, 1693-1702, for any
two intervals), so that it keeps what those intervals know of strata, clusters and few events. A change
is proven when the interval leaves out zero. The p-value is the smallest level at which Wilson's intervals
at the two effective sizes would do so. The two samples are taken as independent.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from opencdi.estimation.arrays import Floats
from opencdi.estimation.binomial import wilson_limits
from opencdi.estimation.interval import Interval


@dataclass(frozen=True)
class Change:
    """Second rate less first, in [-1, 1], with its interval and what may be said."""

    difference: float
    interval: Interval
    p_value: float

    @property
    def is_proven(self) -> bool:
        return 0.0 not in self.interval

    def __str__(self) -> str:
        points = f"{100 * self.difference:+.1f} points ({self.interval.lower * 100:+.1f} to "
        points += f"{self.interval.upper * 100:+.1f}; p = {self.p_value:.2f})"
        return points + (": a change" if self.is_proven else ": not a proven change")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"is_proven": self.is_proven}


def change_limits(
    first: ArrayLike,
    first_limits: tuple[ArrayLike, ArrayLike],
    second: ArrayLike,
    second_limits: tuple[ArrayLike, ArrayLike],
) -> tuple[Floats, Floats]:
    """Limits for second minus first from each rate and its limits; arrays broadcast."""
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    a_low, a_high = (np.asarray(each, dtype=float) for each in first_limits)
    b_low, b_high = (np.asarray(each, dtype=float) for each in second_limits)
    difference = b - a
    return (
        np.asarray(difference - np.hypot(b - b_low, a_high - a), dtype=np.float64),
        np.asarray(difference + np.hypot(b_high - b, a - a_low), dtype=np.float64),
    )


def change(
    first: float,
    first_interval: Interval,
    first_size: float,
    second: float,
    second_interval: Interval,
    second_size: float,
) -> Change:
    """The change from the first audit's rate to the second's; sizes are effective sample sizes."""
    lower, upper = change_limits(
        first,
        (first_interval.lower, first_interval.upper),
        second,
        (second_interval.lower, second_interval.upper),
    )
    interval = Interval(float(lower), float(upper), "Newcombe (MOVER)", first_interval.confidence)
    return Change(second - first, interval, _p_value(first, first_size, second, second_size))


def change_of_counts(successes: tuple[int, int], trials: tuple[int, int]) -> Change:
    """The change between two simple samples' shares, by Wilson intervals."""
    (first, second), (first_size, second_size) = (
        [x / n for x, n in zip(successes, trials, strict=True)],
        trials,
    )
    return change(
        first, _wilson(first, first_size), first_size, second, _wilson(second, second_size), second_size
    )


def _wilson(rate: float, size: float) -> Interval:
    lower, upper = wilson_limits(rate, size)
    return Interval(float(lower), float(upper), "Wilson")


def _p_value(first: float, first_size: float, second: float, second_size: float) -> float:
    """Bisect the normal quantile at which the interval's nearer limit touches zero."""
    low, high = 0.0, 40.0
    for _ in range(80):
        z = (low + high) / 2
        limits = change_limits(
            first, wilson_limits(first, first_size, z), second, wilson_limits(second, second_size, z)
        )
        holds_zero = limits[0] <= 0 <= limits[1]
        low, high = (low, z) if holds_zero else (z, high)
    return float(2 * ndtr(-(low + high) / 2))
