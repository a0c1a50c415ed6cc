"""Steps, relations and what a room may ask of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from opencdi import schema
from opencdi.engine.dialect import Dialect

_ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
    "integers": pa.list_(pa.int64()),
}


def arrow_schema(table: schema.Table) -> pa.Schema:
    """The Arrow schema of a table, in the column order of ``opencdi.schema``."""
    return pa.schema([pa.field(column.name, _ARROW_TYPES[column.kind]) for column in table])


@dataclass(frozen=True)
class Step:
    """One named SQL statement; later steps may read its result by that name.

    ``stages`` are steps that this one alone reads. An engine computes them within the statement or before
    it, whichever it plans better.
    """

    name: str
    sql: str
    stages: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Relation:
    """A table of the audit as one engine holds it: its name there and its contract."""

    engine: Engine
    name: str
    contract: schema.Table

    def rows(self, sql_tail: str = "") -> list[dict[str, Any]]:
        """Rows as dictionaries; for tests and small answers, not for whole tables."""
        return self.engine.rows(f"select * from {self.name} {sql_tail}")

    def count(self) -> int:
        return int(self.engine.rows(f"select count(*) as n from {self.name}")[0]["n"])

    def write_whole(self, path: Path) -> None:
        """Write it as Parquet so that a kill leaves the old file or the new one, never half."""
        beside = path.with_name(path.name + ".new")
        self.engine.write(self, beside)
        beside.replace(path)

    def batches(self, columns: Sequence[str], rows_a_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
        """The named columns as Arrow batches in key order, in bounded memory."""
        order = ", ".join(f"{name} nulls last" for name in self.contract.key)
        return self.engine.batches(
            f"select {', '.join(columns)} from {self.name} order by {order}", rows_a_batch
        )


class Engine(Protocol):
    """What a room may ask of an engine."""

    dialect: Dialect

    def run(self, steps: Iterable[Step]) -> None:
        """Compute each step once, in order; its result is a table of that name."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """A small answer, as dictionaries."""

    def batches(self, sql: str, rows_a_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
        """A large answer, as Arrow batches."""

    def mapped(
        self,
        sql: str,
        maker: str,
        contract: schema.Table,
        data: Path | None = None,
        rows_a_batch: int = 5_000,
    ) -> Relation:
        """Work in Python on every batch of an answer, in several processes and in bounded memory.

        ``maker`` names a function as ``package.module:function``, which makes the work (batch in, batch
        under ``contract`` out) from the path of ``data``, a folder that goes wherever the work is done.
        """

    def relation(self, contract: schema.Table, name: str | None = None) -> Relation:
        """A table or step result already there, under a contract."""

    def open(self, contract: schema.Table, path: Path) -> Relation:
        """A Parquet file (or folder of them) as a relation named after the contract."""

    def open_files(self, contract: schema.Table, paths: Sequence[Path], name: str) -> Relation:
        """Some Parquet files as one relation of the given name; none of them is an empty relation."""

    def open_numbered(self, contract: schema.Table, paths: Mapping[int, Path], name: str) -> Relation:
        """Some Parquet files, one at least, as one relation, each row with the number of its file
        (``part``)."""

    def from_batches(self, contract: schema.Table, batches: Iterable[pa.RecordBatch]) -> Relation:
        """Arrow batches made in Python as a relation, in bounded memory."""

    def from_texts(
        self, contract: schema.Table, file: Path, batches: Callable[[], Iterator[pa.RecordBatch]]
    ) -> Relation:
        """A Parquet file of texts and whole numbers as rows of text: the first column of the contract numbers
        them from 1, the others are the file's in their order. ``batches`` gives the same rows, for an engine
        that does not number the rows of a file."""

    def write(self, relation: Relation, path: Path) -> int:
        """Write a relation as Parquet in key order with the contract's columns; give the row count."""

    def drop(self, names: Iterable[str]) -> None:
        """Forget step results."""

    def close(self) -> None: ...


def batch_of(contract: schema.Table, rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Rows given as dictionaries, as an Arrow batch; absent columns are null (lists empty)."""
    arrow = arrow_schema(contract)
    arrays = []
    for column, field in zip(contract, arrow, strict=True):
        absent: Any = [] if column.kind in ("list", "integers") else None
        arrays.append(pa.array([row.get(column.name, absent) for row in rows], field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=arrow)
