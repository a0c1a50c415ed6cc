"""What readers' verdicts teach: an order for what they have not read yet.

Two linear models on the words of what was read, each on its own scale of spread and then added: logistic
regression, and multinomial naive Bayes. In both the two answers weigh the same, however rare missing crimes
are. Without that, naive Bayes follows whichever answer is commoner (Rennie, Shih, Teevan & Karger 2003,
*ICML*, 616-623). Naive Bayes counts words in the missing crimes found so far, and counts of a few logs are
chance, so that its share begins late and grows with them: on labelled screening collections neither model is
best everywhere, and equal shares from the start cost reads where few are relevant (``docs/reading-logs.md``).
TF-IDF with a linear model, balanced and taught again after each batch, is what ASReview settled on as well
(van de Schoot et al. 2021, *Nature Machine Intelligence* 3, 125-133). Which incidents are unread plays no
part in the teaching.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit

from opencdi.discovery.prior import log_odds
from opencdi.discovery.textmodel import FOLDS
from opencdi.errors import UserError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST_OF_BAYES = 0.5
"""The greatest share of naive Bayes in the sum."""
FIRST_SAY, WHOLE_SAY = 100, 200
"""Missing crimes found up to which naive Bayes has no share, and from which it has the greatest."""
SMOOTHING = 0.3
STRENGTH = 2.0
FEWEST_OF_EACH = 5
"""Verdicts of either kind below which nothing is learned from the words of what was read."""
FEWEST_VERDICTS = 40
"""Verdicts below which they do not move the scale of the scores."""
LEAST_SLOPE = 0.1


@dataclass(frozen=True)
class Readers:
    """What verdicts taught: how far to believe the score so far, and the words of what was read.

    ``words`` has folds by terms, or nothing where there were too few verdicts of either kind; fold k's
    weights never saw the verdicts of fold k.
    """

    intercept: float
    slope: float
    say: float
    words: Floats | None

    def probability(self, crime: Floats, table: csr_matrix | None, folds: Ints) -> Floats:
        """P(crime missing) of unrecorded logs, from what it was and the rows of ``Vocabulary.counted``."""
        return np.asarray(
            expit(
                self.intercept
                + self.slope * log_odds(crime)
                + self.say * scored(self.words, table, folds, len(crime))
            ),
            dtype=float,
        )

    def moved(self, terms: Ints, fold: int) -> Floats:
        """What each of ``terms`` adds to the log odds."""
        return np.zeros(len(terms)) if self.words is None else self.say * self.words[fold, terms]


def taught(table: csr_matrix | None, crime: Floats, found: Booleans, folds: Ints) -> Readers | None:
    """What the verdicts on unrecorded logs teach; None where there are too few, or all say the same.

    ``crime`` is the score so far. The answers are regressed on its log odds and on the cross-fitted
    score of the words, so that neither is believed further than verdicts bear it out; words that add
    nothing to the score so far are left out.
    """
    if len(found) < FEWEST_VERDICTS or found.all() or not found.any():
        return None
    words = None if table is None else cross_fitted(table, found, folds)
    if words is not None:
        intercept, slope, say = _line([log_odds(crime), scored(words, table, folds, len(found))], found)
        if say > 0:
            return Readers(intercept, max(slope, LEAST_SLOPE), say, words)
    intercept, slope = _line([log_odds(crime)], found)
    return Readers(intercept, max(slope, LEAST_SLOPE), 0.0, None)


def _line(columns: list[Floats], found: Booleans) -> list[float]:
    """Intercept and slopes of the log odds of ``found`` on the columns, drawn a little towards zero."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=300).fit(np.column_stack(columns), found)
    return [float(model.intercept_[0]), *(float(one) for one in model.coef_[0])]


def scored(words: Floats | None, table: csr_matrix | None, folds: Ints, rows: int) -> Floats:
    """How much each row is like what readers found missing, by the weights of its fold; 0 is no opinion."""
    if words is None or table is None:
        return np.zeros(rows)
    return np.asarray(np.asarray(table @ words.T)[np.arange(rows), folds], dtype=float)


def cross_fitted(table: csr_matrix, found: Booleans, folds: Ints) -> Floats | None:
    """Folds by terms; None where a fold's others hold too few verdicts of either kind."""
    others = [folds != fold for fold in range(FOLDS)]
    if not all(enough(found[rows]) for rows in others):
        return None
    return np.array([weights_of(table[rows], found[rows]) for rows in others])


def enough(found: Booleans) -> bool:
    """Whether there are enough verdicts of either kind to learn from."""
    return min(int(found.sum()), int((~found).sum())) >= FEWEST_OF_EACH


def weights_of(table: csr_matrix, found: Booleans) -> Floats:
    """The weight of each term: both models' weights, scaled to the spread of their scores on ``table``."""
    logistic = _to_unit_spread(table, _logistic(table, found))
    bayes = share_of_bayes(int(found.sum()))
    return (1 - bayes) * logistic + bayes * _to_unit_spread(table, _bayes(table, found))


def share_of_bayes(missing: int) -> float:
    """The share of naive Bayes in the sum once so many crimes were found missing, 0 to ``MOST_OF_BAYES``."""
    return MOST_OF_BAYES * min(max(missing - FIRST_SAY, 0) / (WHOLE_SAY - FIRST_SAY), 1.0)


def _to_unit_spread(table: csr_matrix, weights: Floats) -> Floats:
    spread = float(np.std(table @ weights))
    return weights / spread if spread > 0 else weights


def _logistic(table: csr_matrix, found: Booleans) -> Floats:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
    return np.asarray(model.fit(table, found).coef_[0], dtype=float)


def _bayes(table: csr_matrix, found: Booleans) -> Floats:
    """Log ratios of term frequencies in missing and not missing, smoothed; a uniform prior adds nothing."""
    half = len(found) / 2
    missing = _smoothed(table[found], half / found.sum())
    other = _smoothed(table[~found], half / (~found).sum())
    return np.asarray(np.log(missing / missing.sum()) - np.log(other / other.sum()), dtype=float)


def _smoothed(table: csr_matrix, weight: float) -> Floats:
    return np.asarray(table.sum(axis=0), dtype=float).ravel() * weight + SMOOTHING


def save(readers: Readers, path: Path) -> None:
    """Write with skops: numbers only, nothing that runs when it is read."""
    from skops.io import dump

    dump(asdict(readers), path)


def load(path: Path) -> Readers:
    """Read back what ``save`` wrote. Raises ``UserError`` for a file that holds anything but numbers."""
    from skops.io import get_untrusted_types
    from skops.io import load as read

    try:
        held: dict[str, Any] = {} if get_untrusted_types(file=path) else read(path, trusted=[])
        return Readers(**held)
    except Exception:
        raise UserError(f"{path} is not a model that OpenCDI wrote. Delete it and run again.") from None
