"""How the study spreads its readings: score strata, Neyman mixed with proportional, Pareto sizes.

The audit's own sampling has these too; the study keeps its own few lines so that it tests the estimators
against an independent draw.
"""

from __future__ import annotations

import numpy as np

from opencdi.estimation.arrays import Floats, Ints

LEAST_A_STRATUM = 10


def score_strata(score: Floats, count: int) -> list[Ints]:
    """Positions of each stratum, cut at equal steps of cumulated sqrt(p(1-p)) (Dalenius & Hodges 1959)."""
    order = np.argsort(score, kind="stable")
    cumulated = np.cumsum(np.sqrt(score[order] * (1 - score[order])))
    label = np.minimum((cumulated / cumulated[-1] * count * (1 - 1e-12)).astype(np.int64), count - 1)
    return [order[label == each] for each in range(count) if np.any(label == each)]


def mixed_allocation(score: Floats, members: list[Ints], size: int, mix: float) -> Ints:
    """Readings a stratum: Neyman by sqrt(p(1-p)) of the stratum's mean score, mixed with proportional.

    ``mix`` is the proportional part. Each stratum gets at least 10 (or all it has). Sums to ``size``.
    """
    population = np.array([member.size for member in members], dtype=float)
    mean = np.array([score[member].mean() for member in members])
    neyman = population * np.sqrt(mean * (1 - mean))
    target = size * ((1 - mix) * neyman / neyman.sum() + mix * population / population.sum())
    least = np.minimum(LEAST_A_STRATUM, population)
    return _whole(target, least, population, size)


def _whole(target: Floats, least: Floats, most: Floats, size: int) -> Ints:
    bounded = np.clip(target, least, most)
    for _ in range(50):
        free = (bounded > least) & (bounded < most)
        gap = size - bounded.sum()
        if abs(gap) < 1e-9 or not free.any():
            break
        bounded[free] += gap * bounded[free] / bounded[free].sum()
        bounded = np.clip(bounded, least, most)
    whole = np.floor(bounded + 1e-9).astype(np.int64)
    for position in np.argsort(whole - bounded, kind="stable")[: max(0, size - int(whole.sum()))]:
        whole[position] = min(whole[position] + 1, int(most[position]))
    return whole


def pareto_probabilities(score: Floats, size: int, mix: float) -> Floats:
    """π proportional to (1-mix) sqrt(p(1-p))/mean + mix, at most 1; certain units handled in turn."""
    measure = np.sqrt(score * (1 - score))
    measure = (1 - mix) * measure / measure.mean() + mix
    probability = np.zeros(score.size)
    certain = np.zeros(score.size, dtype=bool)
    while True:
        free = ~certain
        probability[free] = (size - certain.sum()) * measure[free] / measure[free].sum()
        over = free & (probability >= 1)
        if not over.any():
            return np.where(certain, 1.0, probability)
        certain |= over
