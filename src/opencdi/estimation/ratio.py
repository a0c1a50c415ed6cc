"""The recording rate: a ratio of two estimated totals, with its linearised variance.

R = Y/M with Y = Σ w_i y_i and M = Σ w_i m_i. The denominator (how many crimes should be on record) is
itself found by the audit, so the rate is a ratio and not a binomial share; the incident is the sampling
unit, so that several crimes of one incident never count as independent. The variance is that of the
total of z_i = w_i (y_i - R m_i)/M (Woodruff 1971, *JASA* 66, 411-414; Särndal, Swensson & Wretman 1992,
*Model Assisted Survey Sampling*, 5.6; R survey's ``svyratio``).

A group (an offence group, domestic abuse) is the same with y and m set to zero outside it and the
*whole* design kept, so that the group's random size is counted (Särndal et al., 5.8; R's ``subset``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.estimation.arrays import Floats, Ints, divided
from opencdi.estimation.variance import contributions


@dataclass(frozen=True)
class Ratio:
    """An estimated ratio and what its interval needs.

    ``shares`` are the variance's per-incident contributions, shape (..., n); everything else has the
    leading shape (...). ``estimate`` is NaN where the denominator is zero. ``certain`` is the part of the
    ratio found in incidents read with certainty and ``certain_rest`` that of its complement. ``assisted`` is
    True where more than the verdicts went into it (the score, a re-reading), so that no interval may rest on
    counts alone.
    """

    estimate: Floats
    variance: Floats
    shares: Floats
    numerator: Floats
    denominator: Floats
    certain: Floats
    certain_rest: Floats
    assisted: bool = False


def ratio(numerator: Floats, denominator: Floats, weight: Floats, fraction: Floats, stratum: Ints) -> Ratio:
    """Estimate Σ y / Σ m over the population from the incidents of a sample.

    ``numerator`` and ``denominator`` have shape (..., n); ``weight`` and ``fraction`` (n,) or (..., n).
    """
    upper = np.sum(weight * numerator, axis=-1)
    lower = np.sum(weight * denominator, axis=-1)
    estimate = divided(upper, lower)
    residual = numerator - estimate[..., None] * denominator
    weighted = divided(weight * residual, lower[..., None])
    shares = contributions(np.nan_to_num(weighted), fraction, stratum)
    certain = certain_parts(numerator, denominator, fraction, lower)
    return Ratio(estimate, shares.sum(axis=-1), shares, upper, lower, *certain)


def certain_parts(
    numerator: Floats, denominator: Floats, fraction: Floats, total: Floats
) -> tuple[Floats, Floats]:
    """The parts of a ratio and of its complement found in incidents with probability 1 (weight 1)."""
    sure = np.broadcast_to(fraction == 1, numerator.shape)
    found = np.sum(np.where(sure, numerator, 0.0), axis=-1)
    rest = np.sum(np.where(sure, denominator - numerator, 0.0), axis=-1)
    return np.nan_to_num(divided(found, total)), np.nan_to_num(divided(rest, total))


def total(values: Floats, weight: Floats, fraction: Floats, stratum: Ints) -> tuple[Floats, Floats]:
    """Estimate Σ values over the population (Horvitz-Thompson 1952), with its variance."""
    weighted = weight * values
    return weighted.sum(axis=-1), contributions(weighted, fraction, stratum).sum(axis=-1)
