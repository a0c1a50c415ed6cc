"""Is the rate above (or below) a threshold? A test that may be looked at more than once.

The incidents are read in ticket order, which is a random order without replacement, and at each look the
likelihood of what was read under a mixture of other rates is divided by its likelihood at the threshold.
Under the threshold that quotient is a martingale with mean 1, so that by Ville's inequality it passes 1/risk
at *any* look, planned or not, with probability at most ``risk`` (Stark 2023, *Ann. Appl. Stat.* 17, 641-679,
ALPHA; Waudby-Smith & Ramdas 2020, *NeurIPS* 33, sampling without replacement; Robbins 1970, *Ann. Math.
Statist.* 41, 1397-1409, mixtures). No rate has to be guessed beforehand. Looks are planned by default: the
threshold, the risk and the looks are published before the seed.

``decide`` is for units that are right or wrong (one crime each); ``decide_clusters`` for incidents of several
crimes, by betting on y - t m (Waudby-Smith & Ramdas 2024, *J. R. Stat. Soc. B* 86, 1-27).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import gammaln, logsumexp

from opencdi.errors import UserError
from opencdi.estimation.arrays import Floats, Ints

Verdict = Literal["above", "below", "undecided"]

MIXTURE_RATES = 200
BETS = 60
LARGEST_BET = 0.95
"""Part of the largest bet that can never lose everything."""


@dataclass(frozen=True)
class Decision:
    """What the looks so far allow one to say of the threshold.

    ``evidence_above`` and ``evidence_below`` are the largest likelihood quotients at the looks (one can be
    read as 1/p); ``look`` is the number of units at which it was decided, or the last look.
    """

    verdict: Verdict
    threshold: float
    risk: float
    look: int
    evidence_above: float
    evidence_below: float

    def __str__(self) -> str:
        if self.verdict == "undecided":
            return f"Not decided at {self.look:,} read: it may be above or below {100 * self.threshold:g} %."
        return (
            f"The rate is {self.verdict} {100 * self.threshold:g} % (risk {100 * self.risk:g} %), decided at "
            f"{self.look:,} read."
        )

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def decide(
    successes: Sequence[int], population: int, threshold: float, looks: Sequence[int], risk: float = 0.05
) -> Decision:
    """Decide from 0/1 outcomes in ticket order, looked at after each number of ``looks``.

    Each of the two wrong decisions has at most ``risk``. Raises ``UserError`` for a threshold outside
    (0, 1), or more outcomes than the population.
    """
    _check(threshold, len(successes), population)
    found = np.cumsum(np.asarray(successes, dtype=np.int64))
    taken = np.array([look for look in looks if 1 <= look <= len(successes)], dtype=np.int64)
    above = log_evidence_above(found[taken - 1], taken, population, threshold)
    below = log_evidence_above(taken - found[taken - 1], taken, population, 1 - threshold)
    return _decided(above, below, taken, threshold, risk)


def decide_clusters(
    successes: Floats,
    required: Floats,
    population: int,
    threshold: float,
    most: int,
    looks: Sequence[int],
    risk: float = 0.05,
) -> Decision:
    """The same for incidents in ticket order, each with ``required`` crimes of which ``successes`` are right.

    ``most`` is the largest number of crimes an incident may hold, fixed beforehand. Raises ``UserError``
    where an incident holds more.
    """
    _check(threshold, required.size, population)
    if required.max(initial=0) > most:
        raise UserError(
            f"An incident holds more than the {most} crimes fixed beforehand. Fix a larger number before the "
            "seed is drawn; it cannot be changed after."
        )
    surplus = successes - threshold * required
    taken = np.array([look for look in looks if 1 <= look <= required.size], dtype=np.int64)
    lowest, highest = -threshold * most, (1 - threshold) * most
    above = log_betting_evidence(surplus, population, lowest)[..., taken - 1]
    below = log_betting_evidence(-surplus, population, -highest)[..., taken - 1]
    return _decided(above, below, taken, threshold, risk)


def log_evidence_above(found: Ints, read: Ints, population: int, threshold: float) -> Floats:
    """log of the mixture likelihood quotient against "the rate is at most ``threshold``".

    ``found`` and ``read`` broadcast to a shape (...). The mixture lies more thickly towards the threshold.
    Infinite where the sample alone holds more than the threshold allows. Worked out once for each distinct
    pair.
    """
    shape = np.broadcast_shapes(np.shape(found), np.shape(read))
    pairs = np.stack([np.broadcast_to(each, shape).ravel() for each in (found, read)], axis=-1)
    distinct, position = np.unique(pairs, axis=0, return_inverse=True)
    evidence = _log_evidence(distinct[:, 0], distinct[:, 1], population, threshold)
    return np.asarray(evidence[position.reshape(-1)].reshape(shape), dtype=np.float64)


def _log_evidence(found: Ints, read: Ints, population: int, threshold: float) -> Floats:
    null = int(np.floor(threshold * population + 1e-9))
    if null >= population:
        return np.full(found.shape, -np.inf)
    steps = np.linspace(0, 1, MIXTURE_RATES) ** 2
    others = np.unique((null + 1 + steps * (population - null - 1)).round().astype(np.int64))
    at_null = _log_likelihood(found, read, population, np.array([null]))[..., 0]
    mixed = logsumexp(_log_likelihood(found, read, population, others), axis=-1) - np.log(others.size)
    too_few_left = found < null - (population - read)
    with np.errstate(invalid="ignore"):
        evidence = np.where(too_few_left, -np.inf, mixed - at_null)
    return np.asarray(np.where(found > null, np.inf, evidence), dtype=np.float64)


def log_betting_evidence(surplus: Floats, population: int, lowest: float) -> Floats:
    """log of a mixture of betting martingales against "the population's mean surplus is at most 0".

    ``surplus`` (..., n) in reading order, none below ``lowest`` < 0; one value after each reading.
    """
    before = np.cumsum(surplus, axis=-1) - surplus
    remaining = population - np.arange(surplus.shape[-1])
    mean = -before / remaining
    room = np.maximum(mean - lowest, 1e-12)
    bets = LARGEST_BET * np.linspace(1 / BETS, 1, BETS)[:, None] ** 2
    gains = np.log1p(np.maximum(bets * ((surplus - mean) / room)[..., None, :], -1 + 1e-12))
    wealth: Floats = logsumexp(np.cumsum(gains, axis=-1), axis=-2) - np.log(BETS)
    settled = np.where(mean < lowest, np.inf, wealth)
    return np.asarray(np.maximum.accumulate(settled, axis=-1), dtype=np.float64)


def _log_likelihood(found: Ints, read: Ints, population: int, count: Ints) -> Floats:
    """log P(this order of outcomes | the population holds ``count``): shape (..., counts)."""
    x, n = np.asarray(found)[..., None], np.asarray(read)[..., None]
    left, failures = count - x, population - count - (n - x)
    possible = (left >= 0) & (failures >= 0)
    left, failures = np.where(possible, left, 0), np.where(possible, failures, 0)
    log = (
        gammaln(left + failures + 1.0)
        - gammaln(left + 1.0)
        - gammaln(failures + 1.0)
        - gammaln(population + 1.0)
        + gammaln(count + 1.0)
        + gammaln(population - count + 1.0)
    )
    return np.where(possible, log, -np.inf)


def _decided(above: Floats, below: Floats, looks: Ints, threshold: float, risk: float) -> Decision:
    passed_above, passed_below = above >= -np.log(risk), below >= -np.log(risk)
    passed = np.flatnonzero(passed_above | passed_below)
    last = int(looks[-1]) if looks.size else 0
    verdict: Verdict = "undecided"
    if passed.size:
        last = int(looks[passed[0]])
        verdict = "above" if passed_above[passed[0]] else "below"
    with np.errstate(over="ignore"):
        largest = [float(np.exp(np.max(each, initial=-np.inf))) for each in (above, below)]
    return Decision(verdict, threshold, risk, last, largest[0], largest[1])


def _check(threshold: float, read: int, population: int) -> None:
    if not 0 < threshold < 1:
        raise UserError("A threshold lies between 0 and 1, such as 0.95. Correct it.")
    if read > population:
        raise UserError(
            f"{read:,} outcomes were given for a population of {population:,}. Correct the population."
        )
