"""The worklist: one row a finding, in order, and nothing in it runs as a formula."""

from __future__ import annotations

import io
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.utils.escape
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.factories import MONDAY, after, finding, tables

from opencdi.engine import DuckDBEngine
from opencdi.report import sheet_rows, worklist
from opencdi.report.packing import Packed, packed, write_entry
from opencdi.report.pieces import KeptPieces, Pieces


def _written(path: Path, findings: list[dict[str, Any]], kept: Pieces | None = None) -> Any:
    with DuckDBEngine() as engine:
        listed = tables(engine, findings=findings)["findings"]
        worklist.write_worklist(path, listed, "Testshire", MONDAY, kept)
    return openpyxl.load_workbook(path)


def _column(sheet: Any, heading: str) -> list[Any]:
    headings = [cell.value for cell in sheet[1]]
    place = headings.index(heading)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def test_leads_without_a_deadline_come_last_by_the_time_of_their_report(tmp_path: Path) -> None:
    book = _written(
        tmp_path / "w.xlsx",
        [
            finding("paperwork", "I1", deadline_at=None, reported_at=None),
            finding("paperwork", "I2", deadline_at=None, reported_at=after(9)),
            finding("paperwork", "I3", deadline_at=None, reported_at=after(-2_000)),
            finding("missing", "I4", reported_at=after(9_000), deadline_at=after(9_024)),
        ],
    )
    assert _column(book["Leads 1"], "Incident") == ["I4", "I3", "I2", "I1"]


def test_rows_stand_by_seriousness_and_then_by_deadline(tmp_path: Path) -> None:
    book = _written(
        tmp_path / "w.xlsx",
        [
            finding("missing", "I1", seriousness=3, deadline_at=after(1)),
            finding("missing", "I2", seriousness=1, deadline_at=after(9)),
            finding("missing", "I3", seriousness=1, deadline_at=after(2)),
            finding("missing", "I4", seriousness=1, deadline_at=None),
        ],
    )
    assert _column(book["Leads 1"], "Incident") == ["I3", "I2", "I4", "I1"]


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "00012", "1E5"])
def test_numbers_of_records_are_kept_as_the_text_they_are(tmp_path: Path, dangerous: str) -> None:
    book = _written(tmp_path / "w.xlsx", [finding("missing", dangerous)])
    cell = book["Leads 1"]["E2"]
    assert (cell.value, cell.data_type) == (dangerous, "s")


def test_times_are_real_times_in_london(tmp_path: Path) -> None:
    book = _written(tmp_path / "w.xlsx", [finding("missing", "I1", deadline_at=after(24 * 120))])
    shown = _column(book["Leads 1"], "Deadline to record (Europe/London)")[0]
    assert shown == (after(24 * 120 + 1)).replace(tzinfo=None)


@pytest.mark.parametrize(
    "odd", ["a < b & c > d", "_x0041_", "two\x0blines", "  spaced  ", "\U0001f600 emoji"]
)
def test_odd_text_comes_back_as_it_was_but_for_what_no_spreadsheet_can_hold(tmp_path: Path, odd: str) -> None:
    book = _written(tmp_path / "w.xlsx", [finding("missing", "I1", explanation=odd)])
    shown = _column(book["Leads 1"], "What the machine found")[0]
    assert openpyxl.utils.escape.unescape(shown) == odd.replace("\x0b", "")


def test_the_readers_columns_are_empty(tmp_path: Path) -> None:
    book = _written(tmp_path / "w.xlsx", [finding("late", "I1")])
    for heading, _ in worklist.READERS_COLUMNS:
        assert _column(book["Leads 1"], heading) == [None]


def test_more_leads_than_a_sheet_holds_go_on_to_another_and_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "EXCEL_ROWS", 4)
    book = _written(tmp_path / "w.xlsx", [finding("missing", f"I{n}") for n in range(7)])
    assert [len(_column(book[f"Leads {n}"], "Incident")) for n in (1, 2, 3)] == [3, 3, 1]
    about = " ".join(str(row[0].value) for row in book["About"].iter_rows())
    assert "3 sheets" in about and "7 leads" in about


def test_rows_that_are_kept_are_not_made_again_and_the_bytes_are_those_of_a_worklist_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [
        finding("missing", f"I{n}", seriousness=1 + n % 3, deadline_at=after(100 * n) if n % 7 else None)
        for n in range(60)
    ]
    now = [
        *leads[:50],
        {**leads[50], "explanation": "Told anew."},
        finding("late", "NEW", deadline_at=after(6_000)),
    ]
    with closing(KeptPieces(tmp_path / "kept", "this code")) as kept:
        _written(tmp_path / "before.xlsx", leads, kept)
    made: list[int] = []
    rows_of = sheet_rows.rows_of
    monkeypatch.setattr(sheet_rows, "rows_of", lambda cells: made.append(len(cells[0])) or rows_of(cells))
    with closing(KeptPieces(tmp_path / "kept", "this code")) as kept:
        _written(tmp_path / "now.xlsx", now, kept)
    assert 0 < sum(made) < 20
    _written(tmp_path / "nothing.xlsx", now)
    assert (tmp_path / "now.xlsx").read_bytes() == (tmp_path / "nothing.xlsx").read_bytes()


def test_another_reader_of_workbooks_sees_the_same_cells(tmp_path: Path) -> None:
    book = _written(
        tmp_path / "w.xlsx",
        [finding("missing", f"I{n}", crime_id=None if n % 2 else f"C{n}") for n in range(5)],
    )
    expected = [["" if cell is None else cell for cell in row] for row in book["Leads 1"].values]
    rows = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx")).get_sheet_by_name("Leads 1").to_python()
    shown = len(worklist.COLUMNS)
    assert [row[:shown] for row in rows] == [row[:shown] for row in expected]


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_pieces_packed_one_by_one_are_one_file_in_the_archive(pieces: list[bytes]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        write_entry(archive, "first.txt", [Packed.from_bytes(packed(each).as_bytes()) for each in pieces])
        write_entry(archive, "last.txt", [])
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert (archive.read("first.txt"), archive.read("last.txt")) == (b"".join(pieces), b"")


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 7))
def test_rows_are_the_same_text_however_many_are_taken_at_a_time(takes: list[int], batch: int) -> None:
    texts = [f"row {n}" for n in range(sum(takes))]
    batches = (sheet_rows.rows_of([pa.array(texts[at : at + batch])]) for at in range(0, len(texts), batch))
    stream = worklist._Stream(batches)
    taken = [stream.next(rows) for rows in takes]
    assert [each.count(b"<row>") for each in taken] == takes
    assert b"".join(taken).decode() == "".join(f"<row>{text}</row>" for text in texts)
