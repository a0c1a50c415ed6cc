"""The interval for few events with unequal weights: gamma limits that allow for one unseen event.

A weighted share R = Σ w_i y_i with estimated variance V is taken as gamma distributed with that mean and
variance. A sample cannot show the events it did not meet, and an event in a thinly read part of the
population would have weighed much; so the upper limit rests on R plus one unseen event (Fay & Feuer 1997,
*Stat. Med.* 16, 791-801). With no event seen it is 3.69 times that event's weight; with equal weights and
Poisson variance it is the exact Garwood (1936) interval.

Fay and Feuer give the unseen event the largest weight, which is safe and wide; Tiwari, Clegg & Zou (2006,
*Stat. Methods Med. Res.* 15, 547-569) give it the mean weight. Here it gets the weight of an incident of
the population picked at random, less the part of the population already read: Σ w(w-1)/Σ w.
``mid_p_gamma_limits`` halves the weight of the event that just tips the balance (Fay & Kim 2017, *Biometrical
J.* 59, 375-387). V here is the design's variance, not Poisson's; that use rests on the coverage study.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammainc, gammaincinv

from opencdi.estimation.arrays import Booleans, Floats, divided
from opencdi.estimation.binomial import CONFIDENCE

STEPS_OF_BISECTION = 48


def unseen_event(weight: Floats, event_size: Floats, denominator: Floats) -> Floats:
    """What one further event would add to the share: weight (n,) or (..., n), the rest (...).

    ``event_size`` is how many crimes a failing incident holds on average; ``denominator`` is the
    estimated total that the share is of. Zero in a census.
    """
    mean_weight = divided(np.sum(weight * (weight - 1), axis=-1), np.sum(weight, axis=-1))
    return np.asarray(mean_weight * event_size / denominator, dtype=np.float64)


def gamma_limits(
    share: Floats,
    variance: Floats,
    unseen: Floats,
    events: Floats,
    lightest: Floats,
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats]:
    """Limits for a share >= 0 of few events; arrays of one shape.

    The upper limit is Fay and Feuer's. The lower one is Garwood's for the number of failing incidents,
    ``events``, each counted as one crime of the least weight in the sample, ``lightest`` (as a share): a
    single heavy incident of several crimes must not prove a high rate.
    """
    tail = (1 - confidence) / 2
    lower = np.where(events > 0, gammaincinv(np.maximum(events, 1.0), tail) * lightest, 0.0)
    upper = _quantile(1 - tail, share + unseen, variance + unseen**2)
    return np.clip(np.minimum(lower, share), 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def lightest_event(weight: Floats, denominator: Floats) -> Floats:
    """What one crime of the least weight among sampled incidents adds to the share; (..., n) to (...)."""
    sampled = np.where(weight > 1, weight, np.inf).min(axis=-1, initial=np.inf)
    return np.asarray(np.where(np.isfinite(sampled), sampled, 0.0) / denominator, dtype=np.float64)


def mid_p_gamma_limits(
    share: Floats, variance: Floats, unseen: Floats, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Quantiles of an even mixture of the gamma with and without the unseen event."""
    tail = (1 - confidence) / 2
    lower = np.where(share > 0, _mixture_quantile(tail, share, variance, unseen), 0.0)
    upper = _mixture_quantile(1 - tail, share, variance, unseen)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def _quantile(probability: float, mean: Floats, variance: Floats) -> Floats:
    point = (variance <= 0) | (mean <= 0)
    safe_mean, safe_variance = np.where(point, 1.0, mean), np.where(point, 1.0, variance)
    quantile = gammaincinv(safe_mean**2 / safe_variance, probability) * safe_variance / safe_mean
    return np.asarray(np.where(point, mean, quantile), dtype=np.float64)


def _distribution(value: Floats, mean: Floats, variance: Floats) -> Floats:
    point = (variance <= 0) | (mean <= 0)
    safe_mean, safe_variance = np.where(point, 1.0, mean), np.where(point, 1.0, variance)
    below = gammainc(safe_mean**2 / safe_variance, value * safe_mean / safe_variance)
    at_point: Booleans = value >= mean
    return np.asarray(np.where(point, at_point, below), dtype=np.float64)


def _mixture_quantile(probability: float, share: Floats, variance: Floats, unseen: Floats) -> Floats:
    low = np.zeros_like(share)
    high = share + unseen + 12 * np.sqrt(variance + unseen**2)
    for _ in range(STEPS_OF_BISECTION):
        middle = (low + high) / 2
        without = _distribution(middle, share, variance)
        with_event = _distribution(middle, share + unseen, variance + unseen**2)
        short = (without + with_event) / 2 < probability
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)
