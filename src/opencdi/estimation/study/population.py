"""Made-up populations of incidents whose truth is known.

The score is binormal: normal with unit spread in both classes, means apart by sqrt(2) Φ⁻¹(AUC), so that it
has the stated area under the curve and its posterior probability is exactly logistic (Green & Swets 1966).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, logit, ndtri

from opencdi.estimation.arrays import Booleans, Floats

Calibration = Literal["calibrated", "over_confident", "shifted", "permuted"]


@dataclass(frozen=True)
class PopulationPlan:
    """What kind of force: ``rate`` of crimes not recorded, incidents, score quality, crimes an incident.

    ``clustered`` False gives one required crime an incident; True gives 0 to 4 (mean 0.9), with the
    failures of one incident bunched together.
    """

    incidents: int
    rate: float
    auc: float = 0.9
    calibration: Calibration = "calibrated"
    clustered: bool = False


@dataclass(frozen=True)
class Population:
    """Per incident: required crimes, crimes not recorded, the score (a probability that some are not
    recorded) and the machine's count of required crimes. Shape (N,)."""

    required: Floats
    unrecorded: Floats
    score: Floats
    counted: Floats

    @property
    def rate(self) -> float:
        """The truth: crimes not recorded / crimes required."""
        return float(self.unrecorded.sum() / self.required.sum())


CRIMES_AN_INCIDENT = (0.30, 0.57, 0.08, 0.03, 0.02)
"""Share of incidents with 0, 1, 2, 3 and 4 required crimes; Hertfordshire 2014: 224 incidents, 181 crimes."""

FAILURE_SPREADS = 0.6
"""In an incident with a failure, the chance that each further crime of it failed too."""


MACHINE_MISCOUNTS = 0.1
"""Share of incidents in which the machine counts one required crime too many or too few."""


def make_population(plan: PopulationPlan, rng: np.random.Generator) -> Population:
    """One finite population; its count of failing incidents is fixed by the rate, and at least 1."""
    required = _required(plan, rng)
    failing = np.zeros(plan.incidents, dtype=bool)
    eligible = np.flatnonzero(required > 0)
    crimes_a_failure = 1 + FAILURE_SPREADS * (required[eligible].mean() - 1)
    wanted = max(1, round(plan.rate * required.sum() / crimes_a_failure))
    failing[rng.choice(eligible, size=min(wanted, eligible.size), replace=False)] = True
    further = rng.binomial(np.maximum(required - 1, 0).astype(np.int64), FAILURE_SPREADS)
    unrecorded = np.where(failing, 1.0 + further, 0.0)
    return Population(required, unrecorded, _score(plan, failing, rng), _counted(required, rng))


def _required(plan: PopulationPlan, rng: np.random.Generator) -> Floats:
    if not plan.clustered:
        return np.ones(plan.incidents)
    return rng.choice(len(CRIMES_AN_INCIDENT), size=plan.incidents, p=CRIMES_AN_INCIDENT).astype(np.float64)


def _counted(required: Floats, rng: np.random.Generator) -> Floats:
    slip = rng.choice(
        [-1.0, 0.0, 1.0],
        size=required.size,
        p=[MACHINE_MISCOUNTS / 2, 1 - MACHINE_MISCOUNTS, MACHINE_MISCOUNTS / 2],
    )
    return np.asarray(np.maximum(required + slip, 0.0), dtype=np.float64)


def _score(plan: PopulationPlan, failing: Booleans, rng: np.random.Generator) -> Floats:
    apart = np.sqrt(2) * ndtri(plan.auc)
    signal = rng.normal(size=plan.incidents) + apart * failing
    log_odds = logit(failing.mean()) + apart * signal - apart**2 / 2
    if plan.calibration == "over_confident":
        log_odds = 2 * log_odds
    elif plan.calibration == "shifted":
        log_odds = log_odds + 1
    elif plan.calibration == "permuted":
        log_odds = rng.permutation(log_odds)
    return np.asarray(expit(log_odds), dtype=np.float64)
