"""A hash-chained journal, one JSON object a line.

Each entry carries the SHA-256 of the canonical bytes (RFC 8785) of the entry before it, so that
changing, removing or inserting a line breaks every hash after it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785

from opencdi.errors import UserError

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One event: its number from 0, time, kind, content, and the hash of the entry before."""

    number: int
    at: str
    kind: str
    content: Mapping[str, Any]
    previous: str

    @property
    def canonical(self) -> bytes:
        return rfc8785.dumps(
            {
                "number": self.number,
                "at": self.at,
                "kind": self.kind,
                "content": dict(self.content),
                "previous": self.previous,
            }
        )

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()


def entries(path: Path) -> list[Entry]:
    """All entries, in order. Raises ``UserError`` naming the line that is not one.

    A last line without its line break was cut by a kill in the middle of the write and is left out.
    """
    if not path.exists():
        return []
    found = []
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines[:-1], start=1):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            raise UserError(
                f"{path}, line {number}: not a ledger entry. The ledger has been edited; "
                "restore it from a copy."
            ) from None
    return found


def append(path: Path, kind: str, content: Mapping[str, Any]) -> Entry:
    """Add one entry and flush it to the disk before returning."""
    before = entries(path)
    entry = Entry(
        number=len(before),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        kind=kind,
        content=content,
        previous=before[-1].hash if before else START,
    )
    whole = b"".join(each.canonical + b"\n" for each in before)
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(len(whole))
        file.truncate()
        file.write(entry.canonical + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def verify(path: Path) -> list[str]:
    """Sentences about what does not hold in the chain; empty when it is whole."""
    problems = []
    previous = START
    for number, entry in enumerate(entries(path)):
        if entry.number != number:
            problems.append(f"Entry {number} of {path.name} says it is number {entry.number}.")
        if entry.previous != previous:
            problems.append(f"Entry {number} of {path.name} does not follow from the entry before it.")
        previous = entry.hash
    return problems
