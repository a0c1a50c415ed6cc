"""Attribute sampling, in the words auditors already use: upper limits and sample sizes.

The upper deviation limit is the largest rate that the sample leaves plausible at a one-sided risk; the
sample size is the smallest at which the expected deviations would put that limit below the tolerable rate
(AICPA 2017, *Audit Guide: Audit Sampling*, appendix A; Stewart 2012, *Technical notes on the AICPA audit
guide*). ``distribution`` is binomial, or hypergeometric where a population is given.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import binom, hypergeom

from opencdi.estimation.arrays import Floats, Ints
from opencdi.estimation.binomial import clopper_pearson_limits
from opencdi.estimation.hypergeometric import hypergeometric_limits

LARGEST_SAMPLE = 10_000


def upper_limit(deviations: int, trials: int, risk: float, population: int | None = None) -> float:
    """The upper deviation rate at one-sided ``risk``, binomial or (with a population) hypergeometric."""
    if population is None:
        return float(clopper_pearson_limits(deviations, trials, 1 - 2 * risk)[1])
    return float(hypergeometric_limits(deviations, trials, population, 1 - 2 * risk)[1])


def poisson_upper_limit(deviations: int, trials: int, risk: float) -> float:
    """The upper deviation rate if deviations are Poisson (Garwood 1936, *Biometrika* 28, 437-442)."""
    return float(gammaincinv(deviations + 1, 1 - risk) / trials)


def sample_size(tolerable: float, expected: float, risk: float, population: int | None = None) -> int | None:
    """The smallest sample that shows a rate below ``tolerable`` if deviations come as ``expected``.

    None where no sample of at most 10,000 (or the population) does.
    """
    sizes = np.arange(1, min(population or LARGEST_SAMPLE, LARGEST_SAMPLE) + 1)
    deviations: Ints = np.ceil(np.round(sizes * expected, 9)).astype(np.int64)
    chance: Floats
    if population is None:
        chance = binom.cdf(deviations, sizes, tolerable)
    else:
        chance = hypergeom.cdf(deviations, population, int(np.ceil(round(population * tolerable, 9))), sizes)
    enough = np.flatnonzero(chance <= risk * (1 + 1e-12))
    return int(sizes[enough[0]]) if enough.size else None
