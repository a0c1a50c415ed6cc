"""Does a score mean what it says? Reliability, and a test of over-confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

Floats = NDArray[np.float64]
_EDGE = 1e-6


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram: mean score, share that came true, and how many."""

    mean_score: float
    share: float
    count: int


@dataclass(frozen=True)
class Confidence:
    """The calibration line of outcome on logit(score) (Cox 1958, *Biometrika* 45, 562-565).

    A slope of 1 and an intercept of 0 are perfect; below 1 the score is too sure of itself.
    ``p_value`` is one-sided, of slope >= 1.
    """

    slope: float
    intercept: float
    standard_error: float
    p_value: float

    @property
    def over_confident(self) -> bool:
        """Whether the score claims more than it keeps, at the 5 % level."""
        return self.p_value < 0.05


def reliability(scores: Floats, came_true: NDArray[np.bool_], bins: int = 10) -> list[Bin]:
    """Bars of (nearly) equal counts, from the lowest scores to the highest."""
    order = np.argsort(scores, kind="stable")
    return [
        Bin(float(scores[part].mean()), float(came_true[part].mean()), len(part))
        for part in np.array_split(order, min(bins, len(order)))
        if len(part)
    ]


def share_interval(bar: Bin, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of the share of one bar (Wilson 1927, *JASA* 22, 209-212)."""
    z = float(norm.ppf((1 + confidence) / 2))
    middle = (bar.share + z**2 / (2 * bar.count)) / (1 + z**2 / bar.count)
    spread = bar.share * (1 - bar.share) / bar.count + z**2 / (4 * bar.count**2)
    half = z * spread**0.5 / (1 + z**2 / bar.count)
    return max(0.0, middle - half), min(1.0, middle + half)


def calibration_line(
    scores: Floats, came_true: NDArray[np.bool_]
) -> tuple[float, float, NDArray[np.float64]]:
    """Intercept, slope and covariance of logit P(true) = intercept + slope * logit(score), by Newton."""
    x = logit(np.clip(scores, _EDGE, 1 - _EDGE))
    design = np.column_stack([np.ones_like(x), x])
    coefficients = np.zeros(2)
    for _ in range(100):
        fitted = expit(design @ coefficients)
        information = design.T @ (design * (fitted * (1 - fitted))[:, None]) + np.eye(2) * 1e-9
        step = np.linalg.solve(information, design.T @ (came_true - fitted))
        while (
            _likelihood(design @ (coefficients + step), came_true)
            < _likelihood(design @ coefficients, came_true)
            and np.max(np.abs(step)) > 1e-10
        ):
            step = step / 2
        coefficients = coefficients + step
        if np.max(np.abs(step)) < 1e-9:
            break
    return float(coefficients[0]), float(coefficients[1]), np.linalg.inv(information)


def _likelihood(odds: Floats, came_true: NDArray[np.bool_]) -> float:
    return float(-np.logaddexp(0.0, np.where(came_true, -odds, odds)).sum())


def confidence_of(scores: Floats, came_true: NDArray[np.bool_]) -> Confidence:
    """The test of over-confidence: is the slope of the calibration line below 1?"""
    intercept, slope, covariance = calibration_line(scores, came_true)
    error = float(np.sqrt(covariance[1, 1]))
    return Confidence(slope, intercept, error, float(norm.cdf((slope - 1) / error)))


def cautious_slope(lines: Sequence[Confidence], share: float = 0.1) -> float:
    """The slope that all but ``share`` of further sources are expected to exceed; at most 1.

    ``lines`` are the calibration lines of sources left out of what was learned, one each, two at least.
    Their slopes differ by chance and by source: the spread between sources is that of DerSimonian and Laird
    (1986, *Controlled Clinical Trials* 7, 177-188), the slope of a further source has the predictive
    distribution of Higgins, Thompson and Spiegelhalter (2009, *JRSS A* 172, 137-159), taken as normal. To
    multiply log odds by it is uniform shrinkage (van Houwelingen and le Cessie 1990, *Statistics in
    Medicine* 9, 1303-1325), as much as keeps most offices nobody has seen from being promised too much.
    """
    slopes = np.array([line.slope for line in lines])
    weights = 1 / np.array([line.standard_error for line in lines]) ** 2
    fixed = weights @ slopes / weights.sum()
    excess = weights @ (slopes - fixed) ** 2 - (len(lines) - 1)
    between = max(0.0, excess / (weights.sum() - (weights**2).sum() / weights.sum()))
    weights = 1 / (1 / weights + between)
    mean = weights @ slopes / weights.sum()
    return float(min(1.0, mean + norm.ppf(share) * np.sqrt(between + 1 / weights.sum())))
