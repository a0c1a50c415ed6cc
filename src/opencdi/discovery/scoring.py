"""Every incident scored: patterns, learned words, links, codes and delay in one row and one sentence."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import expit

from opencdi import schema
from opencdi.counting import classification
from opencdi.discovery import (
    evidence,
    features,
    positive_unlabelled,
    prior,
    stack,
    terms,
    textmodel,
    training,
)
from opencdi.discovery.harm import harm_group
from opencdi.discovery.narratives import READ, stratum_of
from opencdi.discovery.terms import Read
from opencdi.discovery.training import Learned, Verdicts
from opencdi.discovery.why import NOBODY_CAN_SAY, RECENT_HOURS, sentence
from opencdi.engine import Relation, arrow_schema
from opencdi.engine.workers import Work
from opencdi.errors import UserError

Floats = NDArray[np.float64]

NO_LOG = 0.05
"""Probability of a missing crime given to a log without a narrative: nobody knows, so it is never zero."""
NOT_YET_DUE = 0.5
A_FURTHER_CRIME = 0.5
TELLING_FROM = 0.2
"""Words are shown for incidents at least this likely to miss a crime."""

LEAST_SERIOUS = 5


def score(
    incidents: Relation,
    disclosed: Relation,
    links: Relation,
    required: Relation,
    matches: Relation,
    findings: Relation,
    crimes: Relation,
    verdicts: Verdicts,
) -> tuple[Relation, Learned]:
    """The table ``scores``, and what was learned to make it."""
    engine = incidents.engine
    evidence.gather(incidents, disclosed, links, required, matches, findings, crimes)
    learned = training.learned_from(training.drawn(incidents, verdicts), verdicts)
    with tempfile.TemporaryDirectory() as folder:
        training.save(learned, Path(folder))
        scored = engine.mapped(
            f"{evidence.with_logs(incidents)} order by e.incident_id",
            "opencdi.discovery.scoring:scoring_work",
            schema.SCORES,
            Path(folder),
        )
    return scored, learned


def scoring_work(folder: str) -> Work:
    """The work of scoring by what was learned in ``folder``, for ``Engine.mapped``."""
    learned = training.load(Path(folder))
    return lambda batch: scored_batch(batch, learned)


def scored_batch(batch: pa.RecordBatch, learned: Learned) -> pa.RecordBatch:
    """``scores`` of one batch of ``discovery_evidence`` with its logs."""
    narratives = batch.column("narrative").to_pylist()
    logs, strata = terms.read(narratives), [stratum_of(narrative) for narrative in narratives]
    rows = batch.drop_columns(["narrative"]).to_pylist()
    folds = np.array([textmodel.fold_of(row["incident_id"]) for row in rows], dtype=np.int64)
    said = [training.said_of(row) for row in rows]
    described = prior.shipped().probability(features.rows(said, logs.tags, logs.lengths))
    odds, known, table = _learned_odds(learned, logs, folds)
    recorded = np.array([bool(row["recorded"]) for row in rows])
    probability = _probability(learned, described, odds, known, folds, [row["opening_group"] for row in rows])
    crime = _crime(learned, probability, described, recorded, table, folds).tolist()
    on_record = [_on_record(row) for row in rows]
    missing = [
        _missing(row, likely, answered) if stratum == READ else max(NO_LOG, row["lead_confidence"])
        for row, likely, answered, stratum in zip(rows, crime, on_record, strata, strict=True)
    ]
    gravest = [_gravest(row["classes"] or ()) for row in rows]
    columns: dict[str, Sequence[Any]] = {
        "incident_id": [row["incident_id"] for row in rows],
        "stratum": strata,
        "described": _rounded(described.tolist()),
        "learned": _rounded(expit(odds).tolist()) if learned.text is not None else [None] * len(rows),
        "known_words": _rounded(known.tolist()),
        "crime": _rounded(crime),
        "on_record": _rounded(on_record),
        "missing": _rounded(missing),
        "class_code": gravest,
        "seriousness": [_seriousness(code) if code else LEAST_SERIOUS for code in gravest],
        "harm_group": [_harm_group(row) for row in rows],
        "fold": folds.tolist(),
        "telling_words": _telling_words(learned, table, folds, missing),
        "why": [
            _why(row, one, likely) if stratum == READ else NOBODY_CAN_SAY[stratum]
            for row, one, likely, stratum in zip(rows, said, crime, strata, strict=True)
        ],
    }
    contract = arrow_schema(schema.SCORES)
    return pa.RecordBatch.from_arrays(
        [pa.array(columns[field.name], field.type) for field in contract], schema=contract
    )


def _learned_odds(
    learned: Learned, logs: Read, folds: NDArray[np.int64]
) -> tuple[Floats, Floats, csr_matrix | None]:
    if learned.text is None:
        return np.zeros(len(folds)), np.zeros(len(folds)), None
    table, known = learned.text.vocabulary.counted_in(logs)
    return learned.text.log_odds(table, folds), known, table


def _probability(
    learned: Learned,
    described: Floats,
    odds: Floats,
    known: Floats,
    folds: NDArray[np.int64],
    opening: list[str],
) -> Floats:
    """P(recorded), or P(describes a crime) where nothing could be learned."""
    if learned.stack is None:
        return described
    return learned.stack.probability(stack.columns(prior.log_odds(described), odds, known, opening), folds)


def _crime(
    learned: Learned,
    probability: Floats,
    described: Floats,
    recorded: NDArray[np.bool_],
    table: csr_matrix | None,
    folds: NDArray[np.int64],
) -> Floats:
    if learned.stack is None:
        return described
    unrecorded = positive_unlabelled.unrecorded_crime_probability(probability, learned.recording_rate)
    if learned.readers is not None:
        unrecorded = learned.readers.probability(unrecorded, table, folds)
    on_record = positive_unlabelled.crime_probability(probability, learned.recording_rate)
    return np.where(recorded, np.maximum(on_record, described), unrecorded)


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in values]


def _gravest(classes: Sequence[str]) -> str | None:
    return min(classes, key=lambda code: (_seriousness(code), code), default=None)


def _harm_group(row: dict[str, Any]) -> str:
    flags = ("domestic_abuse",) if row["domestic_abuse"] else ()
    return harm_group(row["classes"] or (), flags, row["youngest"])


def _telling_words(
    learned: Learned, table: csr_matrix | None, folds: NDArray[np.int64], missing: Sequence[float]
) -> list[list[str]]:
    """The words that moved the score of each log that is likely enough to miss a crime."""
    telling: list[list[str]] = [[] for _ in missing]
    for place, chance in enumerate(missing):
        if chance >= TELLING_FROM and table is not None:
            row = slice(*table.indptr[place : place + 2])
            telling[place] = learned.telling_words(table.indices[row], table.data[row], int(folds[place]))
    return telling


def _why(row: dict[str, Any], said: features.Said, crime: float) -> str:
    return sentence(
        sorted(said.asserted, key=lambda kind: (-said.asserted[kind], kind)),
        crime,
        row["link_probability"] > 0,
        max(0, row["required"] - row["answered"]),
        row["closing_group"],
        row["hours_since"],
    )


def _on_record(row: dict[str, Any]) -> float:
    """Probability that what is linked answers what is required: the link, times the share answered."""
    if not row["link_probability"]:
        return 0.0
    share = min(1.0, row["answered"] / row["required"]) if row["required"] else 1.0
    return float(row["link_probability"] * share)


def _missing(row: dict[str, Any], crime: float, on_record: float) -> float:
    """P(a required crime is missing): a crime, and none on record.

    Where something is on record, the comparison's lead that a further crime is missing counts half: it
    rests on telling two events of one log apart.
    """
    missing = crime * (1 - on_record)
    if on_record:
        missing = max(missing, row["lead_confidence"] * A_FURTHER_CRIME)
    hours = row["hours_since"]
    return missing * NOT_YET_DUE if hours is not None and hours < RECENT_HOURS else missing


@cache
def _seriousness(class_code: str) -> int:
    try:
        return classification.load().seriousness(class_code)
    except UserError:
        return LEAST_SERIOUS
