"""What every engine must answer alike: each line below once gave two different answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opencdi import schema
from opencdi.engine import DuckDBEngine, Step, arrow_schema, batch_of
from opencdi.engine.clocks import YEARS_BACK, steady
from opencdi.records.profile import Layout
from opencdi.records.sources import expanded
from opencdi.records.structured import parquet_rows
from opencdi.schema import Column, Table


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as engine:
        yield engine


def answer(engine: DuckDBEngine, expression: str) -> object:
    return engine.rows(f"select {expression} as answer")[0]["answer"]


def test_a_floor_cast_truncates_and_never_rounds(engine: DuckDBEngine) -> None:
    assert answer(engine, "cast(floor(1.999) as integer)") == 1


@pytest.mark.parametrize(
    ("left", "right", "similarity"),
    [("whaxfield", "whixfield", 0.90741), ("clockman", "lockman", 0.9107), ("same", "same", 1.0)],
)
def test_jaro_winkler_floors_half_transpositions(
    engine: DuckDBEngine, left: str, right: str, similarity: float
) -> None:
    found = answer(engine, engine.dialect.jaro_winkler(f"'{left}'", f"'{right}'"))
    assert found == pytest.approx(similarity, abs=1e-4)


def test_epoch_seconds_are_counted_in_utc_whatever_zone_the_instant_was_written_in(
    engine: DuckDBEngine,
) -> None:
    seconds = engine.dialect.epoch_seconds("timestamptz '2026-06-01 01:00:00+01:00'")
    assert answer(engine, seconds) == datetime(2026, 6, 1, tzinfo=UTC).timestamp()


def test_lists_are_gathered_in_order_without_nulls(engine: DuckDBEngine) -> None:
    gathered = engine.dialect.list_in_order("word", "word")
    rows = engine.rows(f"select {gathered} as found from (values ('b'), (null), ('a')) as words(word)")
    assert rows == [{"found": ["a", "b"]}]


def test_steps_see_the_results_of_steps_before_them(engine: DuckDBEngine) -> None:
    engine.run(
        [Step("first_step", "select 1 as n"), Step("second_step", "select n + 1 as n from first_step")]
    )
    assert engine.rows("select n from second_step") == [{"n": 2}]


def test_a_written_table_has_the_columns_and_order_of_its_contract(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    rows = [{"crime_id": name, "link_class": "none", "candidates": 0} for name in ("00002", "00001")]
    links = engine.from_batches(schema.LINKS, [batch_of(schema.LINKS, rows)])
    assert engine.write(links, tmp_path / "links.parquet") == 2
    written = pq.read_table(tmp_path / "links.parquet")
    assert tuple(written.column_names) == schema.LINKS.names
    assert written["crime_id"].to_pylist() == ["00001", "00002"]
    assert written["via"].to_pylist() == [[], []]


def test_the_same_rows_give_the_same_bytes_on_any_number_of_threads(tmp_path: Path) -> None:
    hashes = set()
    for threads in (1, 2):
        with DuckDBEngine(threads=threads) as engine:
            engine.run(
                [
                    Step(
                        "many",
                        "select cast(i as varchar) as crime_id, 'none' as link_class, "
                        "cast(hash(i) % 9 as bigint) as candidates, "
                        + ", ".join(
                            f"null as {column.name}"
                            for column in schema.LINKS
                            if column.name not in ("crime_id", "link_class", "candidates")
                        )
                        + " from range(300000) as numbers(i)",
                    )
                ]
            )
            engine.write(engine.relation(schema.LINKS, "many"), tmp_path / "many.parquet")
            hashes.add(hashlib.sha256((tmp_path / "many.parquet").read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_batches_come_in_key_order_while_the_engine_goes_on_answering(engine: DuckDBEngine) -> None:
    rows = [{"crime_id": name, "link_class": "none", "candidates": 0} for name in ("b", "a")]
    links = engine.from_batches(schema.LINKS, [batch_of(schema.LINKS, rows)])
    for batch in links.batches(["crime_id"]):
        assert engine.rows("select 1 as one") == [{"one": 1}]
        assert batch["crime_id"].to_pylist() == ["a", "b"]


@pytest.mark.parametrize("contract", schema.TABLES.values(), ids=lambda contract: contract.name)
def test_every_table_has_an_arrow_schema_and_a_key_of_its_own_columns(contract: schema.Table) -> None:
    assert set(contract.key) <= set(contract.names)
    assert len(set(contract.names)) == len(contract.names)
    assert arrow_schema(contract).names == list(contract.names)


def test_a_file_of_texts_is_read_where_it_stands_as_its_copy_would_be(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    table = pa.table(
        {
            'The "No"': ["A1", None, " b ", ""],
            "N": pa.array([10, None, -3, 2**53 + 1], pa.int64()),
            "n t": pa.array(["x", "y", "é", "z"], pa.large_string()),
        }
    )
    path = tmp_path / "force=x" / "it's.parquet"
    path.parent.mkdir()
    pq.write_table(table, path, row_group_size=2)
    contract = Table(
        "raw",
        "as read",
        ("line",),
        (Column("line", "integer", ""), *(Column(f"c{n}", "text", "") for n in (1, 2, 3))),
    )
    (source,) = expanded([path.name], path.parent)
    rows = parquet_rows(source, Layout())
    assert rows.as_it_stands == path
    stood = engine.from_texts(contract, path, rows.batches)
    copied = engine.from_batches(contract, rows.batches())
    assert stood.rows("order by line") == copied.rows("order by line")
    assert [row["line"] for row in stood.rows("order by line")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"a": [date(2026, 1, 2)]}),
        pa.table({"a": ["x"], "A": ["y"]}),
        pa.table({"file_row_number": ["7"]}),
        pa.table({"a": pa.array(["x"]).dictionary_encode()}),
    ],
    ids=["a date", "two names that SQL takes for one", "a name the engine uses", "codes for texts"],
)
def test_a_file_that_an_engine_might_read_otherwise_is_copied(table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "x.parquet")
    (source,) = expanded(["x.parquet"], tmp_path)
    assert parquet_rows(source, Layout()).as_it_stands is None


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Atlantic/Azores", "UTC"]
)
def test_a_steady_clock_gives_the_instants_of_the_calendar(
    zone: str, engine: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every half hour of six years, within and beyond the stretches, the hours of every change among them."""
    dialect = engine.dialect
    quick = f"{dialect.instant_at('w', zone)} as instant, {dialect.occurs_once('w', zone)} as once"
    assert steady(zone)
    monkeypatch.setattr("opencdi.engine.duckdb.steady", lambda _: ())
    slow = f"{dialect.instant_at('w', zone)} as instant, {dialect.occurs_once('w', zone)} as once"
    assert quick != slow
    half_hours = 6 * 366 * 48
    first = f"timestamp '{datetime.now(UTC).year - YEARS_BACK - 1}-01-01 00:30:00.000001'"
    walls = (
        f"select {first} + interval (i * 30) minute as w from range({half_hours}) as steps(i) "
        "union all select null"
    )
    found = engine.rows(
        f"select count(*) as n, count(*) filter (where not coalesce(a.once, true)) as odd from "
        f"(select w, {quick} from ({walls})) as a join (select w, {slow} from ({walls})) as b "
        "on a.w is not distinct from b.w and a.instant is not distinct from b.instant "
        "and a.once is not distinct from b.once"
    )[0]
    assert found["n"] == half_hours + 1
    assert (found["odd"] > 0) == (zone != "UTC")


@pytest.mark.parametrize("name", ["audit [2026]", "audit*", "audit?"])
def test_a_folder_is_read_by_its_name_and_no_other_that_the_name_is_a_pattern_of(
    engine: DuckDBEngine, tmp_path: Path, name: str
) -> None:
    for number, folder in enumerate((name, "audit 2", "audits")):
        (tmp_path / folder / "numbers").mkdir(parents=True)
        pq.write_table(pa.table({"number": [number]}), tmp_path / folder / "numbers" / "part.parquet")
    numbers = Table("numbers", "a number", ("number",), (Column("number", "integer", ""),))
    part = tmp_path / name / "numbers" / "part.parquet"
    opened = engine.open(numbers, part.parent).rows()
    assert opened == engine.open_files(numbers, [part], "a_few").rows() == [{"number": 0}]
    assert engine.open_numbered(numbers, {7: part}, "numbered").engine.rows("select part from numbered") == [
        {"part": 7}
    ]
