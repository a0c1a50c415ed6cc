"""Coverage when reviewers err: without correction, by re-reading, and by known cases."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from opencdi.estimation.arrays import Booleans, Floats
from opencdi.estimation.binomial import official_limits, wilson_limits
from opencdi.estimation.known_cases import lang_reiczigel_limits
from opencdi.estimation.offered import Counts, offered_limits
from opencdi.estimation.rereading import Rereading, reread_ratio, reread_weight

POPULATION = 50_000
REREAD_AGREED = 0.15
SEEDED = 150
"""Known cases of each kind that both reviewers of a scheme have met."""


@dataclass(frozen=True)
class ReviewerPlan:
    """True rate, incidents read, and one reviewer's sensitivity and specificity.

    ``shared`` is the share of incidents so hard that both reviewers make the same mistake.
    """

    rate: float
    readings: int
    sensitivity: float
    specificity: float
    shared: float = 0.0


@dataclass(frozen=True)
class ReviewerCoverage:
    """How one scheme did; bias and half-width in shares, coverage with its standard error."""

    plan: ReviewerPlan
    scheme: str
    bias: float
    covered: float
    standard_error: float
    half_width: float
    judgements: float

    def to_dict(self) -> dict[str, Any]:
        row = asdict(self)
        plan: dict[str, Any] = row.pop("plan")
        return plan | row


PLANS = (
    ReviewerPlan(0.10, 700, 0.90, 0.98),
    ReviewerPlan(0.10, 700, 0.85, 0.95),
    ReviewerPlan(0.10, 700, 0.90, 0.98, shared=0.02),
    ReviewerPlan(0.03, 1_000, 0.90, 0.98),
    ReviewerPlan(0.03, 1_000, 0.85, 0.95),
    ReviewerPlan(0.01, 2_000, 0.90, 0.98),
    ReviewerPlan(0.30, 300, 0.90, 0.98),
)


def review(plan: ReviewerPlan, replicates: int, seed: int) -> list[ReviewerCoverage]:
    """The schemes on the same plan: single reviewer, two blind and an adjudicator, each corrected."""
    rng = np.random.default_rng([seed, *repr(plan).encode()])
    shape = (replicates, plan.readings)
    truth = rng.random(shape) < plan.rate
    hard = rng.random(shape) < plan.shared
    first, second = (_judged(truth, plan, rng) for _ in range(2))
    second = np.where(hard, first, second)
    final = np.where(first == second, first, truth)
    disagreed = first != second
    again = disagreed | (rng.random(shape) < REREAD_AGREED)
    chance = np.where(disagreed, 1.0, REREAD_AGREED)
    twice = 2 + float(disagreed.mean())
    return [
        _coverage(plan, "one reviewer, official-style interval", *_official(first), 1.0),
        _coverage(plan, "one reviewer, corrected by known cases", *_known(first, plan, rng), 1.0),
        _coverage(plan, "two blind and adjudication", *_offered(final), twice),
        _coverage(
            plan,
            "two blind, adjudication, agreed cases re-read",
            *_reread(final, truth, again, chance),
            2 + float(again.mean()),
        ),
    ]


def _judged(truth: Booleans, plan: ReviewerPlan, rng: np.random.Generator) -> Booleans:
    chance = np.where(truth, plan.sensitivity, 1 - plan.specificity)
    return np.asarray(rng.random(truth.shape) < chance, dtype=np.bool_)


Found = tuple[Floats, Floats, Floats]
"""Estimate, lower and upper limit of each replicate."""


def _official(found: Booleans) -> Found:
    share = found.mean(axis=-1)
    return share, *official_limits(share, found.shape[-1])


def _known(found: Booleans, plan: ReviewerPlan, rng: np.random.Generator) -> Found:
    replicates, readings = found.shape
    sensitivity = rng.binomial(SEEDED, plan.sensitivity, replicates) / SEEDED
    specificity = rng.binomial(SEEDED, plan.specificity, replicates) / SEEDED
    share = found.mean(axis=-1)
    estimate = (share + specificity - 1) / (sensitivity + specificity - 1)
    limits = lang_reiczigel_limits(share, readings, (sensitivity, SEEDED), (specificity, SEEDED))
    return np.clip(estimate, 0, 1), *limits


def _offered(found: Booleans) -> Found:
    share = found.mean(axis=-1)
    return share, *wilson_limits(share, found.shape[-1] * (POPULATION - 1) / (POPULATION - found.shape[-1]))


def _reread(final: Booleans, truth: Booleans, again: Booleans, chance: Floats) -> Found:
    readings = final.shape[-1]
    fraction = np.full(readings, readings / POPULATION)
    weight, stratum = 1 / fraction, np.zeros(readings, dtype=np.int64)
    ones, verdicts, facts = np.ones(final.shape), final.astype(np.float64), truth.astype(np.float64)
    rereading = Rereading(again, chance, facts, ones)
    found = reread_ratio(verdicts, ones, rereading, weight, fraction, stratum)
    known = np.where(again, facts, verdicts)
    again_weight = reread_weight(rereading, weight)
    limits = offered_limits(
        found, Counts.of(known, ones, fraction), again_weight, fraction, stratum, POPULATION
    )
    return np.clip(found.estimate, 0, 1), limits.lower, limits.upper


def _coverage(
    plan: ReviewerPlan, scheme: str, estimate: Floats, lower: Floats, upper: Floats, judgements: float
) -> ReviewerCoverage:
    covered = float(np.mean((lower <= plan.rate) & (plan.rate <= upper)))
    return ReviewerCoverage(
        plan,
        scheme,
        float(np.mean(estimate) - plan.rate),
        covered,
        float(np.sqrt(max(covered * (1 - covered), 1e-6) / estimate.size)),
        float(np.mean(upper - lower) / 2),
        judgements,
    )
