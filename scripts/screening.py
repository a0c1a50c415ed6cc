"""Reading labelled screening collections down a ranking that learns on the way: reads, and promises kept."""

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
from opencdi.discovery import readers, stopping
from opencdi.discovery.textmodel import vocabulary_of

SETS = ("Bannach-Brown_2019", "Nagtegaal_2019", "Kitchenham_2010")
TARGETS = (0.95, 0.9, 0.8, 0.7)
FIRST_READS = 20
GROWTH = 0.25
DRAWS = 10
"""Control samples and looks a reading order is tried with."""
BEFORE_THE_LOOK = 0.5
MOST_OF_THE_UNREAD = 0.5

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
Learner = Callable[[csr_matrix, Booleans, csr_matrix], Floats]
"""Rows read, their answers and the rows waiting, to the scores of the waiting."""


@dataclass(frozen=True)
class Stopped:
    """What a stopping rule did once: its target, the share read, the recall, and whether it promised any."""

    target: float
    share_read: float
    recall: float
    promised: bool

    @property
    def kept(self) -> bool:
        return not self.promised or self.recall >= self.target


def collection(name: str) -> tuple[csr_matrix, Booleans]:
    """TF-IDF rows and relevance of one collection."""
    path = SHARED / "review-screening-benchmarks" / f"{name}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    logs = [words(folded(f"{row['title']} {row['abstract']}")) for row in rows]
    table, _ = vocabulary_of(logs).counted(logs)
    return table, np.array([row["label_included"] == "1" for row in rows])


def learned(read: csr_matrix, relevant: Booleans, waiting: csr_matrix) -> Floats:
    """What discovery learns from readers' verdicts."""
    if not readers.enough(relevant):
        return linear(read, relevant, waiting)
    return np.asarray(waiting @ readers.weights_of(read, relevant))


def linear(read: csr_matrix, relevant: Booleans, waiting: csr_matrix) -> Floats:
    """Plain TF-IDF and logistic regression, balanced between the two answers."""
    model = LogisticRegression(C=readers.STRENGTH, class_weight="balanced", max_iter=300)
    return np.asarray(model.fit(read, relevant).decision_function(waiting))


def naive_bayes(read: csr_matrix, relevant: Booleans, waiting: csr_matrix) -> Floats:
    """Plain TF-IDF and naive Bayes."""
    return np.asarray(MultinomialNB().fit(read, relevant).predict_log_proba(waiting)[:, 1])


def nothing(_: csr_matrix, __: Booleans, waiting: csr_matrix) -> Floats:
    """No opinion: random order."""
    return np.zeros(waiting.shape[0])


def reading_order(table: csr_matrix, relevant: Booleans, learner: Learner, seed: int) -> NDArray[np.int64]:
    """The order in which records are read: a random start, then batches from the top, learning on the way.

    Equal scores are read in random order: a collection's file may hold its relevant records together, and
    a ranking that says nothing would seem to find them.
    """
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(relevant))[:FIRST_READS].tolist()
    read = np.zeros(len(relevant), dtype=bool)
    read[order] = True
    while not read.all():
        waiting = draw.permutation(np.flatnonzero(~read))
        both = relevant[read].any() and not relevant[read].all()
        score = (learner if both else nothing)(table[read], relevant[read], table[waiting])
        size = max(FIRST_READS, int(GROWTH * read.sum()))
        chosen = waiting[np.argsort(-score, kind="stable")][:size]
        order += chosen.tolist()
        read[chosen] = True
    return np.array(order)


def share_to_95(order: NDArray[np.int64], relevant: Booleans) -> float:
    """Share of the collection read when 95 % of the relevant are found."""
    found = np.cumsum(relevant[order])
    return (int(np.searchsorted(found, np.ceil(0.95 * relevant.sum()))) + 1) / len(order)


def qbcb(order: NDArray[np.int64], relevant: Booleans, seed: int) -> Stopped:
    """QBCB with a random half as the control sample, for the highest target its positives support."""
    place = _places(order)
    control = np.random.default_rng(10_000 + seed).permutation(len(order))[: len(order) // 2]
    ranks = place[control][relevant[control]].tolist()
    target = next((t for t in TARGETS if stopping.control_quantile(len(ranks), t) is not None), TARGETS[-1])
    depth = stopping.qbcb_depth(ranks, target)
    read = place <= (depth or len(order))
    recall = _recall(read, relevant)
    read[control] = True
    return Stopped(target, float(read.mean()), recall, depth is not None)


def one_look(order: NDArray[np.int64], relevant: Booleans, seed: int) -> Stopped:
    """Half read down the ranking, then the elusion test, for the highest target half the unread can certify.

    What is not certified is read to the end.
    """
    read = _places(order) <= BEFORE_THE_LOOK * len(order)
    unread = np.flatnonzero(~read)
    found = int(relevant[read].sum())
    for target in TARGETS:
        size = stopping.elusion_sample_size(found, len(unread), target)
        if size is not None and size <= MOST_OF_THE_UNREAD * len(unread):
            break
    else:
        return Stopped(TARGETS[-1], 1.0, 1.0, False)
    drawn = np.random.default_rng(20_000 + seed).choice(unread, size, replace=False)
    outcome = stopping.elusion_test(found, len(unread), size, int(relevant[drawn].sum()), target)
    if not outcome.certified:
        return Stopped(target, 1.0, 1.0, False)
    read[drawn] = True
    return Stopped(target, float(read.mean()), _recall(read, relevant), True)


def _places(order: NDArray[np.int64]) -> NDArray[np.int64]:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place


def _recall(read: Booleans, relevant: Booleans) -> float:
    return float((read & relevant).sum() / relevant.sum())
