"""Who is drawn: from tickets to a sample, for each design."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opencdi.sampling.tickets import Tickets, ascending, fractions

Positions = NDArray[np.intp]


def smallest_tickets(drawn: Tickets, strata: NDArray[np.intp], readings: NDArray[np.int64]) -> Positions:
    """Positions of the sample: in each stratum the ``readings[h]`` smallest tickets.

    ``strata``: shape (n,), stratum number of each incident, 0 to H-1. Within a stratum this is a
    simple random sample without replacement, since the order of the tickets is a random permutation.
    The result is in ticket order: its start is the sample a smaller ``readings`` would have given.
    """
    sizes = np.bincount(strata, minlength=len(readings))
    ends = np.cumsum(sizes)
    by_stratum = np.argsort(strata.astype(np.uint16) if len(sizes) < 2**16 else strata, kind="stable")
    chosen = [
        _smallest(drawn, by_stratum[end - size : end], int(count))
        for end, size, count in zip(ends, sizes, readings, strict=True)
    ]
    together = np.concatenate(chosen) if chosen else np.empty(0, dtype=np.intp)
    in_order: Positions = together[ascending(drawn[together])]
    return in_order


def _smallest(drawn: Tickets, members: Positions, count: int) -> Positions:
    """The members with the ``count`` smallest tickets, without sorting the others."""
    if count >= len(members):
        return members[:count]
    if count <= 0:
        return members[:0]
    high = drawn[members, 0]
    limit = np.partition(high, count - 1)[count - 1]
    near: Positions = members[high <= limit]
    order = ascending(drawn[near])
    first: Positions = near[order[:count]]
    return first


def pareto_probabilities(
    sizes: NDArray[np.float64], readings: int, uniform_share: float = 0.3
) -> NDArray[np.float64]:
    """Target inclusion probabilities, shape (n,), summing to ``readings``.

    Proportional to (1 - t) q + t mean(q), with q the measure of size (sqrt(p(1-p)) of the score) and
    t ``uniform_share``, so that no incident has probability zero. Units whose share would pass one
    are taken for certain and the rest shared out again (Sarndal, Swensson & Wretman 1992, 3.6.2).
    """
    share = (1.0 - uniform_share) * sizes + uniform_share * max(float(sizes.mean()), 1e-12)
    certain = np.zeros(len(share), dtype=bool)
    while True:
        left = readings - int(certain.sum())
        probabilities = np.where(certain, 1.0, left * share / share[~certain].sum())
        more = ~certain & (probabilities >= 1.0)
        if not more.any():
            return probabilities
        certain |= more


def pareto_probabilities_at(planned: NDArray[np.float64], readings: int) -> NDArray[np.float64]:
    """Inclusion probabilities when more (or fewer) are read than planned, down the same ranking.

    The ranking of a frozen design stays as it was, so that the larger sample contains the smaller.
    Reading ``readings`` of it includes incident i with odds q l/(1-l), where q makes the
    probabilities sum to ``readings`` (order sampling, Rosen 1997, JSPI 62, 135-158, section 3).
    Incidents that were certain stay so.
    """
    free = planned < 1.0
    wanted = readings - int((~free).sum())
    odds = planned[free] / (1.0 - planned[free])
    low, high = -60.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        scaled = odds * np.exp(middle)
        if (scaled / (1.0 + scaled)).sum() < wanted:
            low = middle
        else:
            high = middle
    probabilities = np.ones(len(planned))
    scaled = odds * np.exp(high)
    probabilities[free] = scaled / (1.0 + scaled)
    return probabilities


def pareto_sample(drawn: Tickets, planned: NDArray[np.float64], readings: int) -> Positions:
    """Positions of a Pareto pi-ps sample of ``readings``, with the tickets as random numbers.

    Each incident is ranked by Q = [u / (1-u)] / [l / (1-l)], with u its ticket as a fraction and l
    its planned probability; the smallest come first (Rosen 1997, JSPI 62, 135-158; Ohlsson 1998,
    JOS 14, 149-162, on permanent random numbers). Incidents with probability one come before all.
    """
    chance = fractions(drawn)
    target = np.minimum(planned, 1.0)
    with np.errstate(divide="ignore"):
        rank = np.log(chance) - np.log1p(-chance) - np.log(target) + np.log1p(-target)
    rank = np.where(target >= 1.0, -np.inf, rank)
    return np.lexsort((drawn[:, 1], drawn[:, 0], rank))[:readings]
