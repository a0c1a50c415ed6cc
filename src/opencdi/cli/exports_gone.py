"""Exports that the last audit read and that are not there any more.

A file that was meant to go looks like a share that is away for a night, so it is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencdi.workspace import Record

_TABLES = ("incidents", "crimes")


def exports_gone(before: Record | None, now: Record | None) -> str | None:
    """A sentence where files are gone; None where none is.

    ``before`` and ``now`` are what is kept of reading.
    """
    if before is None or now is None:
        return None
    gone = sorted(_files(before) - _files(now))
    if not gone:
        return None
    first, *others = (name for _, name in gone)
    which = f"{first} and {len(others):,} more are" if others else f"{first} is"
    counts = ", ".join(f"{name} {_rows(before, name):,} before, {_rows(now, name):,} now" for name in _TABLES)
    return (
        f"{which} not among the exports any more: records that no other export holds are gone from the "
        f"tables ({counts}). If that was not meant, bring back what is missing and run again."
    )


def _files(read: Record) -> set[tuple[str, str]]:
    return {(file["table"], file["name"]) for file in read["notes"]["files"]}


def _rows(read: Record, table: str) -> int:
    return sum(read["rows_of"][table].values())
