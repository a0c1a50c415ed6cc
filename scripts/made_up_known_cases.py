"""Known cases for a demonstration: incidents of a made-up force, outside the sample, whose truth is on file.

A force takes them from an earlier audit instead: cases that its registrar has settled.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from opencdi.review.audits.folder import Log, logs_of
from opencdi.review.judging.answers import NO_RECORD, Answers, CrimeAnswer
from opencdi.review.quality.known_cases import KnownCase, KnownCases
from opencdi.workspace import Workspace

OF_EACH_KIND = 10
PLAIN = {"none", "missing", "late"}
"""Truths that stand in the log and the records alone, so that no reader has to guess."""


def write_known_cases(force: Path, audit: Path, file: Path) -> None:
    """So many with a crime that is missing or late, and so many without a fault, chosen by a hash."""
    sampled = {
        row["incident_id"] for row in csv.DictReader((audit / "sample" / "sample.csv").open(newline=""))
    }
    truth: dict[str, list[dict[str, Any]]] = {}
    for row in parquet.read_table(force / "truth" / "required.parquet").to_pylist():
        truth.setdefault(row["incident_id"], []).append(row)
    plain = {name: rows for name, rows in truth.items() if name not in sampled and _is_plain(rows)}
    order = sorted(plain, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    faulty = [name for name in order if plain[name][0]["error"] != "none"]
    clean = [name for name in order if plain[name][0]["error"] == "none"]
    chosen = (*faulty[: 4 * OF_EACH_KIND], *clean[: 4 * OF_EACH_KIND])
    workspace = Workspace.open(audit)
    with workspace.engine() as engine:
        logs = logs_of(chosen, workspace.opened(engine, ["incidents", "crimes", "links", "parties"]))
    usable = [name for name in chosen if name in logs and _is_shown(plain[name], logs[name])]
    kept = [
        *[name for name in usable if name in faulty][:OF_EACH_KIND],
        *[name for name in usable if name not in faulty][:OF_EACH_KIND],
    ]
    cases = [
        KnownCase(facts=logs[name].facts, log=logs[name].text, truth=_truth(plain[name])) for name in kept
    ]
    file.write_text(KnownCases(case=cases).model_dump_json(), encoding="utf-8")


def _known(log: Log, rows: list[dict[str, Any]]) -> KnownCase:
    return KnownCase(facts=log.facts, log=log.text, truth=_truth(rows))


def _is_plain(rows: list[dict[str, Any]]) -> bool:
    return len(rows) == 1 and rows[0]["record_as"] == "crime" and rows[0]["error"] in PLAIN


def _is_shown(rows: list[dict[str, Any]], log: Log) -> bool:
    """Is there a text, and does a reader see the record that the truth names, live, and no other?"""
    (row,) = rows
    shown = {record.crime_id: (record.class_code, record.status) for record in log.facts.records}
    expected = {} if row["error"] == "missing" else {row["crime_id"]: (row["class_code"], "live")}
    return bool(log.text) and shown == expected


def _truth(rows: list[dict[str, Any]]) -> Answers:
    (row,) = rows
    is_missing = row["error"] == "missing"
    crime = CrimeAnswer(
        requires="crime",
        class_code=row["class_code"],
        victim=row["victim_no"],
        record=NO_RECORD if is_missing else row["crime_id"],
        in_time="" if is_missing else "no" if row["error"] == "late" else "yes",
        cause=row["cause"] or "",
    )
    return Answers(crimes=(crime,))


if __name__ == "__main__":
    write_known_cases(*(Path(each) for each in sys.argv[1:4]))
