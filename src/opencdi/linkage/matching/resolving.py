"""From weights to matches: every pair's probability, in which its rivals share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opencdi.linkage.matching.estimating import Floats, Shares, Vectors
from opencdi.linkage.matching.plan import Plan

_ROUNDS_OF_SHARE = 8
_ROUNDS_OF_MESSAGES = 12
_MOST_BITS = 60.0
_LEAST_SHARE = 1e-7


@dataclass(frozen=True)
class Weighed:
    """Each candidate pair's weight in bits, its probability, and how surely its right record has a partner
    among all its candidates."""

    bits: Floats
    probability: Floats
    any_probability: Floats


def weigh(pairs: Vectors, shares: Shares, plan: Plan, left_records: int, right_records: int) -> Weighed:
    """Probabilities of the candidate pairs.

    How many right records have a partner at all is learned by expectation maximisation over records.
    """
    bits = evidence(pairs, shares, plan)
    against = np.exp2(np.clip(bits - np.log2(max(1, left_records)), -_MOST_BITS, _MOST_BITS))
    spread = _one_to_one if plan.one_to_one else _many_to_one
    partnered = 0.5
    for _ in range(_ROUNDS_OF_SHARE):
        probability = spread(pairs, against * partnered / (1 - partnered))
        whole = np.bincount(pairs.right, weights=probability)
        partnered = float(np.clip(np.minimum(whole, 1).sum() / max(1, right_records), 0.001, 0.999))
    total = np.minimum(1.0, whole) if len(pairs) else np.zeros(1)
    prior = np.log2(partnered / (1 - partnered) / max(1, left_records))
    return Weighed(bits + prior, probability, total[pairs.right] if len(pairs) else probability)


def evidence(pairs: Vectors, shares: Shares, plan: Plan) -> Floats:
    """The bits of the levels; where rarity is weighed, those of the value shared."""
    total = np.zeros(len(pairs))
    for comparison in plan.comparisons:
        name = comparison.name
        numbers = pairs.levels[name]
        bits = shares.bits(name)[numbers]
        if comparison.frequencies:
            held = pairs.shares[name]
            rare = np.log2(shares.right[name][numbers] / np.maximum(held, _LEAST_SHARE))
            bits = np.where(np.isnan(held), bits, rare)
        total += bits
    return total


def _many_to_one(pairs: Vectors, odds: Floats) -> Floats:
    rivals = np.bincount(pairs.right, weights=odds) if len(pairs) else np.zeros(1)
    return odds / (1 + rivals[pairs.right]) if len(pairs) else odds


def _one_to_one(pairs: Vectors, odds: Floats, rounds: int = _ROUNDS_OF_MESSAGES) -> Floats:
    """Each record has one partner or none, on both sides: belief propagation, half the way each round.

    Williams and Lau (2014), *Approximate Evaluation of Marginal Association Probabilities with Belief
    Propagation*, IEEE Transactions on Aerospace and Electronic Systems 50(4).
    """
    if not len(pairs):
        return odds
    from_left, from_right = odds.copy(), odds.copy()
    for _ in range(rounds):
        from_left = 0.5 * from_left + 0.5 * odds / (1 + _others(pairs.left, from_right))
        from_right = 0.5 * from_right + 0.5 * odds / (1 + _others(pairs.right, from_left))
    belief = from_left * from_right / np.maximum(odds, 1e-300)
    return np.asarray(belief / (1 + belief))


def _others(record: NDArray[np.int64], messages: Floats) -> Floats:
    """Sum of a record's messages on its other pairs."""
    sums = np.bincount(record, weights=messages)
    return np.maximum(sums[record] - messages, 0.0)


def best(pairs: Vectors, weighed: Weighed) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of each right record's best pair, and of its runner-up (-1 for none); ties by left record."""
    order = np.lexsort((pairs.left, -weighed.bits, -weighed.probability, pairs.right))
    right = pairs.right[order]
    first = np.append(True, np.diff(right) > 0) if len(order) else np.zeros(0, dtype=bool)
    places = np.flatnonzero(first)
    after = places + 1
    has_rival = (after < len(order)) & ~np.append(first, True)[after]
    runner_up = np.where(has_rival, order[np.minimum(after, max(0, len(order) - 1))], -1)
    return order[places], runner_up
