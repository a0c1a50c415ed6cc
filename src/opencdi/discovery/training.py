"""What is learned from one audit before its incidents are scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from opencdi.discovery import features, positive_unlabelled, prior, readers, stack, terms, textmodel
from opencdi.discovery.calibration import Bin, Confidence, confidence_of, reliability
from opencdi.discovery.chosen import CHOSEN
from opencdi.discovery.evidence import SEPARATOR, with_logs
from opencdi.discovery.readers import Readers
from opencdi.discovery.stack import Stack
from opencdi.discovery.terms import Read
from opencdi.discovery.textmodel import FOLDS, MOST_TRAINING_LOGS, TextModel
from opencdi.engine import Relation

VERDICT_WEIGHT = 5.0

Floats = NDArray[np.float64]
Verdicts = Mapping[str, bool]
"""Incident to whether a reader found a required crime missing."""


@dataclass(frozen=True)
class Learned:
    """All that scoring needs: models, the recording rate, and what readers taught."""

    text: TextModel | None
    stack: Stack | None
    recording_rate: float
    readers: Readers | None = None
    confidence: Confidence | None = None
    """Of P(recorded), out of fold, against what the links say."""
    reliability: tuple[Bin, ...] = ()
    """The bars of the same comparison."""

    def telling_words(self, columns: NDArray[np.int64], values: Floats, fold: int) -> list[str]:
        """The terms that moved the score of a log most, as ``term +0.42``, from its row of ``counted``."""
        if self.text is None:
            return []
        weights = self.text.weights[fold, columns]
        if self.readers is not None:
            weights = weights + self.readers.moved(columns, fold)
        return self.text.vocabulary.telling(columns, values * weights)


@dataclass(frozen=True)
class Sample:
    """The logs to learn from, with what is known of them."""

    ids: list[str]
    logs: Read
    described: Floats
    recorded: NDArray[np.bool_]
    opening: list[str]

    @property
    def folds(self) -> NDArray[np.int64]:
        return np.array([textmodel.fold_of(one) for one in self.ids], dtype=np.int64)


def said_of(row: Mapping[str, Any]) -> features.Said:
    """The offences of one row of ``discovery_evidence``."""
    said = features.Said()
    for item in row["said"] or ():
        kind, assertion, strength = item.split(SEPARATOR)
        features.add(said, kind, assertion, float(strength))
    return said


def drawn(incidents: Relation, verdicts: Verdicts, most: int = MOST_TRAINING_LOGS) -> Sample:
    """At most ``most`` logs, chosen by the hash of their number, and every log with a verdict."""
    engine = incidents.engine
    chosen = engine.from_batches(CHOSEN, _chosen(incidents, verdicts, most))
    ids: list[str] = []
    reads: list[Read] = []
    said: list[features.Said] = []
    recorded: list[bool] = []
    opening: list[str] = []
    for batch in engine.batches(
        f"select e.* from ({with_logs(incidents)}) e join {chosen.name} c on c.incident_id = e.incident_id"
        " where e.narrative <> '' order by e.incident_id",
        5_000,
    ):
        rows = batch.to_pylist()
        reads.append(terms.read(row["narrative"] for row in rows))
        ids += [row["incident_id"] for row in rows]
        said += [said_of(row) for row in rows]
        recorded += [bool(row["recorded"]) for row in rows]
        opening += [row["opening_group"] for row in rows]
    logs = Read.joined(reads or [terms.read([])])
    described = prior.shipped().probability(features.rows(said, logs.tags, logs.lengths))
    return Sample(ids, logs, described, np.array(recorded, dtype=bool), opening)


def _chosen(incidents: Relation, verdicts: Verdicts, most: int) -> Iterator[pa.RecordBatch]:
    """The incidents that a share of all and every verdict choose."""
    share = min(1.0, most / max(1, incidents.count()))
    for batch in incidents.engine.batches(f"select incident_id from {incidents.name}", 50_000):
        ids = batch.column("incident_id").to_pylist()
        yield batch.filter(pa.array([one in verdicts or _ticket(one) < share for one in ids], pa.bool_()))


def learned_from(sample: Sample, verdicts: Verdicts) -> Learned:
    """Models of one audit: from its links, and from verdicts as far as there are any."""
    positive, weight = _labels(sample, verdicts)
    folds = sample.folds
    if len(sample.ids) < 2 * FOLDS or not _both_in_all_folds(positive, folds):
        return Learned(None, None, positive_unlabelled.GREATEST_RATE)
    learned, known = np.zeros(len(sample.ids)), np.zeros(len(sample.ids))
    text = table = None
    if textmodel.may_learn(positive):
        vocabulary = textmodel.vocabulary_of(sample.logs.words())
        counted, share = vocabulary.counted_in(sample.logs)
        text = textmodel.trained(vocabulary, counted, positive, weight, folds)
        if text is not None:
            table, known, learned = counted, share, text.log_odds(counted, folds)
    columns = stack.columns(prior.log_odds(sample.described), learned, known, sample.opening)
    together = stack.trained(columns, positive, weight, folds)
    probability = together.probability(columns, folds)
    rate = positive_unlabelled.recording_rate(sample.recorded, sample.described)
    return Learned(
        text,
        together,
        rate,
        _taught_by_readers(sample, verdicts, table, probability, rate),
        confidence_of(probability, sample.recorded),
        tuple(reliability(probability, sample.recorded)),
    )


def _ticket(incident_id: str) -> float:
    digest = hashlib.blake2b(incident_id.encode(), digest_size=8, person=b"train").digest()
    return int.from_bytes(digest, "big") / 2**64


def _labels(sample: Sample, verdicts: Verdicts) -> tuple[NDArray[np.bool_], Floats]:
    """Recorded logs are positive; a verdict outweighs what the record says."""
    positive = sample.recorded.copy()
    weight = np.ones(len(positive))
    for place, incident_id in enumerate(sample.ids):
        if incident_id in verdicts:
            positive[place] = verdicts[incident_id] or sample.recorded[place]
            weight[place] = VERDICT_WEIGHT
    return positive, weight


def _both_in_all_folds(positive: NDArray[np.bool_], folds: NDArray[np.int64]) -> bool:
    return all(len(np.unique(positive[folds != fold])) == 2 for fold in range(FOLDS))


def _taught_by_readers(
    sample: Sample, verdicts: Verdicts, table: csr_matrix | None, probability: Floats, rate: float
) -> Readers | None:
    """What the verdicts on unrecorded logs teach."""
    read = np.flatnonzero(np.array([one in verdicts for one in sample.ids], dtype=bool) & ~sample.recorded)
    found = np.array([verdicts[sample.ids[place]] for place in read], dtype=bool)
    crime = positive_unlabelled.unrecorded_crime_probability(probability[read], rate)
    return readers.taught(None if table is None else table[read], crime, found, sample.folds[read])


def save(learned: Learned, folder: Path) -> None:
    """Write what was learned: the models of words with skops, the rest as numbers in JSON."""
    import json

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("text.skops", "readers.skops"):
        (folder / name).unlink(missing_ok=True)
    if learned.text is not None:
        textmodel.save(learned.text, folder / "text.skops")
    if learned.readers is not None:
        readers.save(learned.readers, folder / "readers.skops")
    held = {
        "stack": None
        if learned.stack is None
        else {"weights": learned.stack.weights.tolist(), "intercepts": learned.stack.intercepts.tolist()},
        "recording_rate": learned.recording_rate,
    }
    (folder / "learned.json").write_text(json.dumps(held), encoding="utf-8")


def load(folder: Path) -> Learned:
    """Read back what ``save`` wrote (without the test of confidence, which only training needs)."""
    import json

    held = json.loads((folder / "learned.json").read_text(encoding="utf-8"))
    text = textmodel.load(folder / "text.skops") if (folder / "text.skops").exists() else None
    stacked = held["stack"]
    together = Stack(np.array(stacked["weights"]), np.array(stacked["intercepts"])) if stacked else None
    taught = readers.load(folder / "readers.skops") if (folder / "readers.skops").exists() else None
    return Learned(text, together, held["recording_rate"], taught)
