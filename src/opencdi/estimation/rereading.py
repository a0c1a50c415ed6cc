"""A rate corrected by re-reading a random part of the sample: sampling and reviewer error in one interval.

Two reviewers who agree may share a blind spot, which no agreement statistic can see. So a random part of the
judged incidents is read again by the final authority, every disagreement with certainty; the mean
difference, weighted, corrects the rate without bias, whatever the reviewers' accuracy and however it
varies (double sampling: Tenenbein 1970, *JASA* 65, 1350-1361; the two-phase difference estimator, Särndal,
Swensson & Wretman 1992, 9.6-9.7). The variance is the sum of both phases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.errors import UserError
from opencdi.estimation.arrays import Booleans, Floats, Ints, divided
from opencdi.estimation.ratio import Ratio
from opencdi.estimation.variance import contributions


@dataclass(frozen=True)
class Rereading:
    """The second phase: which incidents were read again, and what the authority found in each.

    ``chance`` is each incident's probability of being read again (1 for disagreements); ``numerator`` and
    ``denominator`` are the authority's counts, used only where ``again``. Shape (n,) or (..., n).
    """

    again: Booleans
    chance: Floats
    numerator: Floats
    denominator: Floats


def reread_ratio(
    numerator: Floats,
    denominator: Floats,
    rereading: Rereading,
    weight: Floats,
    fraction: Floats,
    stratum: Ints,
) -> Ratio:
    """The ratio by the reviewers' verdicts, corrected by the authority's on the part read again.

    The second phase is taken as independent draws with the stated chances, which overstates its variance
    a little where a fixed number was drawn. Raises ``UserError`` where nothing was read again.
    """
    if not np.any(rereading.again):
        raise UserError("No judged incident has been read again, so nothing can be corrected. Re-read some.")
    gain = np.where(rereading.again, 1 / rereading.chance, 0.0)
    true_numerator = numerator + gain * (rereading.numerator - numerator)
    true_denominator = denominator + gain * (rereading.denominator - denominator)
    upper = np.sum(weight * true_numerator, axis=-1)
    lower = np.sum(weight * true_denominator, axis=-1)
    estimate = divided(upper, lower)
    corrected = np.nan_to_num(true_numerator - estimate[..., None] * true_denominator)
    correction = np.nan_to_num(
        (rereading.numerator - numerator) - estimate[..., None] * (rereading.denominator - denominator)
    )
    scale = divided(np.broadcast_to(weight, corrected.shape), lower[..., None])
    first = contributions(scale * corrected, fraction, stratum)
    second = _second_phase(scale, correction, rereading, fraction)
    shares = first + second
    none_certain = np.zeros_like(estimate)
    return Ratio(
        estimate, shares.sum(axis=-1), shares, upper, lower, none_certain, none_certain, assisted=True
    )


def reread_weight(rereading: Rereading, weight: Floats) -> Floats:
    """What each incident read again stands for: the weight an unseen shared mistake would have had."""
    return np.where(rereading.again, weight / rereading.chance, 0.0)


def _second_phase(scale: Floats, correction: Floats, rereading: Rereading, fraction: Floats) -> Floats:
    """What the first-phase formula, run on corrected values, leaves out of the second phase's variance.

    The corrected values already carry the second phase's noise, which the first-phase formula counts times
    (1 - π); the rest, π times it, is added (Särndal et al. 1992, eq. 9.3.9 for independent second draws).
    """
    noise = rereading.again * (1 - rereading.chance) / rereading.chance**2 * correction**2
    return np.asarray(fraction * scale**2 * noise, dtype=np.float64)
