"""Tables written in parts, one Parquet file each, in bounded memory and the same bytes every time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opencdi import schema
from opencdi.engine import Relation, arrow_schema

_ROWS_A_GROUP = 50_000
_WAITING_AT_MOST = 2**28
_A_PIECE = 2**16
"""Bytes of rows that may wait for the rest of their parts, and what a piece of them counts for besides, since
to handle many small ones takes long."""

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
    order = ", ".join(f"{name} nulls first" for name in ("part", *placed.relation.contract.key))
    in_order = groupby(_pieces(placed.relation, f"order by {order}"), key=itemgetter(0))
    parts = ((part, pa.Table.from_batches([piece for _, piece in pieces])) for part, pieces in in_order)
    return _written(parts, placed, folder, packing)


def write_stored_parts(placed: Placed, folder: Path) -> dict[str, int]:
    """The same of rows that the engine holds ready, so that they may be counted before they are asked for.

    Records mostly stand in the order of time. They are taken as they stand, and a part is put in order once
    it is whole, for less than to sort them all; where that would let too much wait, they are sorted.
    """
    relation = placed.relation
    counted = relation.engine.rows(f"select part, count(*) as n from {relation.name} group by part")
    due = {row["part"]: int(row["n"]) for row in counted}
    try:
        return _written(_parts_as_they_fill(relation, due), placed, folder, "zstd")
    except _TooMuchWaitsError:
        return write_parts(placed, folder)


class _TooMuchWaitsError(Exception):
    """Rows lie so scattered that more of them wait for the rest of their parts than memory should hold."""


def _parts_as_they_fill(relation: Relation, due: dict[Any, int]) -> Iterator[tuple[Any, pa.Table]]:
    """Each part in key order, as soon as all rows ``due`` of it have come."""
    order = [(name, "ascending") for name in relation.contract.key]
    waiting: dict[Any, list[pa.RecordBatch]] = defaultdict(list)
    weight: Counter[Any] = Counter()
    for part, piece in _pieces(relation):
        waiting[part].append(piece)
        due[part] -= piece.num_rows
        weight[part] += piece.nbytes + _A_PIECE
        if not due[part]:
            del weight[part]
            yield part, _in_order(pa.Table.from_batches(waiting.pop(part)).combine_chunks(), order)
        elif weight.total() > _WAITING_AT_MOST:
            raise _TooMuchWaitsError


def _in_order(table: pa.Table, order: Sequence[tuple[str, str]]) -> pa.Table:
    """A table in an order, in which it mostly stands already."""
    places = pc.sort_indices(table, order)
    stands = pc.all(pc.less(places[:-1], places[1:])).as_py()
    return table if stands else table.take(places)


def _pieces(relation: Relation, tail: str = "") -> Iterator[tuple[Any, pa.RecordBatch]]:
    """The rows of a relation in batches, each cut where the part changes."""
    contract = arrow_schema(relation.contract)
    lists = {column.name for column in relation.contract if column.kind in ("list", "integers")}
    listed = relation.engine.dialect.listed
    columns = ", ".join(f"{listed(name)} as {name}" if name in lists else name for name in contract.names)
    batches = relation.engine.batches(f"select {columns}, part from {relation.name} {tail}")
    return _runs(batches, contract)


def _written(
    parts: Iterable[tuple[Any, pa.Table]], placed: Placed, folder: Path, packing: Packing
) -> dict[str, int]:
    rows: dict[str, int] = {}
    for part, table in parts:
        name = placed.name(part)
        rows[name] = table.num_rows
        _write_part(table, placed.relation.contract, folder / f"{name}.parquet", packing)
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
    """Columns, as Parquet names them, that say the same words again and again. Of keys, numbers, places and
    logs a list of the values that occur is longer than they are: without it a tenth of size and time is
    saved."""
    seldom_twice = {*contract.key, "narrative", "summary", "bare", "place", "linked", "nearly_linked"}
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
