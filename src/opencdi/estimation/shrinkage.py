"""Each force's rate drawn towards the mean of all, shown beside the direct figure, never in its place.

The area-level model rate_i = mean + force_i + error_i with known error variances (Fay & Herriot 1979, *JASA*
74, 269-277); the spread between forces by their moment equation, and the mean squared error with the
terms for having estimated the mean and the spread (Datta, Rao & Smith 2005, *Biometrika* 92, 183-196).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from opencdi.errors import UserError
from opencdi.estimation.arrays import Floats
from opencdi.estimation.binomial import CONFIDENCE, normal_quantile


@dataclass(frozen=True)
class ShrunkForce:
    """``own_weight`` is the part of the shrunken rate that is the force's own figure."""

    name: str
    direct: float
    shrunken: float
    own_weight: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Shrinkage:
    """The mean of all forces, the standard deviation between them, and each force."""

    mean: float
    spread: float
    forces: tuple[ShrunkForce, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def shrunken(
    names: Sequence[str], rates: Floats, variances: Floats, confidence: float = CONFIDENCE
) -> Shrinkage:
    """Empirical-Bayes rates; ``rates`` and their sampling ``variances`` have shape (forces,).

    Raises ``UserError`` for fewer than three forces, from which no spread can be learnt, or a variance
    of zero (a census needs no shrinkage).
    """
    if rates.size < 3:
        raise UserError("Shrinkage needs at least three forces. Show the direct figures alone.")
    if np.any(variances <= 0):
        raise UserError(
            "A force's rate has no sampling variance, so there is nothing to shrink. Leave it out."
        )
    between = spread_between(rates, variances)
    total = variances + between
    mean = float(np.average(rates, weights=1 / total))
    own = between / total
    estimate = own * rates + (1 - own) * mean
    half = normal_quantile(confidence) * np.sqrt(_mean_squared_error(variances, between))
    forces = tuple(
        ShrunkForce(
            name,
            direct=float(rate),
            shrunken=float(drawn),
            own_weight=float(weight),
            lower=float(max(0.0, drawn - width)),
            upper=float(min(1.0, drawn + width)),
        )
        for name, rate, drawn, weight, width in zip(names, rates, estimate, own, half, strict=True)
    )
    return Shrinkage(mean, float(np.sqrt(between)), forces)


def spread_between(rates: Floats, variances: Floats) -> float:
    """Variance between forces: the root of Σ (rate - mean)²/(variance + spread) = forces - 1, or 0."""

    def excess(between: float) -> float:
        weight = 1 / (variances + between)
        mean = np.average(rates, weights=weight)
        return float(np.sum(weight * (rates - mean) ** 2) - (rates.size - 1))

    low, high = 0.0, float(np.var(rates, ddof=1)) + 1e-12
    if excess(low) <= 0:
        return 0.0
    while excess(high) > 0:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def _mean_squared_error(variances: Floats, between: float) -> Floats:
    total = variances + between
    inverse = 1 / total
    known = between * variances * inverse
    for_mean = (variances * inverse) ** 2 / inverse.sum()
    spread_variance = 2 * variances.size / inverse.sum() ** 2
    for_spread = variances**2 * inverse**3 * spread_variance
    bias = 2 * (variances.size * np.sum(inverse**2) - inverse.sum() ** 2) / inverse.sum() ** 3
    return np.asarray(
        np.maximum(known + for_mean + 2 * for_spread - (variances * inverse) ** 2 * bias, 0.0),
        dtype=np.float64,
    )
