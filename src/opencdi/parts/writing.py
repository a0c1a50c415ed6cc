"""Tables written in parts, one Parquet file each, in bounded memory and the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opencdi import schema
from opencdi.engine import Relation, arrow_schema

_ROWS_A_GROUP = 50_000

Packing = Literal["zstd", "snappy"]
"""Tables are packed small; what is read whole every night is packed so that it is read quickly: twice the
size, two thirds of the time."""


@dataclass(frozen=True)
class Placed:
    """Rows with the part each belongs to.

    ``relation`` has a column ``part`` beside those of its contract; ``name`` gives the part's file name
    (without its ending) from a value of that column. Of the parts in ``standing`` it has no rows: those that
    they would have are as they stand on the disk.
    """

    relation: Relation
    name: Callable[[Any], str]
    standing: frozenset[str] = frozenset()


def write_parts(placed: Placed, folder: Path, packing: Packing = "zstd") -> dict[str, int]:
    """Write each part in key order into an existing folder; give the rows of each part by its name."""
    relation = placed.relation
    contract = arrow_schema(relation.contract)
    lists = {column.name for column in relation.contract if column.kind in ("list", "integers")}
    listed = relation.engine.dialect.listed
    columns = ", ".join(f"{listed(name)} as {name}" if name in lists else name for name in contract.names)
    order = ", ".join(f"{name} nulls first" for name in ("part", *relation.contract.key))
    batches = relation.engine.batches(f"select {columns}, part from {relation.name} order by {order}")
    rows: dict[str, int] = {}
    for part, pieces in groupby(_runs(batches, contract), key=lambda piece: piece[0]):
        table = pa.Table.from_batches([piece for _, piece in pieces])
        rows[placed.name(part)] = table.num_rows
        _write_part(table, relation.contract, folder / f"{placed.name(part)}.parquet", packing)
    return rows


def write_empty(contract: schema.Table, path: Path) -> None:
    """A part without rows."""
    _write_part(arrow_schema(contract).empty_table(), contract, path, "zstd")


def _write_part(table: pa.Table, contract: schema.Table, path: Path, packing: Packing) -> None:
    """One part, in row groups that do not depend on how its rows came."""
    pq.write_table(
        table.combine_chunks(),
        path,
        compression=packing,
        row_group_size=_ROWS_A_GROUP,
        use_dictionary=_repeating(contract),
    )


@cache
def _repeating(contract: schema.Table) -> list[str]:
    """Columns, as Parquet names them, that say the same words again and again. Of keys, numbers and logs a
    list of the values that occur is longer than they are: without it a tenth of size and time is saved."""
    seldom_twice = {*contract.key, "narrative", "summary"}
    text = [column.name for column in contract if column.kind == "text" and column.name not in seldom_twice]
    lists = [f"{column.name}.list.element" for column in contract if column.kind == "list"]
    return text + lists


def _runs(batches: Iterator[pa.RecordBatch], contract: pa.Schema) -> Iterator[tuple[Any, pa.RecordBatch]]:
    """Each batch, under its contract, cut where the part changes."""
    for batch in batches:
        if not batch.num_rows:
            continue
        runs = pc.run_end_encode(batch.column("part"))
        rows = batch.select(contract.names).cast(contract)
        start = 0
        for value, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield value, rows.slice(start, end - start)
            start = end
