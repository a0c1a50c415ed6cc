"""The exact interval for a count in a finite population, from a sample without replacement.

Test inversion with equal tails: K is in the interval when neither tail of the hypergeometric
distribution is below (1 - confidence)/2 (Buonaccorsi 1987, *Am. Statist.* 41, 215-218; Wang 2015, *JASA*
110, shortens it, at the price of tails that are not equal). At n = N it has zero width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import hypergeom

from opencdi.estimation.arrays import Floats, Ints
from opencdi.estimation.binomial import CONFIDENCE


def hypergeometric_limits(
    successes: ArrayLike, trials: ArrayLike, population: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Limits for the share K/N, given ``successes`` in ``trials`` of ``population``; whole numbers.

    Arrays broadcast. Values are worked out once for each distinct triple.
    """
    cases = np.stack(
        [
            each.ravel()
            for each in np.broadcast_arrays(
                *(np.asarray(given, dtype=np.int64) for given in (successes, trials, population))
            )
        ],
        axis=-1,
    )
    shape = np.broadcast(successes, trials, population).shape
    distinct, position = np.unique(cases, axis=0, return_inverse=True)
    tail = (1 - confidence) / 2
    x, n, size = distinct.T
    upper = _largest_count(x, n, size, tail) / size
    lower = (size - _largest_count(n - x, n, size, tail)) / size
    position = position.reshape(-1)
    return lower[position].reshape(shape), upper[position].reshape(shape)


def _largest_count(x: Ints, n: Ints, size: Ints, tail: float) -> Ints:
    """The largest K with P(X <= x | K) > tail (an equal tail is excluded), by bisection over all cases."""
    low, high = x.copy(), size - (n - x)
    while np.any(low < high):
        middle = (low + high + 1) // 2
        plausible = hypergeom.cdf(x, size, middle, n) > tail * (1 + 1e-12)
        low = np.where(plausible, middle, low)
        high = np.where(plausible, high, middle - 1)
    return low
