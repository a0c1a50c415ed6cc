"""Spark's scratch place may be an address: tables go there to be read, results come back, nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from opencdi import schema
from opencdi.engine import Engine, Step, batch_of
from opencdi.engine.spark import SparkEngine

pytestmark = pytest.mark.slow

_ROWS = [
    {"table_name": "incidents", "source_file": name, "rows_in": 3, "accepted": 2, "rejected": 1, "skipped": 0}
    for name in ("a.csv", "b.csv")
]


def test_a_scratch_place_by_address_is_used_and_emptied(
    duckdb: Engine, spark: Engine, tmp_path: Path
) -> None:
    table = schema.RECONCILIATION
    duckdb.write(duckdb.from_batches(table, [batch_of(table, _ROWS)]), tmp_path / "in.parquet")
    scratch = tmp_path / "bucket"
    scratch.mkdir()
    engine = SparkEngine("2GB", 2, f"file://{scratch}")
    try:
        opened = engine.open(table, tmp_path / "in.parquet")
        engine.run([Step("doubled", f"select * from {opened.name} where source_file = 'b.csv'")])
        assert any(scratch.rglob("*.parquet"))
        assert engine.write(engine.relation(table, "doubled"), tmp_path / "out.parquet") == 1
    finally:
        engine.close()
    assert not any(scratch.rglob("*.parquet"))
    (kept,) = duckdb.open(table, tmp_path / "out.parquet").rows()
    assert (kept["source_file"], kept["rows_in"]) == ("b.csv", 3)
    assert spark.rows("select 1 as one") == [{"one": 1}]
