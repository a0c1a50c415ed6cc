"""How far plain words give the answer away: a bag-of-words model between two halves of the grammar.

If a short list of phrases gave the answer, a model trained on some phrases would be perfect on the same
phrases and useless on others. So the model is trained on logs made with one half of the phrases and tested
on logs made with the other; the two share single words but no phrase.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from opencdi.simulation.draws import Truths
from opencdi.simulation.force import simulate
from opencdi.simulation.layouts import LAYOUTS
from opencdi.simulation.settings import Force, Phrases


def between_halves(force: Force) -> tuple[float, float]:
    """Areas under the curve for 'this log requires a crime', trained on either half, tested on the other."""
    with tempfile.TemporaryDirectory() as folder:
        first = _logs(replace(force, phrases="first"), Path(folder, "first"))
        second = _logs(replace(force, phrases="second", seed=force.seed + 1), Path(folder, "second"))
    return _area(first, second), _area(second, first)


def within_one_half(force: Force, phrases: Phrases = "all") -> float:
    """The same with train and test from one grammar: what house style adds."""
    with tempfile.TemporaryDirectory() as folder:
        some = _logs(replace(force, phrases=phrases), Path(folder, "some"))
        other = _logs(replace(force, phrases=phrases, seed=force.seed + 1), Path(folder, "other"))
    return _area(some, other)


def between_styles(trained: Force, tested: Force) -> float:
    """Trained on one force's logs, tested on another's."""
    with tempfile.TemporaryDirectory() as folder:
        some = _logs(trained, Path(folder, "trained"))
        other = _logs(tested, Path(folder, "tested"))
    return _area(some, other)


def _logs(force: Force, folder: Path) -> tuple[list[str], Truths]:
    simulate(force, folder)
    layout = LAYOUTS[force.style]
    number, log = layout.incidents["incident"], layout.incidents["log"]
    table = pa_csv.read_csv(
        folder / "exports" / "incidents.csv",
        parse_options=pa_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(include_columns=[number, log]),
    )
    required = pq.read_table(folder / "truth" / "required.parquet").to_pylist()
    crimes = {row["incident_id"] for row in required if row["record_as"] == "crime"}
    texts: list[str] = table[log].to_pylist()
    return texts, np.array([name in crimes for name in table[number].to_pylist()])


def _area(train: tuple[list[str], Truths], test: tuple[list[str], Truths]) -> float:
    """Area under the curve of a logistic model on which words a log has."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    words: Any = CountVectorizer(binary=True, min_df=2)
    model: Any = LogisticRegression(C=0.1, max_iter=500)
    model.fit(words.fit_transform(train[0]), train[1])
    return float(roc_auc_score(test[1], model.decision_function(words.transform(test[0]))))
