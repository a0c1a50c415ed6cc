"""DuckDB: the engine of one machine."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from opencdi import schema
from opencdi.engine.clocks import steady
from opencdi.engine.core import Relation, Step, arrow_schema
from opencdi.engine.dialect import Dialect, sql_text
from opencdi.engine.workers import in_order

_DUCKDB_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMPTZ",
    "list": "VARCHAR[]",
    "integers": "BIGINT[]",
}


class DuckDBDialect:
    name = "duckdb"

    def epoch_seconds(self, instant: str) -> str:
        return f"epoch({instant})"

    def jaro_winkler(self, left: str, right: str) -> str:
        return f"jaro_winkler_similarity({left}, {right})"

    def levenshtein(self, left: str, right: str) -> str:
        return f"levenshtein({left}, {right})"

    def contains(self, items: str, value: str) -> str:
        return f"list_contains({items}, {value})"

    def list_in_order(self, value: str, order: str) -> str:
        return f"coalesce(list({value} order by {order}) filter (where {value} is not null), [])"

    def list_of(self, items: Sequence[str]) -> str:
        return f"cast([{', '.join(items)}] as VARCHAR[])"

    def item(self, items: str, number: int) -> str:
        return f"{items}[{number}]"

    def listed(self, items: str) -> str:
        return f"coalesce({items}, [])"

    def digest_of_rows(self, columns: Sequence[str]) -> str:
        return f"concat(count(*), ':', sum(cast(hash({', '.join(columns)}) as hugeint)))"

    def digest_of_row(self, columns: Sequence[str]) -> str:
        return f"cast(hash({', '.join(columns)}) >> 1 as bigint)"

    def bytes_in(self, text: str) -> str:
        return f"strlen({text})"

    def unnest(self, items: str) -> str:
        return f"unnest({items})"

    def digits(self, text: str) -> str:
        return f"regexp_replace({text}, '[^0-9]', '', 'g')"

    def replace_all(self, text: str, pattern: str, replacement: str) -> str:
        return f"regexp_replace({text}, '{pattern}', '{replacement}', 'g')"

    def joined(self, items: str, separator: str) -> str:
        return f"array_to_string({items}, {sql_text(separator)})"

    def items(self, text: str, separator: str) -> str:
        return f"case when {text} = '' then [] else string_split({text}, {sql_text(separator)}) end"

    def one_to(self, number: str) -> str:
        return f"generate_series(1, {number})"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_matches({text}, {sql_text(pattern)})"

    def extract(self, text: str, pattern: str, group: int) -> str:
        return f"regexp_extract({text}, {sql_text(pattern)}, {group})"

    def extract_all(self, text: str, pattern: str, group: int = 0) -> str:
        return f"regexp_extract_all({text}, {sql_text(pattern)}, {group})"

    def typed(self, value: str, kind: schema.Kind) -> str:
        return f"cast({value} as {_DUCKDB_TYPES[kind]})"

    def split(self, text: str, separator: str) -> str:
        return f"string_split({text}, {sql_text(separator)})"

    def concatenated(self, lists: Sequence[str]) -> str:
        return f"list_concat({', '.join(lists)})"

    def without_nulls(self, items: str) -> str:
        return f"list_filter({items}, lambda item: item is not null)"

    def wall_clock(self, text: str, formats: Sequence[str]) -> str:
        return f"try_strptime({text}, [{', '.join(sql_text(each) for each in formats)}])"

    def instant_with_offset(self, text: str, formats: Sequence[str]) -> str:
        return self.wall_clock(text, formats)

    def instant_at(self, wall_clock: str, zone: str) -> str:
        later = self._instant(wall_clock, zone)
        earlier = f"({later} - interval 1 hour)"
        plainly = _where_steady(
            wall_clock, zone, lambda ahead: f"make_timestamptz(epoch_us({wall_clock}) - {ahead}000000)"
        )
        return (
            f"case {plainly} when {self._clock(earlier, zone)} = {wall_clock} then {earlier} else {later} end"
        )

    def occurs_once(self, wall_clock: str, zone: str) -> str:
        instant = self._instant(wall_clock, zone)
        return (
            f"case {_where_steady(wall_clock, zone, lambda _: 'true')}"
            f" when {self._clock(instant, zone)} <> {wall_clock} then false"
            f" else {self._clock(f'({instant} - interval 1 hour)', zone)} <> {wall_clock} end"
        )

    def _instant(self, wall_clock: str, zone: str) -> str:
        return f"timezone({sql_text(zone)}, {wall_clock})"

    def _clock(self, instant: str, zone: str) -> str:
        return f"timezone({sql_text(zone)}, {instant})"


class DuckDBEngine:
    """DuckDB in this process. It spills to its own scratch folder, which ``close`` removes.

    ``memory_limit`` is DuckDB's own (such as ``4GB``); ``threads`` defaults to the cores.
    """

    def __init__(
        self,
        memory_limit: str | None = None,
        threads: int | None = None,
        scratch: Path | None = None,
    ) -> None:
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self.dialect: Dialect = DuckDBDialect()
        self._scratch = Path(tempfile.mkdtemp(prefix="opencdi-", dir=scratch))
        self._made = 0
        self._left_out = ""
        self._threads = threads or os.cpu_count() or 2
        config: dict[str, str | int | bool | float | list[str]] = {
            "temp_directory": str(self._scratch / "spill"),
            "threads": self._threads,
            # Files lie on this machine: to hand each read of one to another thread costs more than it saves.
            "async_threads": 0,
        }
        if memory_limit:
            config["memory_limit"] = memory_limit
        self.connection = duckdb.connect(config=config)
        self.connection.execute("set TimeZone = 'UTC'")
        # A table is as many files as it has parts, whose footers each statement would else read again.
        self.connection.execute("set parquet_metadata_cache = true")

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            # In a long statement, turning every list of values into a join takes longer than all else.
            self._leave_out("in_clause" if step.stages else "")
            self.connection.execute(f"create or replace table {step.name} as {_whole(step)}")

    def _leave_out(self, optimizers: str) -> None:
        if optimizers != self._left_out:
            self.connection.execute(f"set disabled_optimizers = '{optimizers}'")
            self._left_out = optimizers

    def rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def batches(self, sql: str, rows_a_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
        cursor = self.connection.cursor()
        cursor.execute("set TimeZone = 'UTC'")
        try:
            yield from cursor.sql(sql).to_arrow_reader(rows_a_batch)
        finally:
            cursor.close()

    def mapped(
        self,
        sql: str,
        maker: str,
        contract: schema.Table,
        data: Path | None = None,
        rows_a_batch: int = 5_000,
    ) -> Relation:
        batches = self.batches(sql, rows_a_batch)
        done = in_order(maker, str(data or ""), batches, self._threads)
        return self.from_batches(contract, done)

    def relation(self, contract: schema.Table, name: str | None = None) -> Relation:
        return Relation(self, name or contract.name, contract)

    def open(self, contract: schema.Table, path: Path) -> Relation:
        within = "/**/*.parquet" if path.is_dir() else ""
        return self._view(contract, contract.name, [_only(path) + within])

    def open_files(self, contract: schema.Table, paths: Sequence[Path], name: str) -> Relation:
        sources = [_only(path) for path in paths]
        return self._view(contract, name, sources) if sources else self.from_batches(contract, [])

    def open_numbered(self, contract: schema.Table, paths: Mapping[int, Path], name: str) -> Relation:
        files = ", ".join(f"'{_quoted(path)}'" for path in paths.values())
        sources = ", ".join(f"'{_only(path)}'" for path in paths.values())
        numbers = ", ".join(str(number) for number in paths)
        self.connection.execute(
            f"create or replace view {name} as select {', '.join(contract.names)}, "
            f"cast(([{numbers}])[list_position([{files}], filename)] as bigint) as part "
            f"from read_parquet([{sources}], filename = true)"
        )
        return Relation(self, name, contract)

    def from_batches(self, contract: schema.Table, batches: Iterable[pa.RecordBatch]) -> Relation:
        self._made += 1
        path = self._scratch / f"{contract.name}-{self._made}.parquet"
        arrow = arrow_schema(contract)
        # Read a few times and thrown away: to be packed quickly counts, not size.
        with pq.ParquetWriter(path, arrow, compression="lz4", write_statistics=False) as writer:
            for batch in batches:
                writer.write_batch(batch.select(arrow.names).cast(arrow))
        return self._view(contract, f"{contract.name}_made_{self._made}", [_only(path)])

    def from_texts(
        self, contract: schema.Table, file: Path, batches: Callable[[], Iterator[pa.RecordBatch]]
    ) -> Relation:
        self._made += 1
        view = f"{contract.name}_made_{self._made}"
        number, *columns = contract.names
        texts = (
            f"cast({_name(own)} as varchar) as {column}"
            for own, column in zip(pq.read_schema(file).names, columns, strict=True)
        )
        self.connection.execute(
            f"create or replace view {view} as select file_row_number + 1 as {number}, {', '.join(texts)} "
            f"from read_parquet('{_only(file)}', file_row_number = true, hive_partitioning = false)"
        )
        return Relation(self, view, contract)

    def _view(self, contract: schema.Table, name: str, sources: Sequence[str]) -> Relation:
        listed = ", ".join(f"'{source}'" for source in sources)
        self.connection.execute(f"create or replace view {name} as select * from read_parquet([{listed}])")
        return Relation(self, name, contract)

    def write(self, relation: Relation, path: Path) -> int:
        columns = ", ".join(_typed(column) for column in relation.contract)
        order = ", ".join(f"{name} nulls first" for name in relation.contract.key)
        cursor = self.connection.execute(
            f"copy (select {columns} from {relation.name} order by {order}) "
            f"to '{_quoted(path)}' (format parquet, compression zstd)"
        )
        return int(cursor.fetchall()[0][0])

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            self.connection.execute(f"drop table if exists {name}")

    def close(self) -> None:
        self.connection.close()
        shutil.rmtree(self._scratch, ignore_errors=True)


def _where_steady(wall_clock: str, zone: str, answer: Callable[[int], str]) -> str:
    """Branches of a CASE, one a stretch in which clocks are not changed: the answer for the seconds by which
    they are ahead there."""
    return " ".join(
        f"when {wall_clock} >= timestamp '{each.first}' and {wall_clock} < timestamp '{each.after}'"
        f" then {answer(each.ahead)}"
        for each in steady(zone)
    )


def _whole(step: Step) -> str:
    """One statement with its stages in it, so that wide tables between them are never stored."""
    if not step.stages:
        return step.sql
    stages = ", ".join(f"{stage.name} as ({_whole(stage)})" for stage in step.stages)
    return f"with {stages} {step.sql}"


def _typed(column: schema.Column) -> str:
    if column.kind in ("list", "integers"):
        return f"cast(coalesce({column.name}, []) as {_DUCKDB_TYPES[column.kind]}) as {column.name}"
    return f"cast({column.name} as {_DUCKDB_TYPES[column.kind]}) as {column.name}"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _only(path: Path) -> str:
    """The path to read and no other: what is a pattern to DuckDB may stand in the name of a folder."""
    return glob.escape(_quoted(path))
