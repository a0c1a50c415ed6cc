"""The worklist: one row a finding, in order, and nothing in it runs as a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.utils.escape
import pytest
from tests.factories import MONDAY, after, finding, tables

from opencdi.engine import DuckDBEngine
from opencdi.report import worklist


def _written(path: Path, findings: list[dict[str, Any]]) -> Any:
    with DuckDBEngine() as engine:
        worklist.write_worklist(path, tables(engine, findings=findings)["findings"], "Testshire", MONDAY)
    return openpyxl.load_workbook(path)


def _column(sheet: Any, heading: str) -> list[Any]:
    headings = [cell.value for cell in sheet[1]]
    place = headings.index(heading)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


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
