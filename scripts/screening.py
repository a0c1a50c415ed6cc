"""Reading labelled screening collections down a learned ranking: reads needed, and promises kept."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from reading_sources import SHARED
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from opencdi.disclosure.words import folded, words
from opencdi.discovery.stopping import control_quantile
from opencdi.discovery.textmodel import vocabulary_of

SETS = ("Bannach-Brown_2019", "Nagtegaal_2019", "Kitchenham_2010")
TARGETS = (0.95, 0.9, 0.8, 0.7)
FIRST_READS = 20
GROWTH = 0.25

Ranker = Callable[
    [csr_matrix, NDArray[np.bool_], NDArray[np.bool_], np.random.Generator], NDArray[np.float64]
]


@dataclass(frozen=True)
class Run:
    """One seed on one set: share read until 95 % were found, and what QBCB did."""

    share_to_95: float
    target: float
    share_at_stop: float
    recall_at_stop: float


def collection(name: str) -> tuple[csr_matrix, NDArray[np.bool_]]:
    """TF-IDF rows and relevance of one collection."""
    path = SHARED / "review-screening-benchmarks" / f"{name}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    logs = [words(folded(f"{row['title']} {row['abstract']}")) for row in rows]
    table, _ = vocabulary_of(logs).counted(logs)
    return table, np.array([row["label_included"] == "1" for row in rows])


def linear(
    table: csr_matrix, relevant: NDArray[np.bool_], read: NDArray[np.bool_], _: np.random.Generator
) -> NDArray[np.float64]:
    """The linear model discovery uses, balanced between the two answers."""
    model = LogisticRegression(C=2.0, class_weight="balanced", max_iter=100, tol=1e-2)
    return np.asarray(model.fit(table[read], relevant[read]).decision_function(table))


def naive_bayes(
    table: csr_matrix, relevant: NDArray[np.bool_], read: NDArray[np.bool_], _: np.random.Generator
) -> NDArray[np.float64]:
    """Plain TF-IDF and naive Bayes."""
    return np.asarray(MultinomialNB().fit(table[read], relevant[read]).predict_log_proba(table)[:, 1])


def at_random(
    table: csr_matrix, _: NDArray[np.bool_], __: NDArray[np.bool_], draw: np.random.Generator
) -> NDArray[np.float64]:
    return draw.random(table.shape[0])


def reading_order(
    table: csr_matrix, relevant: NDArray[np.bool_], ranker: Ranker, seed: int
) -> NDArray[np.int64]:
    """The order in which records are read: a random start, then batches from the top, learning on the way."""
    draw = np.random.default_rng(seed)
    start = draw.permutation(len(relevant))
    order = list(start[:FIRST_READS])
    read = np.zeros(len(relevant), dtype=bool)
    read[order] = True
    while not read.all():
        if relevant[read].any() and not relevant[read].all():
            score = ranker(table, relevant, read, draw)
        else:
            score = draw.random(len(relevant))
        waiting = np.flatnonzero(~read)
        size = max(FIRST_READS, int(GROWTH * read.sum()))
        chosen = waiting[np.argsort(-score[waiting], kind="stable")][:size]
        order += chosen.tolist()
        read[chosen] = True
    return np.array(order)


def run(table: csr_matrix, relevant: NDArray[np.bool_], ranker: Ranker, seed: int) -> Run:
    """One seed: reads to 95 %, and QBCB with a random half as the control sample."""
    order = reading_order(table, relevant, ranker, seed)
    found = np.cumsum(relevant[order])
    to_95 = int(np.searchsorted(found, np.ceil(0.95 * relevant.sum()))) + 1
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(1, len(order) + 1)
    draw = np.random.default_rng(10_000 + seed)
    control = draw.permutation(len(order))[: len(order) // 2]
    ranks = sorted(place[control][relevant[control]].tolist())
    target = next((t for t in TARGETS if control_quantile(len(ranks), t) is not None), 0.5)
    needed = control_quantile(len(ranks), target)
    depth = ranks[needed - 1] if needed else len(order)
    read = place <= depth
    ranked_recall = (read & relevant).sum() / relevant.sum()
    read[control] = True
    return Run(to_95 / len(order), target, float(read.mean()), float(ranked_recall))
