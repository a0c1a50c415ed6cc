"""What a table and a column say of themselves.

Types are the portable few that DuckDB, Parquet and Spark share: ``text``, ``integer``,
``number``, ``boolean``, ``date``, ``instant`` (a moment in UTC) and ``list`` (of text) or
``integers`` (list of integer).
Identifiers are always text. An unknown value is null, never an empty string; a list is never null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "boolean", "date", "instant", "list", "integers"]


@dataclass(frozen=True)
class Column:
    """One column: its name, kind and meaning, and what values it may hold."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key (which also orders the rows on disk) and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def text(name: str, meaning: str, required: bool = False, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", meaning, required, allowed)


def place() -> tuple[Column, ...]:
    return (
        text("address", "Address or place as written"),
        text("postcode", "Postcode, upper case, one space"),
        text("beat", "Beat, ward or neighbourhood code"),
        Column("latitude", "number", "Degrees north, WGS84"),
        Column("longitude", "number", "Degrees east, WGS84"),
    )


def origin() -> tuple[Column, ...]:
    return (
        text("source_file", "File the row was read from", required=True),
        Column("source_line", "integer", "Line (or sheet row) in that file, from 1", required=True),
    )
