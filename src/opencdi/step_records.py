"""What is kept of each step that was done: one file a step, which counts as lost where it is spoiled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from opencdi.parts import Placed
from opencdi.steps import Record
from opencdi.storage import write_whole

_KEYS = {"fingerprint", "parts", "outputs", "rows_of", "published", "notes"}


class StepRecords:
    """The records of an audit's steps, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[tuple[int, int], Record | None]] = {}

    def of(self, step: str) -> Record | None:
        """The record of a step, read again only where it was written again; None where none is sound."""
        path = self._folder / f"{step}.json"
        try:
            written = path.stat()
        except FileNotFoundError:
            return None
        mark = (written.st_mtime_ns, written.st_ino)
        if step not in self._read or self._read[step][0] != mark:
            self._read[step] = (mark, _sound(path))
        return self._read[step][1]

    def keep(self, step: str, record: Record) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{step}.json", json.dumps(record, sort_keys=True))


def _sound(path: Path) -> Record | None:
    try:
        found = json.loads(path.read_text())
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.keys() >= _KEYS else None


def rows_in(record: Record) -> dict[str, int]:
    """The rows of each output table."""
    return {name: sum(parts.values()) for name, parts in record["rows_of"].items()}


def let_stand(record: dict[str, Any], kept: Record | None, made: Mapping[str, Placed]) -> None:
    """Take down the parts that were left as they stand, as they were taken down before."""
    for name, placed in made.items():
        for part in placed.standing:
            for of in ("rows_of", "outputs"):
                record[of].setdefault(name, {})[part] = (kept or {})[of][name][part]


def record_without(
    kept: Record | None,
    fingerprint: Mapping[str, Any],
    parts: Sequence[str],
    gone: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The record that stays true while some parts are being redone."""
    kept = kept or {}

    def without(name: str, of: Mapping[str, Any]) -> dict[str, Any]:
        left_out = {*parts, *(gone or {}).get(name, ())}
        return {part: value for part, value in of.items() if part not in left_out}

    return {
        "fingerprint": dict(fingerprint),
        "parts": without("", kept.get("parts", {})),
        "outputs": {name: without(name, of) for name, of in kept.get("outputs", {}).items()},
        "rows_of": {name: without(name, of) for name, of in kept.get("rows_of", {}).items()},
        "published": {},
        "notes": {},
    }
