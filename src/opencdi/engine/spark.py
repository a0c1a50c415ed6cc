"""Spark: the engine for data that lives on a cluster.

The session is the one the usual Spark settings describe (``spark-defaults.conf``, ``SPARK_CONF_DIR``,
``spark-submit``); without any it is this machine. Every step is written as Parquet to the scratch place
before the next one reads it, so that no plan grows over several steps and nothing is computed twice.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from opencdi import schema
from opencdi.engine.core import Relation, Step, arrow_schema
from opencdi.engine.dialect import Dialect
from opencdi.engine.spark_dialect import JARO_WINKLER, SPARK_TYPES, SparkDialect
from opencdi.engine.spark_store import Store, store_at
from opencdi.engine.workers import work_of
from opencdi.errors import UserError

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import DataFrame, SparkSession

MEANING: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
}
"""Settings that decide what SQL text means. They hold whatever the cluster's own defaults are."""

ON_ONE_MACHINE: Mapping[str, str] = {
    "spark.master": "local[*]",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
"""Settings of Spark on one machine where the user states none: no web page, no address but its own."""


class SparkEngine:
    """Spark, in a session of its own.

    ``scratch`` is a local folder, or the address of a place that every executor reaches (``s3a://...``);
    ``close`` removes what was written there. ``memory_limit`` (such as ``4GB``) and ``threads`` hold where
    Spark runs on this machine; a cluster has its own settings.

    Raises ``UserError`` where PySpark or Java is missing.
    """

    def __init__(
        self,
        memory_limit: str | None = None,
        threads: int | None = None,
        scratch: Path | str | None = None,
    ) -> None:
        self.dialect: Dialect = SparkDialect()
        self._spark = _session(memory_limit, threads)
        self._store: Store = store_at(self._spark, scratch)
        self._here = Path(tempfile.mkdtemp(prefix="opencdi-", dir=self._store.near))
        self._made = 0
        self._kept: dict[str, str] = {}

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.run(step.stages)
            self._keep(step.name, self._asked(step.sql))
            self.drop(stage.name for stage in step.stages)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._asked(sql).toArrow().to_pylist()
        return answer

    def batches(self, sql: str, rows_a_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
        place = self._place("batches")
        self._write(self._asked(sql), place)
        try:
            for part in self._parts(place):
                with pq.ParquetFile(part) as file:
                    yield from file.iter_batches(rows_a_batch)
        finally:
            self._store.remove(place)
            shutil.rmtree(self._here / Path(place).name, ignore_errors=True)

    def mapped(
        self,
        sql: str,
        maker: str,
        contract: schema.Table,
        data: Path | None = None,
        rows_a_batch: int = 5_000,
    ) -> Relation:
        place = "" if data is None else self._store.share(data)
        self._spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", rows_a_batch)
        columns = ", ".join(f"{column.name} {SPARK_TYPES[column.kind]}" for column in contract)
        name = self._fresh(contract)
        self._keep(name, self._asked(sql).mapInArrow(_worker(maker, place), columns))
        return Relation(self, name, contract)

    def relation(self, contract: schema.Table, name: str | None = None) -> Relation:
        return Relation(self, name or contract.name, contract)

    def open(self, contract: schema.Table, path: Path) -> Relation:
        self._view(contract.name, [self._store.put(path)])
        return Relation(self, contract.name, contract)

    def open_files(self, contract: schema.Table, paths: Sequence[Path], name: str) -> Relation:
        if not paths:
            return self.from_batches(contract, [])
        self._view(name, [self._store.put(path) for path in paths])
        return Relation(self, name, contract)

    def open_numbered(self, contract: schema.Table, paths: Mapping[int, Path], name: str) -> Relation:
        columns = ", ".join(contract.names)
        each = (
            f"select {columns}, cast({number} as bigint) as part "
            f"from {self.open_files(contract, [path], f'{name}_{place}').name}"
            for place, (number, path) in enumerate(paths.items())
        )
        self._asked(" union all ".join(each)).createOrReplaceTempView(name)
        return Relation(self, name, contract)

    def from_batches(self, contract: schema.Table, batches: Iterable[pa.RecordBatch]) -> Relation:
        name = self._fresh(contract)
        path = self._here / f"{name}.parquet"
        arrow = arrow_schema(contract)
        with pq.ParquetWriter(path, arrow, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch.select(arrow.names).cast(arrow))
        self._view(name, [self._store.put(path)])
        return Relation(self, name, contract)

    def from_texts(
        self, contract: schema.Table, file: Path, batches: Callable[[], Iterator[pa.RecordBatch]]
    ) -> Relation:
        return self.from_batches(contract, batches())

    def write(self, relation: Relation, path: Path) -> int:
        columns = ", ".join(_typed(column) for column in relation.contract)
        order = ", ".join(f"{name} asc nulls first" for name in relation.contract.key)
        arrow = arrow_schema(relation.contract)
        count = 0
        with pq.ParquetWriter(path, arrow, compression="zstd") as writer:
            for batch in self.batches(f"select {columns} from {relation.name} order by {order}", 122_880):
                writer.write_batch(batch.cast(arrow))
                count += batch.num_rows
        return count

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            self._spark.catalog.dropTempView(name)
            if name in self._kept:
                self._store.remove(self._kept.pop(name))

    def close(self) -> None:
        self.drop(list(self._kept))
        self._store.close()
        shutil.rmtree(self._here, ignore_errors=True)

    def _asked(self, sql: str) -> DataFrame:
        """SQL's backslash is a letter like any other; Spark's begins an escape."""
        return self._spark.sql(sql.replace("\\", "\\\\"))

    def _keep(self, name: str, frame: DataFrame) -> None:
        """Compute a frame now and name the result."""
        place = self._place(name)
        typed = _with_known_types(frame)
        self._write(typed, place)
        self._spark.read.schema(typed.schema).parquet(place).createOrReplaceTempView(name)
        if name in self._kept:
            self._store.remove(self._kept[name])
        self._kept[name] = place

    def _write(self, frame: DataFrame, place: str) -> None:
        """Write a frame as Parquet. Raises ``OSError`` where a disk is full."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            frame.write.parquet(place)
        except (PySparkException, Py4JError) as error:
            if os.strerror(errno.ENOSPC) in str(error):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            raise

    def _view(self, name: str, places: Sequence[str]) -> None:
        reader = self._spark.read.option("recursiveFileLookup", "true")
        reader.parquet(*places).createOrReplaceTempView(name)

    def _place(self, name: str) -> str:
        self._made += 1
        return self._store.place(f"{name}-{self._made}")

    def _fresh(self, contract: schema.Table) -> str:
        self._made += 1
        return f"{contract.name}_made_{self._made}"

    def _parts(self, place: str) -> Iterator[Path]:
        """The files of a folder on this machine, in the order of their rows."""
        folder = self._store.fetched(place, self._here)
        yield from sorted(folder.glob("part-*.parquet"))


def _session(memory_limit: str | None, threads: int | None) -> SparkSession:
    """A session of its own (views, settings) in the one Spark of this process."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise UserError(
            "The Spark engine is not installed. Install it with `pip install 'opencdi[spark]'`."
        ) from None
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        root = SparkSession.builder.config(conf=_settings(memory_limit, threads)).getOrCreate()
    except (PySparkException, Py4JError, OSError):
        raise UserError(
            "Spark could not be started. It needs Java 17 or newer on the path or under JAVA_HOME; check "
            "`java -version` and your Spark settings."
        ) from None
    root.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").disabled = True
    session = root.newSession()
    for name, value in MEANING.items():
        session.conf.set(name, value)
    session.udf.register(JARO_WINKLER, _jaro_winkler())
    return session


def _settings(memory_limit: str | None, threads: int | None) -> SparkConf:
    """The user's own settings; where they name no cluster, with those that suit one machine."""
    from pyspark import SparkConf, SparkContext

    start = SparkConf(loadDefaults=False)
    if memory_limit:
        start.set("spark.driver.memory", memory_limit.strip().rstrip("Bb").rstrip())
    SparkContext._ensure_initialized(conf=start)
    settings = SparkConf().setAppName("opencdi").set("spark.ui.showConsoleProgress", "false")
    if settings.get("spark.master", "local[*]").startswith("local"):
        if threads:
            settings.setMaster(f"local[{threads}]")
        for name, value in ON_ONE_MACHINE.items():
            settings.setIfMissing(name, value)
        settings.setIfMissing("spark.sql.shuffle.partitions", str(2 * (threads or os.cpu_count() or 2)))
    return settings


def _jaro_winkler() -> Any:
    from pyspark.sql.functions import arrow_udf

    def similarity(left: pa.Array, right: pa.Array) -> pa.Array:
        import duckdb

        pairs = pa.table({"left": left, "right": right})  # noqa: F841 - DuckDB finds it by its name
        found = duckdb.connect().sql('select jaro_winkler_similarity("left", "right") as s from pairs')
        return found.to_arrow_table()["s"].combine_chunks()

    similarity.__annotations__ = {"left": pa.Array, "right": pa.Array, "return": pa.Array}
    return arrow_udf(similarity, "double")


def _worker(maker: str, place: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The work of a maker on the batches that reach an executor."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from opencdi.engine.spark_store import shared

        each = work_of(maker, shared(place))
        return map(each, batches)

    return work


def _with_known_types(frame: DataFrame) -> DataFrame:
    """A frame whose untyped nulls and lists are text, as Parquet knows no column without a type."""
    from pyspark.sql import functions
    from pyspark.sql.types import ArrayType, NullType

    def known(name: str, kind: Any) -> Any:
        column = functions.col(f"`{name}`")
        if isinstance(kind, NullType):
            return column.cast("string").alias(name)
        if isinstance(kind, ArrayType) and isinstance(kind.elementType, NullType):
            return column.cast("array<string>").alias(name)
        return column

    return frame.select([known(field.name, field.dataType) for field in frame.schema.fields])


def _typed(column: schema.Column) -> str:
    kind = SPARK_TYPES[column.kind]
    if column.kind in ("list", "integers"):
        return f"cast(coalesce({column.name}, array()) as {kind}) as {column.name}"
    return f"cast({column.name} as {kind}) as {column.name}"
