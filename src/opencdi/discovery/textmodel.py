"""A linear model on the words of a force's own logs, never asked about a log it has seen.

TF-IDF (scikit-learn's smoothed form, sublinear in counts) on words and pairs of words, logistic
regression, cross-fitted: the logs are dealt into folds by their numbers, and each fold is scored by the
model of the others. What a model has no words for it does not judge: ``known`` is the share of a log's
words it has seen, and the weight of its opinion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from opencdi.discovery.terms import Read, TermFinder
from opencdi.errors import UserError

FOLDS = 5
MOST_TERMS = 40_000
LEAST_LOGS_A_TERM = 3
LONGEST_TERM = 200
"""Characters of a word, or of a pair of them."""
MOST_TRAINING_LOGS = 20_000
LEAST_POSITIVES = 20
STRENGTH = 2.0

_BETWEEN_TERMS = "\0"
"""A character that is in no word."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """Terms with their column and inverse document frequency."""

    column: dict[str, int]
    idf: Floats

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms in the order of their columns."""
        return tuple(self.column)

    @cached_property
    def _finder(self) -> TermFinder:
        return TermFinder(self.terms)

    def counted(self, logs: Iterable[Sequence[str]]) -> tuple[csr_matrix, Floats]:
        """TF-IDF rows of length 1, and the share of each log's words that are known."""
        columns: list[int] = []
        ends = [0]
        known: list[float] = []
        get = self.column.get
        for log in logs:
            single = [place for place in map(get, log) if place is not None]
            columns += single
            columns += [place for place in map(get, map(" ".join, pairwise(log))) if place is not None]
            ends.append(len(columns))
            known.append(len(single) / len(log) if log else 0.0)
        return self._weighted(np.asarray(columns, np.int64), np.asarray(ends, np.int64)), np.asarray(known)

    def counted_in(self, logs: Read) -> tuple[csr_matrix, Floats]:
        """``counted`` of logs as the compiled reader read them."""
        columns, ends, known = self._finder.find(logs)
        return self._weighted(columns, ends), known / np.maximum(logs.lengths, 1)

    def _weighted(self, columns: Ints, ends: Ints) -> csr_matrix:
        table = csr_matrix((np.ones(columns.size), columns, ends), shape=(ends.size - 1, self.idf.size))
        table.sum_duplicates()
        table.data = (1 + np.log(table.data)) * self.idf[table.indices]
        rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
        length = np.sqrt(np.bincount(rows, table.data**2, table.shape[0]))
        table.data /= length[rows]
        return table

    def telling(self, columns: Ints, moved: Floats, most: int = 5) -> list[str]:
        """The terms that moved a log most, given how much each of its terms did, as ``term +0.42``."""
        order = np.lexsort((columns, -np.abs(moved)))[:most]
        return [
            f"{self.terms[column]} {by:+.2f}"
            for column, by in zip(columns[order].tolist(), moved[order].tolist(), strict=True)
            if abs(by) >= 0.005
        ]


def vocabulary_of(logs: Sequence[Sequence[str]]) -> Vocabulary:
    """The commonest words and pairs of words, digits set aside, in alphabetical order.

    Labels play no part, so that it may be shared by all folds.
    """
    number: dict[str, int] = {}
    numbers = [number.setdefault(word, len(number)) for log in logs for word in log]
    words = np.asarray(numbers, np.int64)
    log = np.repeat(np.arange(len(logs)), np.asarray([len(each) for each in logs], np.int64))
    together = log[1:] == log[:-1]
    pairs = (words[:-1] * len(number) + words[1:])[together]
    spelled = list(number)
    usable = [(count, spelled[word]) for count, word in _in_enough_logs(words, log)]
    for count, pair in _in_enough_logs(pairs, log[1:][together]):
        first, second = divmod(pair, len(number))
        usable.append((count, f"{spelled[first]} {spelled[second]}"))
    usable = [each for each in usable if _is_worth_a_weight(each[1])]
    usable.sort(key=lambda each: (-each[0], each[1]))
    chosen = sorted(usable[:MOST_TERMS], key=lambda each: each[1])
    idf = np.log((1 + len(logs)) / (1 + np.array([count for count, _ in chosen], dtype=float))) + 1
    return Vocabulary({term: place for place, (_, term) in enumerate(chosen)}, idf)


def _in_enough_logs(terms: Ints, log: Ints) -> list[tuple[int, int]]:
    """In how many logs each term stands, given each place where one stands, for those in enough."""
    order = np.lexsort((log, terms))
    terms, log = terms[order], log[order]
    first = np.ones(terms.size, np.bool_)
    first[1:] = (terms[1:] != terms[:-1]) | (log[1:] != log[:-1])
    each, counts = np.unique(terms[first], return_counts=True)
    enough = counts >= LEAST_LOGS_A_TERM
    return list(zip(counts[enough].tolist(), each[enough].tolist(), strict=True))


def _is_worth_a_weight(term: str) -> bool:
    """Words that somebody wrote: with letters, without digits, and no endless run of them."""
    if len(term) > LONGEST_TERM:
        return False
    return any(map(str.isalpha, term)) and not any(map(str.isdigit, term))


def fold_of(incident_id: str, folds: int = FOLDS) -> int:
    """The fold of a log: by the hash of its number, so that it is the same in every run."""
    return int.from_bytes(hashlib.blake2b(incident_id.encode(), digest_size=8).digest(), "big") % folds


@dataclass(frozen=True)
class TextModel:
    """One linear model a fold, over one vocabulary. Model k never saw the logs of fold k."""

    vocabulary: Vocabulary
    weights: Floats
    """Folds by terms."""
    intercepts: Floats

    def log_odds(self, table: csr_matrix, folds: Ints) -> Floats:
        """Log odds of being recorded, each log by the model of its fold."""
        everything = np.asarray(table @ self.weights.T) + self.intercepts
        return np.asarray(everything[np.arange(table.shape[0]), folds], dtype=float)


def may_learn(positive: NDArray[np.bool_]) -> bool:
    """Whether there are enough logs of either kind to learn from."""
    return min(int(positive.sum()), int((~positive).sum())) >= LEAST_POSITIVES * 2


def trained(
    vocabulary: Vocabulary, table: csr_matrix, positive: NDArray[np.bool_], weight: Floats, folds: Ints
) -> TextModel | None:
    """A cross-fitted model on rows of ``counted``; None where there is nothing to tell apart.

    One thread of linear algebra: the vectors are short, and waiting for each other costs several threads
    more than the work.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    if not vocabulary.column:
        return None
    weights, intercepts = [], []
    for fold in range(FOLDS):
        others = folds != fold
        if len(set(positive[others].tolist())) < 2:
            return None
        model = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
        with threadpool_limits(1):
            model.fit(table[others], positive[others], sample_weight=weight[others])
        weights.append(model.coef_[0])
        intercepts.append(model.intercept_[0])
    return TextModel(vocabulary, np.array(weights), np.array(intercepts))


def save(model: TextModel, path: Path) -> None:
    """Write a model with skops: numbers and texts only, nothing that runs when it is read.

    The terms are one text, since skops writes a page on every text of a list.
    """
    from skops.io import dump

    dump(
        {
            "terms": _BETWEEN_TERMS.join(model.vocabulary.column),
            "idf": model.vocabulary.idf,
            "weights": model.weights,
            "intercepts": model.intercepts,
        },
        path,
    )


def load(path: Path) -> TextModel:
    """Read a model. Raises ``UserError`` for a file that holds anything but numbers and texts."""
    from skops.io import get_untrusted_types
    from skops.io import load as read

    try:
        unknown = get_untrusted_types(file=path)
        held: dict[str, Any] = {} if unknown else read(path, trusted=[])
        terms = {term: place for place, term in enumerate(held["terms"].split(_BETWEEN_TERMS))}
        return TextModel(Vocabulary(terms, held["idf"]), held["weights"], held["intercepts"])
    except FileNotFoundError:
        raise UserError(f"There is no model {path}. Make one with `opencdi discover`.") from None
    except Exception:
        raise UserError(f"{path} is not a model that OpenCDI wrote. Delete it and run again.") from None
