"""How the parts of a table lie on the disk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opencdi import schema
from opencdi.engine import DuckDBEngine
from opencdi.parts import Placed, write_empty, write_parts, write_stored_parts, writing

LOGS = schema.Table(
    "logs",
    "one log",
    ("log_id",),
    (
        schema.Column("log_id", "text", "Its number"),
        schema.Column("beat", "text", "The beat"),
        schema.Column("marks", "list", "Its marks"),
        schema.Column("line", "integer", "Its line"),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with DuckDBEngine() as engine:
        engine.connection.execute(
            "create table logs as select concat('L', n) as log_id, concat('B', n % 3) as beat, "
            "['early', 'late'] as marks, n as line, n // 500 as part from range(1000) as it(n)"
        )
        write_parts(Placed(engine.relation(LOGS, "logs"), lambda part: f"week-{part}"), tmp_path)
    return tmp_path


def encodings(path: Path) -> dict[str, tuple[str, ...]]:
    group = pq.read_metadata(path).row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    return {column.path_in_schema: column.encodings for column in columns}


def test_what_repeats_is_packed_by_a_list_of_its_values_and_what_never_does_is_not(folder: Path) -> None:
    found = encodings(folder / "week-0.parquet")
    listed = {name for name, how in found.items() if "RLE_DICTIONARY" in how}
    assert listed == {"beat", "marks.list.element"}


def test_each_part_holds_its_rows_in_the_order_of_their_key(folder: Path) -> None:
    numbers = pq.read_table(folder / "week-1.parquet").column("log_id").to_pylist()
    assert numbers == sorted(f"L{n}" for n in range(500, 1000))


def test_a_part_without_rows_has_all_columns(folder: Path) -> None:
    write_empty(LOGS, folder / "week-2.parquet")
    empty: pa.Table = pq.read_table(folder / "week-2.parquet")
    assert empty.num_rows == 0
    assert empty.schema.equals(pq.read_schema(folder / "week-1.parquet"))


@pytest.mark.parametrize("order", ["line", "hash(line)"], ids=["by number", "scattered"])
@pytest.mark.parametrize("waiting_at_most", [2**28, 1_000], ids=["waiting", "sorted"])
def test_stored_rows_are_written_in_the_same_bytes_however_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str, waiting_at_most: int
) -> None:
    monkeypatch.setattr(writing, "_WAITING_AT_MOST", waiting_at_most)
    folders = tmp_path / "sorted", tmp_path / "stored"
    with DuckDBEngine() as engine:
        engine.connection.execute(
            "create table logs as select concat('L', n) as log_id, concat('B', n % 3) as beat, "
            f"['late'] as marks, n as line, n // 500 as part from range(1900) as it(n) order by {order}"
        )
        placed = Placed(engine.relation(LOGS, "logs"), str)
        for folder, write in zip(folders, (write_parts, write_stored_parts), strict=True):
            folder.mkdir()
            assert write(placed, folder) == {"0": 500, "1": 500, "2": 500, "3": 400}
    first, second = ([path.read_bytes() for path in sorted(folder.iterdir())] for folder in folders)
    assert first == second
