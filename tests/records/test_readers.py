"""Every kind of file gives the same text, on its true line, with nothing lost."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opencdi.records.profile import Layout
from opencdi.records.readers import rows_of
from opencdi.records.rows import Rows
from opencdi.records.sources import expanded

HEADINGS = ["Ref", "Officer", "Log"]
ROWS = [
    ["42/1", "00001", "first"],
    ["42/2", "01234", 'said "no",\nthen left'],
    ["42/3", "1E5", "“café” – £5"],
]


def _read(path: Path, **layout: object) -> tuple[Rows, list[tuple[int, list[str]]]]:
    (source,) = expanded([path.name], path.parent)
    rows = rows_of(source, Layout.model_validate(layout))
    found = [
        (row["line"], [row[f"c{n}"] or "" for n in range(1, len(rows.headings) + 1)])
        for batch in rows.batches()
        for row in batch.to_pylist()
    ]
    return rows, found


def _csv(delimiter: str = ",", line_end: str = "\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerows([HEADINGS, *ROWS])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", list(",;\t|^~"))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_delimiter_and_line_end(tmp_path: Path, delimiter: str, line_end: str) -> None:
    (tmp_path / "x.csv").write_bytes(_csv(delimiter, line_end).encode())
    rows, found = _read(tmp_path / "x.csv")
    assert list(rows.headings) == HEADINGS
    assert [texts for _, texts in found] == ROWS
    assert [line for line, _ in found] == [2, 3, 5]


def test_old_macintosh_line_ends(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"Ref,Log\r1,a\r2,b\r")
    assert _read(tmp_path / "x.csv")[1] == [(2, ["1", "a"]), (3, ["2", "b"])]


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.encode("cp1252"),
        lambda text: codecs.BOM_UTF8.decode("cp1252").encode() + text.encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big-endian", "utf-32", "windows-1252", "mark twice"],
)
def test_the_character_set_is_found_by_rule(tmp_path: Path, encoded: object) -> None:
    (tmp_path / "x.csv").write_bytes(encoded(_csv()))  # type: ignore[operator]
    rows, found = _read(tmp_path / "x.csv")
    assert rows.headings[0] == "Ref"
    assert [texts for _, texts in found] == ROWS


def test_a_character_that_lies_across_two_chunks_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opencdi.records.charset.CHUNK", 7)
    (tmp_path / "x.csv").write_bytes(_csv().encode("utf-16"))
    assert [texts for _, texts in _read(tmp_path / "x.csv")[1]] == ROWS
    (tmp_path / "y.csv").write_bytes(_csv().encode())
    assert [texts for _, texts in _read(tmp_path / "y.csv")[1]] == ROWS


def test_gzip_and_zip_of_a_file_give_what_the_file_gives(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(_csv().encode())
    plain = _read(tmp_path / "x.csv")[1]
    with gzip.open(tmp_path / "x.csv.gz", "wb") as file:
        file.write(_csv().encode())
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/x.csv", _csv())
        archive.writestr("__MACOSX/._x.csv", b"rubbish")
    assert _read(tmp_path / "x.csv.gz")[1] == plain
    assert _read(tmp_path / "x.zip")[1] == plain


def test_a_workbook_keeps_text_as_text_and_rows_where_they_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Report made on 14 June"
    for number, row in enumerate([HEADINGS, *ROWS], start=3):
        for column, value in enumerate(row, start=1):
            book.active.cell(number, column, value)
    book.save(tmp_path / "x.xlsx")
    rows, found = _read(tmp_path / "x.xlsx", header_line=3)
    assert list(rows.headings) == HEADINGS
    assert found == [(4 + place, texts) for place, texts in enumerate(ROWS)]


def test_a_number_in_a_workbook_is_its_digits_and_never_a_float(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Ref", "When"])
    book.active.append([42230012345, datetime(2025, 6, 8, 9, 30)])
    book.active.append([4223001234567891234, datetime(2025, 6, 8)])
    book.save(tmp_path / "x.xlsx")
    found = _read(tmp_path / "x.xlsx")[1]
    assert found[0] == (2, ["42230012345", "2025-06-08 09:30:00"])
    assert found[1][1][0] == "4.22300123456789E+18"


def test_ods(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
        return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'

    lines = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADINGS, *ROWS]
    )
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0"'
        f' xmlns:text="{name}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", "<x/>")
        archive.writestr("content.xml", content)
    assert [texts for _, texts in _read(tmp_path / "x.ods")[1]] == ROWS


@pytest.mark.shared_data
def test_an_old_excel_file(shared_data: Path) -> None:
    path = shared_data / "reno-cad-rms-2011" / "key_nature_of_call_codes.xls"
    _, found = _read(path, header_line=2, headings=["code", "crime", "code 2", "crime 2"], sheet="Sheet1")
    assert len(found) == 88
    assert found[1][1][:2] == ["ACC SHOOT", "Accidential Shooting"]


def test_parquet_and_json_are_text_first(tmp_path: Path) -> None:
    table = pa.table(
        {"Ref": ["42/1", None], "Officer": [7, 12], "Lat": [51.5, 2.0], "At": [datetime(2025, 6, 8, 9), None]}
    )
    pq.write_table(table, tmp_path / "x.parquet")
    (tmp_path / "x.json").write_text(
        json.dumps([{"Ref": "42/1", "Officer": 7}, {"Ref": "42/2", "Extra": ["a"]}])
    )
    (tmp_path / "y.jsonl").write_text('{"Ref": "42/1"}\n\n{"Ref": "42/2"}\n')
    assert _read(tmp_path / "x.parquet")[1] == [
        (1, ["42/1", "7", "51.5", "2025-06-08 09:00:00"]),
        (2, ["", "12", "2", ""]),
    ]
    assert _read(tmp_path / "x.json")[1] == [(1, ["42/1", "7", ""]), (2, ["42/2", "", '["a"]'])]
    assert _read(tmp_path / "y.jsonl")[1] == [(1, ["42/1"]), (2, ["42/2"])]


def test_a_file_without_headings_takes_them_from_the_profile(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("42/1|a\n42/2|b\n")
    rows, found = _read(tmp_path / "x.csv", headings=["Ref", "Log"])
    assert rows.headings == ("Ref", "Log")
    assert found == [(1, ["42/1", "a"]), (2, ["42/2", "b"])]


def test_the_line_that_tells_excel_the_delimiter_is_understood(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("sep=;\nRef;Log\n1;a,b\n")
    assert _read(tmp_path / "x.csv")[1] == [(3, ["1", "a,b"])]


def test_ragged_rows_are_handed_back_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('Ref,Log\n1,"a\nb"\n2\n3,c\n4,d,e\n5,"f\ng",h\n6,i\n')
    rows, found = _read(tmp_path / "x.csv")
    assert [line for line, _ in found] == [2, 5, 9]
    assert [(row.line, row.fields) for row in rows.ragged] == [(4, 1), (6, 3), (7, 3)]
    assert rows.ragged[0].text == "2"


_cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)
_tables = st.lists(st.lists(_cells, min_size=2, max_size=4), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_tables, block=st.sampled_from([64, 512, 2**20]))
def test_lines_and_counts_are_true_for_any_content(
    rows: list[list[str]], block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own csv module is the witness: every row it finds is a row or a ragged row here, on the
    line where it begins. (A block smaller than a row makes Arrow stop, so blocks grow with the rows.)"""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    begins = []
    writer.writerow(["a", "b", "c"])
    for row in rows:
        begins.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    longest = max(len(line.encode()) for line in text.getvalue().split("\n"))
    monkeypatch.setattr("opencdi.records.delimited.BLOCK", max(block, 40 * longest))
    (tmp_path / "x.csv").write_bytes(text.getvalue().encode())
    read, found = _read(tmp_path / "x.csv")
    whole = [(line, texts) for line, texts in zip(begins, rows, strict=True) if len(texts) == 3]
    assert found == whole
    ragged = [(line, len(texts)) for line, texts in zip(begins, rows, strict=True) if len(texts) != 3]
    assert [(row.line, row.fields) for row in read.ragged] == ragged
