"""Parquet and JSON as rows of text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opencdi.errors import UserError
from opencdi.records.cells import as_text
from opencdi.records.charset import charset_of, utf_8
from opencdi.records.profile import Layout
from opencdi.records.rows import LINE, Rows, batch_of_rows, checked_headings
from opencdi.records.sources import SourceFile

ROWS_A_BATCH = 20_000


def parquet_rows(source: SourceFile, layout: Layout) -> Rows:
    """The rows of a Parquet file; ``line`` is the row, from 1. Raises ``UserError`` for a damaged one."""
    try:
        with _parquet(source) as file:
            columns = file.schema_arrow
    except (pa.ArrowInvalid, OSError):
        raise UserError(f"{source.name} is damaged and cannot be read as Parquet. Export it again.") from None
    headings = checked_headings(source, columns.names, 1)
    plain = source.path if _is_plain(source, columns) else None
    return Rows(source.name, headings, lambda: _parquet_batches(source, len(headings)), as_it_stands=plain)


def _is_plain(source: SourceFile, columns: pa.Schema) -> bool:
    """Whether an engine reads the file's columns as the texts they are: not packed, of types that are written
    in one way, and named so that no two are one to SQL."""
    names = {name.lower() for name in columns.names} - {"file_row_number"}
    return not source.zipped and len(names) == len(columns) and all(map(_is_text, columns.types))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind))


def _parquet(source: SourceFile) -> pq.ParquetFile:
    if not source.zipped:
        return pq.ParquetFile(source.path)
    with source.opened() as file:
        return pq.ParquetFile(io.BytesIO(file.read()))


def _parquet_batches(source: SourceFile, columns: int) -> Iterator[pa.RecordBatch]:
    line = 1
    with _parquet(source) as file:
        for batch in file.iter_batches(ROWS_A_BATCH):
            numbers = pa.array(range(line, line + batch.num_rows), pa.int64())
            texts = [_text_column(column) for column in batch.columns]
            names = [LINE, *(f"c{number}" for number in range(1, columns + 1))]
            yield pa.RecordBatch.from_arrays([numbers, *texts], names=names)
            line += batch.num_rows


def _text_column(column: pa.Array) -> pa.Array:
    if _is_text(column.type):
        return pc.cast(column, pa.string())
    return pa.array([as_text(value) for value in column.to_pylist()], pa.string())


def json_rows(source: SourceFile, layout: Layout) -> Rows:
    """The records of a JSON array or of JSON lines; ``line`` is the record, from 1.

    Raises ``UserError`` where the text is not JSON or not a list of flat records.
    """
    codec = charset_of(source, layout.charset)
    with source.opened() as file:
        text = utf_8(file, codec).read().decode()
    records = _records(source, text)
    headings = tuple(dict.fromkeys(name for record in records for name in record))
    checked_headings(source, headings, 1)

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(records), ROWS_A_BATCH):
            part = records[start : start + ROWS_A_BATCH]
            texts = [[_flat(record.get(heading)) for heading in headings] for record in part]
            yield batch_of_rows(range(start + 1, start + 1 + len(part)), texts, len(headings))

    return Rows(source.name, headings, batches)


def _records(source: SourceFile, text: str) -> list[dict[str, Any]]:
    try:
        if text.lstrip().startswith("["):
            records = json.loads(text)
        else:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise UserError(
            f"{source.name}, line {error.lineno}, is not JSON at character {error.colno}. Export it again."
        ) from None
    if not records or not all(isinstance(record, dict) for record in records):
        raise UserError(f"{source.name} is not a list of JSON records. Export it as one, or as CSV.")
    return list(records)


def _flat(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else as_text(value)
