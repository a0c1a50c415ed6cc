"""How right pairs and wrong pairs agree, learned without anybody saying which are right.

The model is that of Fellegi and Sunter (1969), *A Theory for Record Linkage*, Journal of the American
Statistical Association 64(328). Wrong pairs are learned from pairs taken at random, right ones by
expectation maximisation (Winkler 1988, *Using the EM Algorithm for Weight Computation in the Fellegi-Sunter
Model of Record Linkage*, Proceedings of the Section on Survey Research Methods, ASA) on the pairs of one rule
after the other. What a rule asks for it cannot teach, so each run learns the comparisons its rule does not
touch; what several runs learn is averaged by the right pairs each saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opencdi.linkage.matching.comparing import MISSING
from opencdi.linkage.matching.plan import Plan

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDS = 100
_CONVERGED = 1e-5
_SMOOTHING = 0.5
"""Pairs added to every level, so that none becomes impossible."""

_START = 0.05
"""Share of a rule's pairs held to be right before anything is learned."""


@dataclass(frozen=True)
class Vectors:
    """Pairs as arrays of one length: whom they pair, by which rules, each level, and shares of values."""

    left: Whole
    right: Whole
    via: Whole
    levels: Mapping[str, Whole]
    shares: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.left)

    def where(self, chosen: NDArray[np.bool_]) -> Vectors:
        return Vectors(
            self.left[chosen],
            self.right[chosen],
            self.via[chosen],
            {name: numbers[chosen] for name, numbers in self.levels.items()},
            {name: shares[chosen] for name, shares in self.shares.items()},
        )


@dataclass(frozen=True)
class Shares:
    """``right``: of right pairs, by level, in each comparison; ``wrong``: of wrong ones. A comparison that
    nothing teaches has the same of both, and weighs nothing."""

    right: dict[str, Floats]
    wrong: dict[str, Floats]

    def bits(self, name: str) -> Floats:
        """Weight of each level, log2(right / wrong); that something is missing weighs nothing."""
        bits = np.log2(self.right[name] / self.wrong[name])
        bits[MISSING] = 0.0
        return bits


def learn(candidates: Vectors, random: Vectors, plan: Plan) -> Shares:
    """The shares of each level; ``random`` are pairs taken at random, nearly all wrong."""
    sizes = {comparison.name: len(comparison.levels) + 2 for comparison in plan.comparisons}
    wrong = {name: _level_shares(random.levels[name], np.ones(len(random)), sizes[name]) for name in sizes}
    taught: dict[str, list[tuple[float, Floats]]] = {name: [] for name in sizes}
    for place, rule in enumerate(plan.rules()):
        if plan.training and rule not in plan.training:
            continue
        pairs = candidates.where((candidates.via >> place & 1) > 0)
        free = [c.name for c in plan.comparisons if not rule.touched() & set(c.columns)]
        if len(pairs) and len(free) > 1:
            seen, right = _right_shares(pairs, {name: wrong[name] for name in free})
            for name in free:
                taught[name].append((seen, right[name]))
    right = {name: _averaged(runs) if (runs := taught[name]) else wrong[name] for name in sizes}
    return Shares(right, wrong)


def _averaged(runs: list[tuple[float, Floats]]) -> Floats:
    return np.asarray(np.average([right for _, right in runs], axis=0, weights=[seen for seen, _ in runs]))


def _level_shares(numbers: Whole, weights: Floats, levels: int) -> Floats:
    """Among those with something to compare; the share of missing ones, which weighs nothing, is one."""
    counts = np.bincount(numbers, weights=weights, minlength=levels) + _SMOOTHING
    counts[MISSING] = 0.0
    shares = counts / counts.sum()
    shares[MISSING] = 1.0
    return np.asarray(shares, dtype=np.float64)


def _right_shares(pairs: Vectors, wrong: Mapping[str, Floats]) -> tuple[float, dict[str, Floats]]:
    """Expectation maximisation: how many pairs are right, and their shares. Wrong shares stay as given."""
    patterns, counts = _patterns(pairs, wrong)
    right = {name: _start(shares) for name, shares in wrong.items()}
    share = _START
    for _ in range(_ROUNDS):
        ratio = np.ones(len(counts))
        for name in wrong:
            ratio *= (right[name] / wrong[name])[patterns[name]]
        odds = ratio * share / (1 - share)
        posterior = odds / (1 + odds) * counts
        before = share
        share = float(np.clip(posterior.sum() / counts.sum(), 1e-6, 1 - 1e-6))
        right = {name: _level_shares(patterns[name], posterior, len(wrong[name])) for name in wrong}
        if abs(share - before) < _CONVERGED * share:
            break
    return float(posterior.sum()), right


def _patterns(pairs: Vectors, names: Mapping[str, Floats]) -> tuple[dict[str, Whole], Floats]:
    """The distinct combinations of levels, and how many pairs show each."""
    code = np.zeros(len(pairs), dtype=np.int64)
    for name, shares in names.items():
        code = code * len(shares) + pairs.levels[name]
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    return {name: pairs.levels[name][first] for name in names}, counts.astype(np.float64)


def _start(wrong: Floats) -> Floats:
    """Right pairs agree for the most part: nine in ten at the strongest levels, falling by half."""
    levels = len(wrong)
    start = np.full(levels, 1.0)
    start[1:-1] = 0.9 * 0.5 ** np.arange(levels - 2)
    start[-1] = 0.1
    start[1:] /= start[1:].sum()
    return start
