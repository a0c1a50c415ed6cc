"""Every incident scored: patterns, learned words, links, codes and delay in one row and one sentence."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from opencdi import schema
from opencdi.counting import classification
from opencdi.discovery import evidence, features, positive_unlabelled, prior, stack, textmodel, training
from opencdi.discovery.harm import harm_group
from opencdi.discovery.narratives import READ, stratum_of
from opencdi.discovery.training import Learned, Verdicts
from opencdi.discovery.why import NOBODY_CAN_SAY, RECENT_HOURS, sentence
from opencdi.engine import Relation, batch_of
from opencdi.engine.workers import Work
from opencdi.errors import UserError

Floats = NDArray[np.float64]

NO_LOG = 0.05
"""Probability of a missing crime given to a log without a narrative: nobody knows, so it is never zero."""
NOT_YET_DUE = 0.5
A_FURTHER_CRIME = 0.5
TELLING_FROM = 0.2
"""Words are shown for incidents at least this likely to miss a crime."""


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
    engine.run(evidence.steps(incidents, disclosed, links, required, matches, findings, crimes))
    learned = training.learned_from(training.drawn(engine, verdicts), verdicts)
    with tempfile.TemporaryDirectory() as folder:
        training.save(learned, Path(folder))
        scored = engine.mapped(
            "select * from discovery_evidence order by incident_id",
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
    """``scores`` of one batch of ``discovery_evidence``."""
    rows = batch.to_pylist()
    logs, masks = _read(rows)
    folds = np.array([textmodel.fold_of(row["incident_id"]) for row in rows], dtype=np.int64)
    said = [training.said_of(row) for row in rows]
    described = prior.shipped().probability(features.rows(said, masks, [len(log) for log in logs]))
    odds, known, table = _learned_odds(learned, logs, folds)
    recorded = np.array([bool(row["recorded"]) for row in rows])
    probability = _probability(learned, described, odds, known, folds, [row["opening_group"] for row in rows])
    crime = _crime(learned, probability, described, recorded, table, folds)
    return batch_of(
        schema.SCORES,
        [
            _row(
                row,
                log,
                float(described[place]),
                float(odds[place]),
                float(known[place]),
                float(crime[place]),
                int(folds[place]),
                said[place],
                learned,
                table,
                place,
            )
            for place, (row, log) in enumerate(zip(rows, logs, strict=True))
        ],
    )


def _read(rows: list[dict[str, Any]]) -> tuple[list[list[str]], list[int]]:
    read = [features.words_and_tags(row["narrative"] or "") for row in rows]
    return [log for log, _ in read], [mask for _, mask in read]


def _learned_odds(
    learned: Learned, logs: list[list[str]], folds: NDArray[np.int64]
) -> tuple[Floats, Floats, csr_matrix | None]:
    if learned.text is None:
        return np.zeros(len(logs)), np.zeros(len(logs)), None
    table, known = learned.text.vocabulary.counted(logs)
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


def _row(
    row: dict[str, Any],
    log: list[str],
    described: float,
    odds: float,
    known: float,
    crime: float,
    fold: int,
    said: features.Said,
    learned: Learned,
    terms: csr_matrix | None,
    place: int,
) -> dict[str, Any]:
    on_record = _on_record(row)
    stratum = stratum_of(row["narrative"])
    missing = _missing(row, crime, on_record) if stratum == READ else max(NO_LOG, row["lead_confidence"])
    classes = row["classes"] or []
    gravest = min(classes, key=lambda code: (_seriousness(code), code), default=None)
    kinds = sorted(said.asserted, key=lambda kind: (-said.asserted[kind], kind))
    telling: list[str] = []
    if missing >= TELLING_FROM and terms is not None:
        telling = learned.telling_words(terms[place], fold)
    return {
        "incident_id": row["incident_id"],
        "stratum": stratum,
        "described": round(described, 4),
        "learned": round(1 / (1 + np.exp(-odds)), 4) if learned.text is not None else None,
        "known_words": round(known, 4),
        "crime": round(crime, 4),
        "on_record": round(on_record, 4),
        "missing": round(missing, 4),
        "class_code": gravest,
        "seriousness": _seriousness(gravest) if gravest else 5,
        "harm_group": harm_group(
            classes, ("domestic_abuse",) if row["domestic_abuse"] else (), row["youngest"]
        ),
        "fold": fold,
        "telling_words": telling,
        "why": sentence(
            kinds,
            crime,
            row["link_probability"] > 0,
            max(0, row["required"] - row["answered"]),
            row["closing_group"],
            row["hours_since"],
        )
        if stratum == READ
        else NOBODY_CAN_SAY[stratum],
    }


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
        return 5
