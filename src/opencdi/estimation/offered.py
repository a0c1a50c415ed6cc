"""Which interval is offered, by a rule fixed before anything is read.

1. Everything was read: the figure is the population's own, and the interval a point.
2. One stratum, equal chances, at most one required crime an incident: Wilson at the size after finite
   population correction; the exact hypergeometric interval where errors (or non-errors) are fewer than
   five or the population is under 2,000. Not where the score or a re-reading helped.
3. Fewer than five failing incidents: gamma limits with an unseen event (Fay & Feuer).
4. A variance that rests on few incidents (under 30 degrees of freedom): mid-p gamma limits. Where the rarer
   side is above 10 % the gamma law, made for rare events, is a little short; there the wider of it and
   t-Wilson on each side.
5. Otherwise: t-Wilson at the effective size.

3 and 4 work on the rarer side of the rate, and on the part of it that was sampled: what was read with
certainty is known. The two thresholds were chosen on a small grid of simulated
populations and checked on the whole grid with other seeds: ``docs/coverage.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.estimation.arrays import Booleans, Floats, Ints
from opencdi.estimation.binomial import CONFIDENCE, normal_quantile, wilson_limits
from opencdi.estimation.effective import degrees_of_freedom, t_wilson_limits
from opencdi.estimation.gamma import (
    gamma_limits,
    lightest_event,
    mid_p_gamma_limits,
    unseen_event,
)
from opencdi.estimation.hypergeometric import hypergeometric_limits
from opencdi.estimation.ratio import Ratio

METHODS = ("census", "hypergeometric", "Wilson", "gamma", "mid-p gamma", "t-Wilson", "none")
CENSUS, EXACT, WILSON, GAMMA, MID_P, T_WILSON, NONE = range(len(METHODS))

FEW_EVENTS = 5
FEW_DEGREES = 30.0
RARE = 0.10
SMALL_POPULATION = 2_000


@dataclass(frozen=True)
class Counts:
    """What was read, unweighted, on the leading axes.

    ``numerator`` and ``denominator`` are crimes and ``most`` the most crimes in one incident. ``successes``
    and ``failures`` are incidents with at least one crime of the kind, of those that were *not* certain to be
    read, and the sizes their mean number of such crimes (1 where there is none): what an unseen incident
    would hold.
    """

    numerator: Floats
    denominator: Floats
    most: Floats
    successes: Floats
    failures: Floats
    success_size: Floats
    failure_size: Floats

    @classmethod
    def of(cls, numerator: Floats, denominator: Floats, fraction: Floats) -> Counts:
        """Counts of incidents on the last axis; ``fraction`` are their inclusion probabilities."""
        rest = denominator - numerator
        drawn = fraction < 1
        successes, success_size = _events(np.where(drawn, numerator, 0.0))
        failures, failure_size = _events(np.where(drawn, rest, 0.0))
        return cls(
            numerator.sum(axis=-1),
            denominator.sum(axis=-1),
            denominator.max(axis=-1, initial=0.0),
            successes,
            failures,
            success_size,
            failure_size,
        )


def _events(crimes: Floats) -> tuple[Floats, Floats]:
    events = np.sum(crimes > 0, axis=-1).astype(np.float64)
    return events, np.where(events > 0, crimes.sum(axis=-1) / np.maximum(events, 1.0), 1.0)


@dataclass(frozen=True)
class Limits:
    """Lower and upper limits and the method's position in ``METHODS``, on the leading axes.

    Where nothing of the group was read the method is ``none`` and the limits are 0 and 1.
    """

    lower: Floats
    upper: Floats
    method: Ints


def offered_limits(
    ratio: Ratio,
    counts: Counts,
    weight: Floats,
    fraction: Floats,
    stratum: Ints,
    population: int,
    confidence: float = CONFIDENCE,
) -> Limits:
    """The interval offered for a ratio in [0, 1]; ``weight`` and ``fraction`` (n,) or (..., n)."""
    estimate = np.clip(ratio.estimate, 0.0, 1.0)
    method = _methods(ratio, counts, fraction, stratum, population)
    lower, upper = np.zeros_like(estimate), np.ones_like(estimate)

    def fill(code: int, limits: tuple[Floats, Floats]) -> None:
        chosen = method == code
        lower[chosen], upper[chosen] = limits[0], limits[1]

    chosen = method == CENSUS
    fill(CENSUS, (estimate[chosen], estimate[chosen]))
    for code, simple_limits in ((EXACT, _exact), (WILSON, _wilson)):
        chosen = method == code
        if np.any(chosen):
            trials = counts.denominator[chosen]
            size = np.maximum(np.rint(population * trials / fraction.shape[-1]), trials)
            fill(code, simple_limits(counts.numerator[chosen], trials, size, confidence))
    chosen = method == T_WILSON
    freedom = degrees_of_freedom(ratio.shares[chosen])
    fill(T_WILSON, t_wilson_limits(estimate[chosen], ratio.variance[chosen], freedom, confidence))
    for code, limits_for_few in ((GAMMA, _gamma), (MID_P, _mid_p_or_wider)):
        chosen = method == code
        if np.any(chosen):
            few = _rarer_side(estimate, ratio, counts, weight, chosen)
            below, above = limits_for_few(few, confidence)
            fill(code, (np.where(few.flipped, 1 - above, below), np.where(few.flipped, 1 - below, above)))
    return Limits(lower, upper, method)


def _methods(ratio: Ratio, counts: Counts, fraction: Floats, stratum: Ints, population: int) -> Ints:
    equal = bool(np.all(fraction == fraction.flat[0])) and bool(np.all(stratum == stratum[0]))
    simple = (counts.most <= 1) & (equal and not ratio.assisted)
    few = np.minimum(counts.successes, counts.failures) < FEW_EVENTS
    freedom = np.nan_to_num(degrees_of_freedom(ratio.shares), nan=0.0)
    at_an_end = (ratio.estimate <= 0) | (ratio.estimate >= 1)
    census = np.all(fraction == 1, axis=-1) & (not ratio.assisted)
    rules = [
        (counts.denominator == 0, NONE),
        (np.broadcast_to(census, few.shape), CENSUS),
        (simple & (few | (population < SMALL_POPULATION)), EXACT),
        (simple, WILSON),
        (few, GAMMA),
        ((freedom < FEW_DEGREES) | at_an_end, MID_P),
    ]
    return np.asarray(
        np.select([rule for rule, _ in rules], [code for _, code in rules], default=T_WILSON), dtype=np.int64
    )


def _exact(successes: Floats, trials: Floats, size: Floats, confidence: float) -> tuple[Floats, Floats]:
    return hypergeometric_limits(successes, trials, size, confidence)


def _wilson(successes: Floats, trials: Floats, size: Floats, confidence: float) -> tuple[Floats, Floats]:
    effective = trials * (size - 1) / np.maximum(size - trials, 1e-9)
    return wilson_limits(successes / trials, effective, normal_quantile(confidence))


@dataclass(frozen=True)
class _RarerSide:
    """The rarer side of the rate: the part found in incidents read with certainty, which is known, and the
    rest, which is estimated."""

    known: Floats
    rest: Floats
    variance: Floats
    unseen: Floats
    events: Floats
    lightest: Floats
    freedom: Floats
    flipped: Booleans

    @property
    def share(self) -> Floats:
        return self.known + self.rest


def _rarer_side(
    estimate: Floats, ratio: Ratio, counts: Counts, weight: Floats, chosen: Booleans
) -> _RarerSide:
    share = estimate[chosen]
    flipped = share > 0.5
    share = np.where(flipped, 1 - share, share)
    certain = np.where(flipped, ratio.certain_rest[chosen], ratio.certain[chosen])
    known = np.minimum(certain, share)
    size = np.where(flipped, counts.failure_size[chosen], counts.success_size[chosen])
    rows = weight if weight.ndim == 1 else weight[chosen]
    total = ratio.denominator[chosen]
    return _RarerSide(
        known=known,
        rest=share - known,
        variance=ratio.variance[chosen],
        unseen=unseen_event(rows, size, total),
        events=np.where(flipped, counts.failures[chosen], counts.successes[chosen]),
        lightest=lightest_event(rows, total),
        freedom=degrees_of_freedom(ratio.shares[chosen]),
        flipped=flipped,
    )


def _gamma(few: _RarerSide, confidence: float) -> tuple[Floats, Floats]:
    """The lower limit also allows for the denominator, which alone is uncertain where every error found
    was read with certainty."""
    lower, upper = gamma_limits(few.rest, few.variance, few.unseen, few.events, few.lightest, confidence)
    below, _ = t_wilson_limits(few.share, few.variance, few.freedom, confidence)
    return np.fmin(few.known + lower, below), np.minimum(few.known + upper, 1.0)


def _mid_p_or_wider(few: _RarerSide, confidence: float) -> tuple[Floats, Floats]:
    lower, upper = mid_p_gamma_limits(few.rest, few.variance, few.unseen, confidence)
    lower, upper = few.known + lower, np.minimum(few.known + upper, 1.0)
    below, above = t_wilson_limits(few.share, few.variance, few.freedom, confidence)
    common = few.share > RARE
    return np.where(common, np.fmin(lower, below), lower), np.where(common, np.fmax(upper, above), upper)
