"""Intervals at the effective sample size: for ratios, strata, weights, clusters and the score.

The effective size n* = R(1-R)/V(R) is the number of independent readings that would have given the same
variance. It is never cut off at the number read: a design that does better than simple random sampling
keeps its gain.
"""

from __future__ import annotations

from scipy.special import stdtrit

from opencdi.estimation.arrays import Floats, divided
from opencdi.estimation.binomial import CONFIDENCE, clopper_pearson_limits, wilson_limits


def effective_size(rate: Floats, variance: Floats) -> Floats:
    """n* = rate(1-rate)/variance; NaN where the variance is zero (Kish 1965, *Survey Sampling*, 8.2)."""
    return divided(rate * (1 - rate), variance)


def degrees_of_freedom(shares: Floats) -> Floats:
    """Degrees of freedom of V = Σ d_i from how concentrated its parts are: 2 (Σ d)² / Σ d².

    Satterthwaite's (1946, *Biometrics Bull.* 2, 110-114) 2 V²/Var(V) with Var(V) estimated by Σ d², not
    centred, which errs towards fewer: a variance that rests on a few heavy incidents is itself uncertain, and
    gets a wider t. ``shares`` has shape (..., n); NaN where all are zero.
    """
    return divided(2 * shares.sum(axis=-1) ** 2, (shares**2).sum(axis=-1))


def t_wilson_limits(
    rate: Floats, variance: Floats, freedom: Floats, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Wilson's interval at the effective size with a t quantile.

    In the line of Korn & Graubard (1998, *Surv. Methodol.* 24, 193-201), Dean & Pagano (2015, *JSSAM* 3,
    484-503) and Franco et al. (2019, *JSSAM* 7, 334-364); the combination with Satterthwaite's degrees of
    freedom is OpenCDI's, and rests on the coverage study (``docs/coverage.md``).
    """
    quantile = stdtrit(freedom, 0.5 + confidence / 2)
    return wilson_limits(rate, effective_size(rate, variance), quantile)


def korn_graubard_limits(
    rate: Floats, variance: Floats, trials: Floats, freedom: Floats, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Clopper and Pearson's interval at the effective size adjusted for degrees of freedom.

    Korn & Graubard (1998), as R's ``svyciprop(method = "beta")`` computes it: the effective size times
    (t(n-1)/t(freedom))², without cutting it off at n. ``freedom`` is design based: clusters less strata.
    """
    upper_tail = 0.5 + confidence / 2
    adjusted = (
        effective_size(rate, variance) * (stdtrit(trials - 1, upper_tail) / stdtrit(freedom, upper_tail)) ** 2
    )
    return clopper_pearson_limits(adjusted * rate, adjusted, confidence)
