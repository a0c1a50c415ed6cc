"""The probability that a log describes a crime, from the patterns alone.

A logistic model on the columns of ``features``, trained once on public logs of several sources and
shipped as numbers (``prior.json``, made by ``scripts/train_prior.py``). It knows no office's words, so
it is what scores fall back on where a learned model has no evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from scipy.special import expit, logit

from opencdi.discovery import features
from opencdi.discovery.features import Floats

_EDGE = 1e-4


@dataclass(frozen=True)
class Prior:
    """Weights of ``features.names()`` and an intercept."""

    weights: Floats
    intercept: float

    def probability(self, table: Floats) -> Floats:
        """P(the log describes a crime) for each row of ``features.rows``."""
        return np.asarray(expit(table @ self.weights + self.intercept), dtype=float)

    def shrunk(self, by: float) -> Prior:
        """The same prior with its log odds times ``by``: the same order, less sure of itself below 1."""
        return Prior(self.weights * by, self.intercept * by)


@cache
def shipped() -> Prior:
    """The prior that comes with OpenCDI. A feature it does not know weighs nothing."""
    held = json.loads((resources.files("opencdi.discovery") / "prior.json").read_text(encoding="utf-8"))
    weights = np.array([held["weights"].get(name, 0.0) for name in features.names()])
    return Prior(weights, held["intercept"])


def trained(table: Floats, crime: np.ndarray, weight: np.ndarray, strength: float = 0.3) -> Prior:
    """A prior learned from rows with known answers. ``strength`` is scikit-learn's C."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(table, crime, sample_weight=weight)
    return Prior(model.coef_[0].astype(float), float(model.intercept_[0]))


def probability_of(texts: Iterable[str]) -> Floats:
    """P(the log describes a crime) of texts read directly."""
    return shipped().probability(features.of_texts(texts))


def log_odds(probability: Floats) -> Floats:
    """Log odds, kept finite."""
    return np.asarray(logit(np.clip(probability, _EDGE, 1 - _EDGE)), dtype=float)
