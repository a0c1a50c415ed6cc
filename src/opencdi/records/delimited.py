"""Delimited text as rows with true line numbers.

Arrow's reader is used because it hands back every ragged row, where DuckDB's sniffer falls back to one
column without a word, and because the line of each row can be computed from the line breaks it keeps in
quoted fields. (Measured in docs/reading-exports.md.)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from opencdi.errors import UserError
from opencdi.records.charset import charset_of, utf_8
from opencdi.records.profile import Layout
from opencdi.records.rows import LINE, Ragged, Rows, checked_headings, text_schema
from opencdi.records.sources import SourceFile

DELIMITERS = ",\t;|^~"
BLOCK = 2**23
"""Bytes parsed at once, and so the longest row that can be read."""

RAGGED_KEPT = 100_000


@dataclass(frozen=True)
class _Head:
    """What stands before the first row."""

    headings: list[str]
    delimiter: str
    header_line: int
    first_line: int


def delimited_rows(source: SourceFile, layout: Layout) -> Rows:
    """The rows of a delimited file.

    Raises ``UserError`` for an empty file, a binary one, an unreadable byte, headings that are missing or
    repeated, a wrong delimiter, and (while reading) a quotation mark that is never closed.
    """
    codec = charset_of(source, layout.charset)
    with source.opened() as file:
        head = _head(source, layout, utf_8(file, codec))
    headings = checked_headings(source, head.headings, head.header_line)
    if len(headings) == 1:
        _refuse_one_column(source, head)
    found = {"delimiter": head.delimiter}
    rows = Rows(source.name, headings, lambda: iter(()), layout_found=found)
    rows.batches = lambda: _batches(source, layout, codec, head, rows)
    return rows


def _head(source: SourceFile, layout: Layout, stream: io.BufferedReader) -> _Head:
    lines = 0
    delimiter = layout.delimiter
    while lines + 1 < layout.header_line:
        if not stream.readline():
            raise UserError(
                f"{source.name} ends at line {lines}, before the headings the profile expects on line "
                f"{layout.header_line}. Correct `header_line` in the profile's [layout]."
            )
        lines += 1
    if layout.headings:
        if delimiter is None:
            first = stream.peek(2**16).decode(errors="ignore").partition("\n")[0]
            delimiter = likely_delimiter(first)
        return _Head(list(layout.headings), delimiter, lines + 1, lines + 1)
    header = stream.readline().decode()
    lines += 1
    if header.lower().startswith("sep=") and len(header.strip()) == 5:
        delimiter = delimiter or header.strip()[-1]
        header = stream.readline().decode()
        lines += 1
    header_line = lines
    while header.count(layout.quote) % 2 and (more := stream.readline().decode()):
        header += more
        lines += 1
    if not header.strip():
        raise UserError(
            f"{source.name}, line {header_line}, is empty where the headings should be. "
            "Export it again with headings, or state `header_line` in the profile's [layout]."
        )
    delimiter = delimiter or likely_delimiter(header)
    parsed = list(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter, quotechar=layout.quote))
    if len(parsed) > 1:
        raise UserError(
            f"{source.name}, line {header_line}: the headings run on into further lines, since some "
            "lines of this file end with a carriage return alone. Save it again with one kind of line end."
        )
    return _Head(parsed[0], delimiter, header_line, lines + 1)


def likely_delimiter(line: str) -> str:
    """The candidate that occurs most often outside quotes in a line of headings; a comma where none does."""
    counts = {
        each: len(next(csv.reader(io.StringIO(line, newline=""), delimiter=each), [])) for each in DELIMITERS
    }
    return max(DELIMITERS, key=lambda each: counts[each])


def _refuse_one_column(source: SourceFile, head: _Head) -> None:
    better = likely_delimiter(head.headings[0])
    if better in head.headings[0]:
        raise UserError(
            f"{source.name}, line {head.header_line}, has one column when cut at {head.delimiter!r}; it "
            "looks "
            f"cut at {better!r}. Correct `delimiter` in the profile's [layout]."
        )
    raise UserError(
        f"{source.name}, line {head.header_line}, has one column only, so it is not an export of records, or "
        "its delimiter is unusual. State `delimiter` in the profile's [layout]."
    )


def _batches(
    source: SourceFile, layout: Layout, codec: str, head: _Head, rows: Rows
) -> Iterator[pa.RecordBatch]:
    columns = len(rows.headings)
    schema = text_schema(columns)
    names = schema.names[1:]
    lines = _Lines(head.first_line)
    with source.opened() as file:
        stream = utf_8(file, codec)
        for _ in range(head.first_line - 1):
            stream.readline()
        if not stream.peek(1):
            return
        try:
            reader = _reader(stream, head.delimiter, layout.quote, names, lines)
            for batch in reader:
                numbered = lines.numbered(batch)
                yield pa.RecordBatch.from_arrays([pa.array(numbered), *batch.columns], names=[LINE, *names])
                rows.ragged.extend(lines.taken())
                _refuse_flood(source, rows, head)
        except pa.ArrowInvalid as error:
            raise _sentence(source, error, lines) from None
    lines.finish()
    rows.ragged.extend(lines.taken())


def _reader(
    stream: io.BufferedReader, delimiter: str, quote: str, names: list[str], lines: _Lines
) -> pyarrow.csv.CSVStreamingReader:
    return pyarrow.csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=lines.ragged_row,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=False
        ),
    )


class _Lines:
    """Lines of rows, from the count of rows and of the line breaks inside them.

    Arrow numbers rows (from 1), whole and ragged alike; a row that holds line breaks pushes those after
    it down by as many lines.
    """

    def __init__(self, first_line: int) -> None:
        self._next_row = 1
        self._next_line = first_line
        self._waiting: list[tuple[int, int, str]] = []
        self._placed: list[Ragged] = []

    def ragged_row(self, row: Any) -> str:
        self._waiting.append((row.number, row.actual_columns, row.text))
        return "skip"

    def numbered(self, batch: pa.RecordBatch) -> np.ndarray:
        """The line each row of the next batch begins on."""
        breaks = _line_breaks(batch)
        lines = np.empty(batch.num_rows, dtype=np.int64)
        done = 0
        while done < batch.num_rows:
            self._place_ragged_here()
            run = batch.num_rows - done
            if self._waiting:
                run = min(run, self._waiting[0][0] - self._next_row)
            inside = breaks[done : done + run]
            lines[done : done + run] = self._next_line + np.arange(run) + np.cumsum(inside) - inside
            self._next_row += run
            self._next_line += run + int(inside.sum())
            done += run
        return lines

    def finish(self) -> None:
        self._place_ragged_here()

    def taken(self) -> list[Ragged]:
        placed, self._placed = self._placed, []
        return placed

    def _place_ragged_here(self) -> None:
        while self._waiting and self._waiting[0][0] == self._next_row:
            _, fields, text = self._waiting.pop(0)
            row = Ragged(self._next_line, fields, text)
            self._placed.append(row)
            self._next_row += 1
            self._next_line += row.lines

    @property
    def next_line(self) -> int:
        return self._next_line


def _line_breaks(batch: pa.RecordBatch) -> np.ndarray:
    total = np.zeros(batch.num_rows, dtype=np.int64)
    for column in batch.columns:
        total += pc.count_substring(column, "\n").to_numpy(zero_copy_only=False)
    return total


def _refuse_flood(source: SourceFile, rows: Rows, head: _Head) -> None:
    if len(rows.ragged) > RAGGED_KEPT:
        first = rows.ragged[0]
        raise UserError(
            f"{source.name}, line {first.line}, and more than {RAGGED_KEPT:,} other rows do not have the "
            f"{len(rows.headings)} fields of the headings when cut at {head.delimiter!r}. Correct "
            "`delimiter` "
            "in the profile's [layout], or export the file again."
        )


def _sentence(source: SourceFile, error: pa.ArrowInvalid, lines: _Lines) -> UserError:
    if "straddl" in str(error):
        return UserError(
            f"{source.name}: a quotation mark after line {lines.next_line} is never closed, or one row is "
            f"longer than {BLOCK // 2**20} MB. Mend that line or export the file again."
        )
    return UserError(
        f"{source.name}: the text after line {lines.next_line} cannot be cut into fields. "
        "Mend that place or export the file again."
    )
