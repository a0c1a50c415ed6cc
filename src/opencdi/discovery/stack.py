"""Patterns and learned words together: what each says, weighted by what it knows.

A logistic model on three columns: the log odds the patterns give, the log odds the learned model gives
times the share of the log's words it knows, and whether the incident was opened as a crime. A log in
words the model never met is so judged by the patterns alone. How the incident was closed is left out:
the model learns what gets recorded, and a report wrongly closed as no crime would count against itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opencdi.discovery.textmodel import FOLDS
from opencdi.schema import CRIME_GROUPS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_KNOWN = 0.3
"""Below this share of known words the learned model has no say at all."""


@dataclass(frozen=True)
class Stack:
    """Weights a fold (folds by columns) and intercepts; fold k's never saw the answers of fold k."""

    weights: Floats
    intercepts: Floats

    def probability(self, table: Floats, folds: Ints) -> Floats:
        """P(recorded) of rows of ``columns``, each by the weights of its fold."""
        odds = (table * self.weights[folds]).sum(axis=1) + self.intercepts[folds]
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), dtype=float)


def columns(described: Floats, learned: Floats, known: Floats, opening: list[str]) -> Floats:
    """The three columns, from log odds, known shares and opening groups."""
    say = np.clip((known - LEAST_KNOWN) / (1 - LEAST_KNOWN), 0.0, 1.0)
    opened = np.array([group in CRIME_GROUPS for group in opening], dtype=float)
    return np.column_stack([described, learned * say, opened])


def trained(table: Floats, positive: NDArray[np.bool_], weight: Floats, folds: Ints) -> Stack:
    """A stack learned on rows whose learned log odds are out of fold."""
    from sklearn.linear_model import LogisticRegression

    weights, intercepts = [], []
    for fold in range(FOLDS):
        others = folds != fold
        model = LogisticRegression(C=1.0, max_iter=500)
        model.fit(table[others], positive[others], sample_weight=weight[others])
        weights.append(model.coef_[0])
        intercepts.append(model.intercept_[0])
    return Stack(np.array(weights), np.array(intercepts))
