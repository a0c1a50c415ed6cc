"""Files that tables are written to, one part after another."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from opencdi.simulation.layouts import Layout

Write = Callable[[pa.Table], None]


@contextlib.contextmanager
def csv_sink(path: Path, layout: Layout) -> Iterator[Write]:
    writer: list[Any] = []
    options = pc_csv.WriteOptions(delimiter=layout.delimiter)
    with path.open("wb") as file:
        file.write(layout.mark)

        def write(table: pa.Table) -> None:
            if not writer:
                writer.append(pc_csv.CSVWriter(file, table.schema, write_options=options))
            writer[0].write(table)

        try:
            yield write
        finally:
            for one in writer:
                one.close()


@contextlib.contextmanager
def parquet_sink(path: Path, layout: Layout) -> Iterator[Write]:
    writer: list[Any] = []

    def write(table: pa.Table) -> None:
        if not writer:
            writer.append(pq.ParquetWriter(path, table.schema, compression="zstd"))
        writer[0].write_table(table)

    try:
        yield write
    finally:
        for one in writer:
            one.close()
