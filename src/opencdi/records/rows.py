"""What every reader gives: rows of text with the line each began on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from opencdi.errors import UserError
from opencdi.records.sources import SourceFile

LINE = "line"


@dataclass(frozen=True)
class Ragged:
    """A row whose count of fields is not that of the headings."""

    line: int
    fields: int
    text: str

    @property
    def lines(self) -> int:
        """How many lines it runs over."""
        return self.text.count("\n") + 1


@dataclass
class Rows:
    """One file (or sheet), its rows not yet read.

    ``batches`` gives record batches of the column ``line`` (from 1) and the text columns ``c1`` to
    ``cN`` in the order of ``headings``. Rows with too few or too many fields are collected in ``ragged``
    while ``batches`` is read. ``layout_found`` is what a profile's [layout] should state of it;
    ``as_it_stands`` a Parquet file whose columns ``Engine.from_texts`` can take as they are.
    """

    name: str
    headings: tuple[str, ...]
    batches: Callable[[], Iterator[pa.RecordBatch]]
    ragged: list[Ragged] = field(default_factory=list)
    layout_found: Mapping[str, str | int] = field(default_factory=dict)
    as_it_stands: Path | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"c{number}" for number in range(1, len(self.headings) + 1))

    @property
    def column_of(self) -> dict[str, str]:
        """The column (``c1`` ...) under each heading."""
        return {heading: f"c{number}" for number, heading in enumerate(self.headings, start=1) if heading}


def checked_headings(source: SourceFile, headings: Sequence[str], line: int) -> tuple[str, ...]:
    """Headings, trimmed. Raises ``UserError`` where there are none or two are the same."""
    trimmed = tuple(" ".join(heading.split()) for heading in headings)
    if not any(trimmed):
        raise UserError(
            f"{source.name} has no headings on line {line}. State `header_line` in the profile's [layout]."
        )
    seen: dict[str, int] = {}
    for number, heading in enumerate(trimmed, start=1):
        if heading and heading in seen:
            raise UserError(
                f"{source.name}, line {line}: columns {seen[heading]} and {number} are both named "
                f"`{heading}`. Rename one of them in the export."
            )
        seen[heading] = number
    return trimmed


def text_schema(columns: int) -> pa.Schema:
    """The Arrow schema of raw rows: the line and so many text columns."""
    texts = [pa.field(f"c{number}", pa.string()) for number in range(1, columns + 1)]
    return pa.schema([pa.field(LINE, pa.int64()), *texts])


def batch_of_rows(lines: Sequence[int], rows: Sequence[Sequence[str | None]], columns: int) -> pa.RecordBatch:
    """Rows given as lists of text, as a raw batch."""
    texts = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays([pa.array(lines, pa.int64()), *texts], schema=text_schema(columns))
