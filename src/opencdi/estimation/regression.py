"""Using the score: the generalised regression estimator.

Where the score is known for every incident of the population, the weights are moved as little as
needed for the sample to reproduce the population's count and its score's total; the ratio is then
estimated with those weights, and its variance is that of the residuals of the regression on the score,
with the calibrated weights (Cassel, Särndal & Wretman 1976, *Biometrika* 63, 615-620; Särndal, Swensson &
Wretman 1989, *Biometrika* 76, 527-537; Deville & Särndal 1992, *JASA* 87, 376-382; R survey's
``calibrate``). The estimate stays (asymptotically) unbiased however poor the score is: a poor score costs
precision, never truth, provided it was not trained on the audited verdicts.
"""

from __future__ import annotations

import numpy as np

from opencdi.estimation.arrays import Floats, Ints, divided
from opencdi.estimation.ratio import Ratio, certain_parts
from opencdi.estimation.variance import contributions


def calibrated_weights(weight: Floats, auxiliary: Floats, totals: Floats) -> Floats:
    """Weights g_i w_i that reproduce ``totals`` of ``auxiliary``, by the least squared change.

    ``weight`` (..., n), ``auxiliary`` (..., n, k), ``totals`` (k,). A score that does not vary in the
    sample carries no information and is left aside (pseudo-inverse).
    """
    weighted = weight[..., None] * auxiliary
    cross = np.swapaxes(auxiliary, -1, -2) @ weighted
    gap = totals - weighted.sum(axis=-2)
    slope = (np.linalg.pinv(cross, hermitian=True) @ gap[..., None])[..., 0]
    return np.asarray(weight * (1.0 + (auxiliary @ slope[..., None])[..., 0]), dtype=np.float64)


def regression_ratio(
    numerator: Floats,
    denominator: Floats,
    weight: Floats,
    fraction: Floats,
    stratum: Ints,
    auxiliary: Floats,
    totals: Floats,
) -> Ratio:
    """The ratio Σ y / Σ m assisted by ``auxiliary`` (..., n, k) with known population ``totals`` (k,)."""
    calibrated = calibrated_weights(weight, auxiliary, totals)
    upper = np.sum(calibrated * numerator, axis=-1)
    lower = np.sum(calibrated * denominator, axis=-1)
    estimate = divided(upper, lower)
    linear = numerator - estimate[..., None] * denominator
    residual = linear - fitted(np.nan_to_num(linear), weight, auxiliary)
    weighted = divided(calibrated * residual, lower[..., None])
    shares = contributions(np.nan_to_num(weighted), fraction, stratum)
    certain = certain_parts(numerator, denominator, fraction, lower)
    return Ratio(estimate, shares.sum(axis=-1), shares, upper, lower, *certain, assisted=True)


def fitted(values: Floats, weight: Floats, auxiliary: Floats) -> Floats:
    """Survey-weighted least-squares fit of ``values`` (..., n) on ``auxiliary`` (..., n, k)."""
    weighted = weight[..., None] * auxiliary
    cross = np.swapaxes(auxiliary, -1, -2) @ weighted
    moment = (np.swapaxes(weighted, -1, -2) @ values[..., None])[..., 0]
    slope = (np.linalg.pinv(cross, hermitian=True) @ moment[..., None])[..., 0]
    return np.asarray((auxiliary @ slope[..., None])[..., 0], dtype=np.float64)
