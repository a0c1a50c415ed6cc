"""What verdicts teach: reports like those found missing rise, and no incident meets a model that saw it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from opencdi.discovery import readers, textmodel
from opencdi.errors import UserError

MISSING = ["neighbour", "slapped", "her"]
OTHER = ["lost", "his", "wallet"]
COMMON = ["caller", "states", "today"]


def taught(missing: int, other: int) -> tuple[readers.Readers | None, textmodel.Vocabulary]:
    logs = [[*COMMON, *MISSING]] * missing + [[*COMMON, *OTHER]] * other
    vocabulary = textmodel.vocabulary_of(logs)
    table, _ = vocabulary.counted(logs)
    found = np.arange(len(logs)) < missing
    folds = np.arange(len(logs)) % textmodel.FOLDS
    return readers.taught(table, np.full(len(logs), 0.3), found, folds), vocabulary


def test_unread_logs_in_the_words_of_what_was_found_missing_rise_and_the_others_fall() -> None:
    learned, vocabulary = taught(40, 40)
    assert learned is not None
    table, _ = vocabulary.counted([MISSING, COMMON, OTHER])
    rise = learned.probability(np.full(3, 0.3), table, np.zeros(3, dtype=np.int64))
    assert rise[0] > rise[1] > rise[2]
    assert rise[0] > 0.6 and rise[2] < 0.3


def test_one_answer_far_commoner_than_the_other_does_not_drown_it() -> None:
    learned, vocabulary = taught(10, 400)
    assert learned is not None
    table, _ = vocabulary.counted([MISSING, OTHER])
    low, high = readers.scored(learned.words, table, np.zeros(2, dtype=np.int64), 2)[::-1]
    assert high > 0 > low


def test_counts_of_words_in_few_missing_crimes_have_less_of_a_say_than_in_many() -> None:
    few, more, many = (readers.share_of_bayes(missing) for missing in (5, 150, 5_000))
    assert 0 == few < more < many == 0.5


def test_the_order_after_few_missing_crimes_is_that_of_logistic_regression() -> None:
    draw = np.random.default_rng(0)
    found = np.arange(200) < 5
    table = csr_matrix(draw.random((200, 30)) + found[:, None] * (np.arange(30) < 3))
    model = LogisticRegression(C=readers.STRENGTH, class_weight="balanced", max_iter=300).fit(table, found)
    ours, theirs = table @ readers.weights_of(table, found), model.decision_function(table)
    assert np.corrcoef(ours, theirs)[0, 1] > 0.99


@pytest.mark.parametrize(("missing", "other"), [(0, 100), (100, 0), (10, 20)])
def test_too_few_verdicts_or_all_the_same_teach_nothing(missing: int, other: int) -> None:
    assert taught(missing, other)[0] is None


def test_few_of_one_kind_move_the_scale_but_teach_no_words() -> None:
    learned, _ = taught(3, 60)
    assert learned is not None and learned.words is None
    assert learned.probability(np.array([0.3]), None, np.zeros(1, dtype=np.int64))[0] < 0.3


def test_no_incident_is_scored_by_a_model_that_saw_its_verdict() -> None:
    logs = [MISSING, OTHER] * 50
    table, _ = textmodel.vocabulary_of(logs).counted(logs)
    found = np.array([True, False] * 50)
    folds = np.arange(100) // 20
    first = readers.cross_fitted(table, found, folds)
    turned = found.copy()
    turned[40:45] = True
    second = readers.cross_fitted(table, turned, folds)
    assert first is not None and second is not None
    assert np.array_equal(first[2], second[2])
    assert not np.allclose(first[1], second[1])


def test_what_readers_taught_survives_being_saved_and_read(tmp_path: Path) -> None:
    learned, _ = taught(40, 40)
    assert learned is not None
    readers.save(learned, tmp_path / "readers.skops")
    again = readers.load(tmp_path / "readers.skops")
    assert (again.intercept, again.slope, again.say) == (learned.intercept, learned.slope, learned.say)
    assert np.array_equal(again.words, learned.words)


def test_a_file_that_readers_did_not_teach_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "readers.skops").write_bytes(b"not a model")
    with pytest.raises(UserError, match="not a model"):
        readers.load(tmp_path / "readers.skops")
