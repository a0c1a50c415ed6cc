"""The reader for each kind of file."""

from __future__ import annotations

from collections.abc import Callable

from opencdi.records.delimited import delimited_rows
from opencdi.records.profile import Layout
from opencdi.records.rows import Rows
from opencdi.records.sources import Kind, SourceFile
from opencdi.records.structured import json_rows, parquet_rows
from opencdi.records.workbook import workbook_rows

READERS: dict[Kind, Callable[[SourceFile, Layout], Rows]] = {
    "text": delimited_rows,
    "workbook": workbook_rows,
    "parquet": parquet_rows,
    "json": json_rows,
}


def rows_of(source: SourceFile, layout: Layout) -> Rows:
    """The rows of a file of any kind. Raises ``UserError`` where it cannot be read."""
    return READERS[source.kind](source, layout)
