"""How a force numbers its records: learned from a sample, of which each part's share is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opencdi import linkage
from opencdi.engine import Engine
from opencdi.nightly.notes import READ, calendar_of, digests_of, made_by
from opencdi.nightly.placing import INSTANTS, KEYS
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Workspace

_Shares = dict[str, list[Any]]
"""By part, what its share of the sample follows from, and its numbers with their seconds since 1970."""


def formats_of(workspace: Workspace, engine: Engine) -> linkage.NumberFormats:
    """As ``linkage`` learns them of all records; a night samples the parts that changed."""
    page, code = workspace.memory / "numbers.json", made_by(workspace, "linkage", "nightly")
    kept = kept_notes(page) or {}
    before = kept["sampled"] if kept.get("code") == code else {}
    now = {table: _sampled(workspace, engine, table, before.get(table, {})) for table in KEYS}
    if now != before:
        keep_notes(page, {"code": code, "sampled": now})
    incidents, crimes = (
        [(number, epoch) for _, share in now[table].values() for number, epoch in share]
        for table in ("incidents", "crimes")
    )
    return linkage.formats_of(incidents, crimes)


def _sampled(workspace: Workspace, engine: Engine, table: str, before: Mapping[str, list[Any]]) -> _Shares:
    minutes = linkage.minutes_sampled(sum(workspace.rows_of(READ, table).values()))
    now = {part: json_hash([minutes, found["links"]]) for part, found in digests_of(workspace, table).items()}
    # What was left out of a sample that was cut may belong to it now.
    cut = sum(len(share) for _, share in before.values()) >= linkage.MOST_SAMPLED
    known = {} if cut else before
    same = {part: known[part] for part, said in now.items() if known.get(part, [None])[0] == said}
    fresh: _Shares = {part: [said, []] for part, said in now.items() if part not in same}
    if fresh:
        calendar = calendar_of(workspace)
        records = workspace.opened_parts(engine, table, sorted(fresh), "numbered")
        part = f"{calendar.of(INSTANTS[table], engine.dialect)} as part"
        for row in linkage.sampled(records, KEYS[table], INSTANTS[table], minutes, [part]):
            fresh[calendar.name(int(row["part"]))][1].append([row["number"], row["epoch"]])
    return same | fresh
