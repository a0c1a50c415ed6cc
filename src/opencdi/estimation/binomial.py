"""Intervals for a share of independent readings: the official-style one, Wilson's, Clopper and Pearson's.

All take successes and trials (or a rate and an effective size) as arrays that broadcast and give
``(lower, upper)`` within [0, 1].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri

from opencdi.estimation.arrays import Floats, divided

CONFIDENCE = 0.95


def normal_quantile(confidence: float) -> float:
    """Two-sided: 1.96 for 0.95."""
    return float(ndtri(0.5 + confidence / 2))


def official_limits(
    rate: ArrayLike, trials: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The simple (Wald) interval, rate ± z sqrt(rate(1-rate)/n), n the audited crimes.

    Shown only so that figures can be laid beside those HMICFRS publishes: it reproduces Thames Valley
    2017, 80.4 % of 1,970, ± 1.75 points. It ignores strata, weights and clusters, and covers far less than
    it claims where errors are rare (Brown, Cai & DasGupta 2001, *Statist. Sci.* 16, 101-133).
    """
    share, size = np.asarray(rate, dtype=float), np.asarray(trials, dtype=float)
    half = normal_quantile(confidence) * np.sqrt(share * (1 - share) / size)
    return np.clip(share - half, 0.0, 1.0), np.clip(share + half, 0.0, 1.0)


def wilson_limits(
    rate: ArrayLike, size: ArrayLike, quantile: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Wilson's (1927, *JASA* 22, 209-212) score interval at a (possibly effective) size.

    ``quantile`` is the two-sided normal or t quantile; 1.96 where None. NaN where the size is 0.
    """
    share, count = np.asarray(rate, dtype=float), np.asarray(size, dtype=float)
    z = np.asarray(normal_quantile(CONFIDENCE) if quantile is None else quantile, dtype=float)
    shrink = divided(np.asarray(z**2), count)
    centre = (share + shrink / 2) / (1 + shrink)
    half = np.sqrt(shrink * share * (1 - share) + shrink**2 / 4) / (1 + shrink)
    lower = np.where(share == 0, 0.0, np.clip(centre - half, 0.0, share))
    upper = np.where(share == 1, 1.0, np.clip(centre + half, share, 1.0))
    return lower, upper


def clopper_pearson_limits(
    successes: ArrayLike, trials: ArrayLike, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The exact binomial interval (Clopper & Pearson 1934, *Biometrika* 26, 404-413), by beta quantiles.

    Successes and trials need not be whole numbers, so that it also serves at an effective size.
    """
    x, n = np.broadcast_arrays(np.asarray(successes, dtype=float), np.asarray(trials, dtype=float))
    tail = (1 - confidence) / 2
    lower = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail), 0.0)
    upper = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail), 1.0)
    return lower, upper
