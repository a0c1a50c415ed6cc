"""Every function of the dialect gives one answer on both engines, edge cases above all.

Expressions over one set of values are asked in one statement of each engine, since Spark plans slowly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi import schema
from opencdi.engine import Dialect, Engine, Step, known_table, sql_text
from opencdi.engine.java_regex import java_pattern
from opencdi.errors import UserError
from opencdi.records.dates import CANDIDATES
from opencdi.schema import Column, Table

pytestmark = pytest.mark.slow

Asked = Callable[[Dialect], str]

_WORDS = ("", " ", "a", "A b", "é", "ß", "12\n", "O'Neill", "back\\slash", "tab\there", "123 of 15/01/26")


def answers(engine: Engine, asked: Sequence[Asked], source: str) -> list[dict[str, Any]]:
    columns = ", ".join(f"{each(engine.dialect)} as a{place}" for place, each in enumerate(asked))
    return engine.rows(f"select place, {columns} from ({source}) as given order by place")


def same(duckdb: Engine, spark: Engine, asked: Sequence[Asked], source: str) -> list[dict[str, Any]]:
    """The answers of both engines, which must be equal."""
    expected = answers(duckdb, asked, source)
    assert answers(spark, asked, source) == expected
    return expected


def texts(values: Sequence[str | None]) -> str:
    """A table of texts with their places, in SQL."""
    written = ["cast(null as string)" if value is None else sql_text(value) for value in values]
    rows = ", ".join(f"({place}, {value})" for place, value in enumerate(written))
    return f"select * from (values {rows}) as listed(place, word)"


def pairs(values: Sequence[tuple[str, str]]) -> str:
    rows = ", ".join(f"({n}, {sql_text(a)}, {sql_text(b)})" for n, (a, b) in enumerate(values))
    return f"select * from (values {rows}) as listed(place, l, r)"


def test_texts_mean_what_they_say_whatever_quotes_and_backslashes_they_hold(
    duckdb: Engine, spark: Engine
) -> None:
    asked: list[Asked] = [lambda _: "word", lambda _: "length(word)", lambda d: d.bytes_in("word")]
    found = same(duckdb, spark, asked, texts([*_WORDS, None]))
    assert [row["a0"] for row in found] == [*_WORDS, None]
    assert [row["a2"] for row in found] == [*(len(word.encode()) for word in _WORDS), None]


def test_names_are_compared_by_one_definition(duckdb: Engine, spark: Engine) -> None:
    """The pairs that Spark's own Jaro-Winkler and DuckDB's tell apart (half transpositions), and bytes."""
    names = [("whaxfield", "whixfield"), ("clockman", "lockman"), ("é", "e"), ("", "abc"), ("same", "same")]
    found = same(
        duckdb,
        spark,
        [lambda d: d.jaro_winkler("l", "r"), lambda d: d.levenshtein("l", "r")],
        pairs([*names, ("dwayne", "duane"), ("martha", "marhta"), ("jellyfish", "smellyfish")]),
    )
    assert found[0]["a0"] == pytest.approx(0.90741, abs=1e-5)
    assert found[1]["a0"] == pytest.approx(0.9107, abs=1e-4)


_PATTERNS = (
    r"^[0-9]+$",
    r"(?i)\bneill\b",
    r"\bof\b",
    r"[^ -@A\[-`{-~]",
    r"\s+",
    r"(?:^|[^0-9])0?([1-9][0-9]?)(?:[^0-9]|$)",
    r"([^ ]+)$",
    r"^(.*[^ ]) +[^ ]+$",
    r".",
)


def test_regular_expressions_match_and_extract_alike(duckdb: Engine, spark: Engine) -> None:
    asked: list[Asked] = []
    for pattern in _PATTERNS:
        group = 1 if re.compile(pattern).groups else 0
        asked += [
            lambda d, p=pattern: d.matches("word", p),  # type: ignore[misc]
            lambda d, p=pattern, g=group: d.extract("word", p, g),  # type: ignore[misc]
            lambda d, p=pattern, g=group: d.extract_all("coalesce(word, '')", p, g),  # type: ignore[misc]
            lambda d, p=pattern: d.replace_all("word", p, "<$>"),  # type: ignore[misc]
        ]
    same(duckdb, spark, asked, texts([*_WORDS, "NEILL's", "naïve café", "line\nbreak\r\n", None]))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aZ09 _-'/\\.\n\r\u00a0\u00e9\u017f\u212a\u2028"), max_size=8),
        min_size=1,
        max_size=20,
    )
)
def test_a_pattern_in_java_s_spelling_is_the_same_pattern_on_any_text(
    duckdb: Engine, spark: Engine, words: list[str]
) -> None:
    asked: list[Asked] = [lambda d, p=pattern: d.matches("word", p) for pattern in _PATTERNS]  # type: ignore[misc]
    same(duckdb, spark, asked, texts(words))


def test_what_java_reads_otherwise_is_spelled_out() -> None:
    assert java_pattern("^a$") == r"(?d)^a\z"
    assert java_pattern("[$b\\]") == "(?d)[$b\\]"
    assert java_pattern("(?i)x") == "(?d)(?iu)x"


def test_lists_are_cut_joined_gathered_and_searched_alike(duckdb: Engine, spark: Engine) -> None:
    words = texts(["a,b", "", ",", "a", "b,,a", "1.2|3", None])
    found = same(
        duckdb,
        spark,
        [
            lambda d: d.split("word", ","),
            lambda d: d.items("word", ","),
            lambda d: d.items("word", "|"),
            lambda d: d.joined(d.items("word", ","), "; "),
            lambda d: d.contains(d.items("word", ","), "'a'"),
            lambda d: d.list_of([]),
            lambda d: d.list_of(["word", "'x'"]),
            lambda d: d.without_nulls(d.list_of(["word", "'x'"])),
            lambda d: d.concatenated([d.list_of(["'y'"]), d.list_of([])]),
            lambda d: d.listed(d.items("word", ",")),
            lambda d: d.one_to("length(word)"),
            lambda d: d.digits("word"),
            lambda d: d.item(d.list_of(["word", "'x'"]), 1),
        ],
        words,
    )
    assert found[1]["a1"] == [] and found[2]["a1"] == ["", ""] and found[1]["a10"] == []

    gathered: list[list[dict[str, Any]]] = []
    for engine in (duckdb, spark):
        every = engine.dialect.list_in_order("word", "length(word), word")
        none = engine.dialect.list_in_order("nullif(word, word)", "word")
        gathered.append(engine.rows(f"select {every} as every, {none} as none from ({words}) as given"))
    assert gathered[0] == gathered[1]
    assert gathered[0][0] == {"every": ["", ",", "a", "a,b", "b,,a", "1.2|3"], "none": []}


def test_a_list_becomes_rows_and_an_empty_one_none(duckdb: Engine, spark: Engine) -> None:
    found = []
    for engine in (duckdb, spark):
        unnested = engine.dialect.unnest(engine.dialect.items("word", ","))
        words = texts(["a,b", "", None])
        found.append(engine.rows(f"select place, {unnested} as item from ({words}) as g order by 1, 2"))
    assert found[0] == found[1] == [{"place": 0, "item": "a"}, {"place": 0, "item": "b"}]


_DATED = (
    *("1/2/2026", "01/02/26", "31/12/69", "31/12/68", "29/02/2025", "29/02/2024", "01022026", "1022026"),
    *(
        "2026-02-01",
        "2026-02-01 10:00",
        "2026-02-01T10:00:00.5",
        "1-jan-2026",
        "1 September 2026",
        "1 SEPT 2026",
    ),
    *("Mon 02 Feb 2026", "1/2/2026 24:00", "1/2/2026 12:30 am", "1/2/2026 12:30 PM", "1/2/2026 13:30 PM"),
    *(
        "1/2/2026 0930",
        "1/2/2026 930",
        "1/2/2026 1:5:5",
        "1/2/2026 10:00:60",
        " 1/2/2026 ",
        "1/2/20261",
        "0/1/2026",
    ),
    *(
        "2026-02-01T10:00:00+01:00",
        "2026-02-01T10:00:00+0100",
        "2026-02-01T10:00:00+01",
        "2026-02-01T10:00:00Z",
    ),
    *("2026-02-01 10:00:00 -23:59", "2026-02-01T10:00:00.123456+00:00", "nonsense", "", "13/13/2026", None),
)


def _of_use(engine: Engine, every: Sequence[str], read: Callable[[str], Asked]) -> list[str]:
    """The formats that read any of the values."""
    tries = ", ".join(
        f"count({read(format)(engine.dialect)}) as n{place}" for place, format in enumerate(every)
    )
    row = engine.rows(f"select {tries} from ({texts(_DATED)}) as given")[0]
    return [format for place, format in enumerate(every) if row[f"n{place}"]]


def test_every_date_format_reads_the_same_values(duckdb: Engine, spark: Engine) -> None:
    """All the formats the audit knows that read any of the values, each with all of them."""
    plain = [each for each in CANDIDATES if "%z" not in each]
    aware = [each for each in CANDIDATES if "%z" in each]
    asked: list[Asked] = [
        *(_clock(each) for each in _of_use(duckdb, plain, _clock)),
        *(_instant(each) for each in _of_use(duckdb, aware, _instant)),
    ]
    assert len(asked) > 20
    for start in range(0, len(asked), 12):
        same(duckdb, spark, asked[start : start + 12], texts(_DATED))


def _clock(format: str) -> Asked:
    return lambda dialect: dialect.wall_clock("word", [format])


def _instant(format: str) -> Asked:
    return lambda dialect: dialect.instant_with_offset("word", [format])


def test_the_first_format_that_fits_is_taken(duckdb: Engine, spark: Engine) -> None:
    formats = ["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d"]
    found = same(duckdb, spark, [lambda d: d.wall_clock("word", formats)], texts(["1/2/2026", "1/13/2026"]))
    assert [row["a0"].month for row in found] == [2, 1]


_CLOCKS = (
    *("2026-03-29 00:59:59", "2026-03-29 01:00:00", "2026-03-29 01:30:00", "2026-03-29 02:00:00"),
    *("2026-10-25 00:59:59", "2026-10-25 01:00:00", "2026-10-25 01:59:59", "2026-10-25 02:00:00"),
    *("2026-06-01 12:00:00", "2026-12-01 12:00:00", "1970-06-01 00:00:00"),
)


def test_both_clock_changes_are_settled_alike(duckdb: Engine, spark: Engine) -> None:
    london = "Europe/London"
    found = same(
        duckdb,
        spark,
        [
            lambda d: d.epoch_seconds(d.instant_at("cast(word as timestamp)", london)),
            lambda d: d.occurs_once("cast(word as timestamp)", london),
            lambda d: d.epoch_seconds(d.instant_at("cast(word as timestamp)", "UTC")),
        ],
        texts(_CLOCKS),
    )
    spring, autumn = found[2], found[6]
    assert spring["a0"] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp()
    assert autumn["a0"] == datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC).timestamp()
    assert not spring["a1"] and not autumn["a1"] and found[8]["a1"]


def test_kinds_of_columns_are_cast_alike(duckdb: Engine, spark: Engine) -> None:
    written = texts(["2026-06-01 01:00:00+01:00", "2026-01-01 00:00:00.123456+00:00"])
    same(
        duckdb,
        spark,
        [
            lambda d: d.typed("word", "instant"),
            lambda d: d.epoch_seconds(d.typed("word", "instant")),
            lambda d: d.typed("substr(word, 1, 10)", "date"),
            lambda d: d.typed("substr(word, 1, 4)", "integer"),
            lambda d: d.typed("substr(word, 1, 4)", "number"),
            lambda d: d.typed("null", "list"),
            lambda d: d.typed("null", "boolean"),
            lambda d: "cast(floor(1.999) as integer)",
            lambda d: "cast(floor(-0.5) as bigint)",
            lambda d: "cast(floor(2419199 / 2419200e0) as bigint)",
        ],
        written,
    )


_NOTES = Table(
    "notes",
    "one note",
    ("number",),
    (
        Column("number", "integer", "Number"),
        Column("said", "text", "Words"),
        Column("said_at", "instant", "When"),
        Column("day", "date", "Which day"),
        Column("share", "number", "Share"),
        Column("kept", "boolean", "Whether"),
        Column("words", "list", "Words"),
        Column("places", "integers", "Places"),
    ),
)


def _notes(engine: Engine) -> Any:
    rows = [
        {
            "number": 2,
            "said": "é'\n",
            "said_at": datetime(2026, 6, 1, tzinfo=UTC),
            "words": ["a", ""],
            "places": [3],
        },
        {"number": None, "share": 0.1, "kept": False},
        {"number": 1, "said": None, "kept": True},
    ]
    arrow = pa.RecordBatch.from_pylist(
        [{column.name: row.get(column.name) for column in _NOTES} for row in rows],
        schema=pq.read_schema(_empty(_NOTES)),
    )
    return engine.from_batches(_NOTES, [arrow])


def _empty(contract: Table) -> pa.BufferReader:
    from opencdi.engine import arrow_schema

    sink = pa.BufferOutputStream()
    pq.write_table(arrow_schema(contract).empty_table(), sink)
    return pa.BufferReader(sink.getvalue())


def test_a_table_is_written_in_key_order_with_the_types_of_its_contract(
    duckdb: Engine, spark: Engine, tmp_path: Path
) -> None:
    read = []
    for engine in (duckdb, spark):
        path = tmp_path / f"{engine.dialect.name}.parquet"
        assert engine.write(_notes(engine), path) == 3
        table = pq.read_table(path)
        read.append((table.schema.names, table.to_pylist()))
    assert read[0] == read[1]
    assert [row["number"] for row in read[0][1]] == [None, 1, 2]
    assert read[0][1][0]["words"] == []


def test_steps_replace_what_had_their_name_and_stages_leave_nothing_behind(
    duckdb: Engine, spark: Engine
) -> None:
    for engine in (duckdb, spark):
        stages = (Step("half", "select 2 as n"), Step("whole", "select n * 2 as n from half"))
        engine.run([Step("made", "select 1 as n"), Step("made", "select n + 10 as n from made")])
        engine.run([Step("staged", "select n + 1 as n, null as nothing from whole", stages)])
        assert engine.rows("select n from made") == [{"n": 11}]
        assert engine.rows("select n from staged") == [{"n": 5}]
        with pytest.raises(Exception, match=r"(?i)half"):
            engine.rows("select * from half")
        engine.drop(["made", "staged", "never_made"])


def test_work_in_python_gives_the_same_rows(duckdb: Engine, spark: Engine) -> None:
    """The text reader itself, on Arrow batches of either engine."""
    words = "PERSON PUNCHED IN FACE BY EX PARTNER OUTSIDE THE PUB"
    nothing = ", ".join(
        f"cast(null as {kind}) as {name}"
        for name, kind in (
            ("caller_role", "string"),
            ("opening_group", "string"),
            ("closing_group", "string"),
            ("other_force", "string"),
            ("victim_sex", "string"),
            ("victim_age", "integer"),
        )
    )
    found = []
    for engine in (duckdb, spark):
        flags = engine.dialect.list_of([])
        sql = f"select '1' as incident_id, '{words}' as narrative, {flags} as flags, {nothing}"
        made = engine.mapped(sql, "opencdi.disclosure:disclosing_work", schema.DISCLOSED_OFFENCES)
        found.append(made.rows("order by offence_no, victim_no"))
    assert found[0] == found[1] and found[0]


def test_digests_change_with_rows_and_not_with_their_order(duckdb: Engine, spark: Engine) -> None:
    for engine in (duckdb, spark):
        digest = engine.dialect.digest_of_rows(["place", "word"])
        said = [
            engine.rows(f"select {digest} as d from (select * from ({texts(words)}) as t {tail}) as g")[0][
                "d"
            ]
            for words, tail in (
                (["a", None], "order by 1"),
                (["a", None], "order by 1 desc"),
                ([None, "a"], ""),
            )
        ]
        assert said[0] == said[1] != said[2]


def test_spark_without_java_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from opencdi.engine import spark

    def no_java(*_: object) -> None:
        raise FileNotFoundError("java")

    monkeypatch.setattr(spark, "_settings", no_java)
    with pytest.raises(UserError, match="needs Java 17"):
        spark.SparkEngine()


def test_rows_bear_the_number_of_their_file(duckdb: Engine, spark: Engine, tmp_path: Path) -> None:
    contract = Table("named", "one name", ("name",), (Column("name", "text", "The name"),))
    paths = {7: tmp_path / "later.parquet", -2: tmp_path / "earlier.parquet"}
    for path in paths.values():
        pq.write_table(pa.table({"name": [path.stem, None]}), path)
    for engine in (duckdb, spark):
        rows = engine.rows(f"select * from {engine.open_numbered(contract, paths, 'numbered').name}")
        assert {(row["name"], row["part"]) for row in rows} == {
            ("later", 7), (None, 7), ("earlier", -2), (None, -2),
        }  # fmt: skip


def test_a_table_known_beforehand_holds_its_rows_letter_for_letter(duckdb: Engine, spark: Engine) -> None:
    rows = [("8N", "O'Neill; back\\slash | é", 1, ""), ("46", " ", -2, "x")]
    columns: dict[str, schema.Kind] = {"code": "text", "title": "text", "place": "integer", "but": "text"}
    for engine in (duckdb, spark):
        engine.run([known_table("known", columns, rows, engine.dialect)])
        found = engine.rows("select * from known order by place desc")
        assert [tuple(row.values()) for row in found] == rows
