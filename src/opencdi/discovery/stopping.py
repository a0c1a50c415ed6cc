"""When reading may stop, with a promise that is kept.

Two rules are offered. Both rest on a random sample, so that they hold however bad the ranking is:

- QBCB, the quantile binomial confidence bound (Lewis, Yang & Frieder 2021, *CIKM*, arXiv 2108.12746):
  a random control sample, read first, holds r missing crimes; reading down the ranking stops when it
  has passed the j-th of them;
- the elusion test at one planned look: a random sample of what was not read, with an exact
  hypergeometric bound (Buonaccorsi 1987, *Am. Statist.* 41, 215-218).

Stopping after so many irrelevant in a row is not offered: at a 3 % rate and an AUC of 0.90 it never
once kept a promise of 95 % in 500 trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, binom, hypergeom

CONFIDENCE = 0.95
TARGET_RECALL = 0.95


def positives_needed(target: float = TARGET_RECALL, confidence: float = CONFIDENCE) -> int:
    """The least number of control positives with which ``target`` can be promised: 59 for 95 % of 95 %."""
    return int(np.ceil(np.log(1 - confidence) / np.log(target) - 1e-12))


def control_quantile(
    positives: int, target: float = TARGET_RECALL, confidence: float = CONFIDENCE
) -> int | None:
    """How many of the control positives reading must pass; None where there are too few to promise.

    The smallest j with P(Bin(r, target) <= j - 1) >= confidence.
    """
    enough = np.flatnonzero(binom.cdf(np.arange(positives), positives, target) >= confidence)
    return int(enough[0]) + 1 if enough.size else None


def best_promise(positives: int, confidence: float = CONFIDENCE) -> float:
    """The highest recall that ``positives`` control positives can promise: all of them passed."""
    return float((1 - confidence) ** (1 / positives)) if positives else 0.0


def qbcb_depth(
    ranks_of_control_positives: Sequence[int],
    target: float = TARGET_RECALL,
    confidence: float = CONFIDENCE,
) -> int | None:
    """The depth (incidents read down the ranking, from 1) at which QBCB stops; None: read all."""
    needed = control_quantile(len(ranks_of_control_positives), target, confidence)
    return None if needed is None else sorted(ranks_of_control_positives)[needed - 1]


@dataclass(frozen=True)
class Elusion:
    """What a random sample of the unread says: at most ``missed_at_most`` are left, so recall is at least."""

    unread: int
    sampled: int
    found: int
    missed_at_most: int
    recall_at_least: float
    certified: bool


def elusion_test(
    found_by_reading: int,
    unread: int,
    sampled: int,
    found_in_sample: int,
    target: float = TARGET_RECALL,
    confidence: float = CONFIDENCE,
    untold_in_sample: int = 0,
) -> Elusion:
    """The exact one-sided bound on what was not read, at one planned look.

    What the sample itself found counts as found; what readers could not tell counts as missed. Raises
    ``ValueError`` for a sample that does not fit.
    """
    if not 0 <= found_in_sample + untold_in_sample <= sampled <= unread:
        raise ValueError("A sample cannot hold more than the unread, nor find more than it holds.")
    most = largest_plausible(unread, sampled, found_in_sample + untold_in_sample, confidence)
    found = found_by_reading + found_in_sample
    total = found_by_reading + most
    recall = found / total if total else 1.0
    return Elusion(unread, sampled, found_in_sample, most - found_in_sample, recall, recall >= target)


def largest_plausible(population: int, sampled: int, found: int, confidence: float = CONFIDENCE) -> int:
    """The largest K with P(X <= found | K of population, sampled) > 1 - confidence."""
    low, high = found, population - (sampled - found)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(found, population, middle, sampled) > (1 - confidence) * (1 + 1e-9):
            low = middle
        else:
            high = middle - 1
    return low


def elusion_sample_size(
    found_by_reading: int,
    unread: int,
    target: float = TARGET_RECALL,
    confidence: float = CONFIDENCE,
) -> int | None:
    """The smallest sample that certifies ``target`` if it finds nothing; None where none does."""
    allowed = int(np.floor(found_by_reading / target - found_by_reading + 1e-9))
    low, high = 1, unread
    if unread <= allowed:
        return 0
    if largest_plausible(unread, unread, 0, confidence) > allowed:
        return None
    while low < high:
        middle = (low + high) // 2
        if largest_plausible(unread, middle, 0, confidence) <= allowed:
            high = middle
        else:
            low = middle + 1
    return low


def reads_for(
    probabilities: NDArray[np.float64],
    control: int,
    target: float = TARGET_RECALL,
    confidence: float = CONFIDENCE,
    runs: int = 200,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Reads and true recall of QBCB, simulated, if the calibrated ``probabilities`` were true.

    Each run draws which incidents hold a missing crime, draws ``control`` incidents at random, and
    reads down the ranking. Gives the total reads (control and ranking) and the recall of each run.
    """
    draw = np.random.default_rng(seed)
    order = np.argsort(-probabilities, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    reads = np.empty(runs, dtype=np.int64)
    recall = np.empty(runs)
    for run in range(runs):
        missing = draw.random(len(rank)) < probabilities
        chosen = draw.choice(len(rank), size=min(control, len(rank)), replace=False)
        depth = qbcb_depth(rank[chosen][missing[chosen]].tolist(), target, confidence) or len(rank)
        read = rank <= depth
        read[chosen] = True
        reads[run] = int(read.sum())
        recall[run] = float((read & missing).sum() / max(1, missing.sum()))
    return reads, recall


@dataclass(frozen=True)
class ElusionPlan:
    """Simulated audits that read to one depth and then make the elusion test."""

    depth: int
    reads: NDArray[np.int64]
    recall: NDArray[np.float64]
    certified: NDArray[np.bool_]


def reads_for_elusion(
    probabilities: NDArray[np.float64],
    expected_recall: float,
    target: float = TARGET_RECALL,
    confidence: float = CONFIDENCE,
    runs: int = 200,
    seed: int = 0,
) -> ElusionPlan:
    """Reads, true recall and certificates, simulated, if the calibrated ``probabilities`` were true.

    Each run reads down the ranking to where the scores expect ``expected_recall``, draws the least
    sample of the unread that could certify ``target``, and reads everything where it does not certify.
    """
    draw = np.random.default_rng(seed)
    ranked = np.sort(probabilities)[::-1]
    depth = int(np.searchsorted(np.cumsum(ranked), expected_recall * ranked.sum())) + 1
    depth = min(depth, len(ranked))
    reads = np.empty(runs, dtype=np.int64)
    recall = np.empty(runs)
    certified = np.zeros(runs, dtype=bool)
    for run in range(runs):
        missing = draw.random(len(ranked)) < ranked
        found, beyond = int(missing[:depth].sum()), missing[depth:]
        size = elusion_sample_size(found, len(beyond), target, confidence) if len(beyond) else 0
        if size is not None:
            sampled = draw.choice(len(beyond), size=size, replace=False)
            in_sample = int(beyond[sampled].sum())
            certified[run] = elusion_test(found, len(beyond), size, in_sample, target, confidence).certified
            found += in_sample
        reads[run] = depth + (size or 0) if certified[run] else len(ranked)
        recall[run] = found / max(1, int(missing.sum())) if certified[run] else 1.0
    return ElusionPlan(depth, reads, recall, certified)


def recall_at_least(passed: int, positives: int, confidence: float = CONFIDENCE) -> float:
    """One-sided lower bound of a recall of which ``passed`` of ``positives`` were reached.

    Clopper and Pearson 1934, *Biometrika* 26(4), 404-413.
    """
    if passed == 0:
        return 0.0
    return float(beta.ppf(1 - confidence, passed, positives - passed + 1))
