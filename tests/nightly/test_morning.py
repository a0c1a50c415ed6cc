"""A registrar's morning list: what is close to 24 hours, what is new, and what was put right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.factories import after, finding, incident, tables

from opencdi.engine import DuckDBEngine, Relation
from opencdi.report.morning import Before, Morning, morning, write_morning
from opencdi.report.summary import Tables

LAST_REPORT = after(30)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine() as running:
        yield running


def audit(engine: DuckDBEngine) -> Tables:
    """As it stands at hour 30: one crime due at hour 40, one at 50, one that ended at 24, one long ago."""
    return tables(
        engine,
        incidents=[incident("I1"), incident("LAST", reported_at=LAST_REPORT)],
        findings=[
            finding("missing", "SOON", deadline_at=after(40)),
            finding("missing", "LATER", deadline_at=after(50)),
            finding("missing", "ENDED", deadline_at=after(24)),
            finding("missing", "LONG AGO", deadline_at=after(2)),
            finding("late", "RECORDED", deadline_at=after(40)),
        ],
        matches=[
            {
                "incident_id": "MENDED",
                "match_no": 1,
                "required_no": 1,
                "crime_id": "C9",
                "outcome": "late",
                "hours_to_record": 25.5,
            }
        ],
    )


def before(engine: DuckDBEngine) -> Relation:
    rows = [finding("missing", "ENDED"), finding("missing", "LONG AGO"), finding("missing", "MENDED")]
    return tables(engine, findings=rows)["findings"]


def told(engine: DuckDBEngine) -> Morning:
    now = audit(engine)
    return morning(now, LAST_REPORT, Before(after(6), before(engine), now["findings"]))


def test_what_can_still_be_recorded_in_time_comes_first_and_the_soonest_first(engine: DuckDBEngine) -> None:
    found = morning(audit(engine), LAST_REPORT, None)
    assert [row["incident_id"] for row in found.close.rows] == ["SOON", "LATER"]
    assert [row["incident_id"] for row in found.passed.rows] == ["ENDED"]


def test_without_an_audit_before_nothing_is_called_new(engine: DuckDBEngine) -> None:
    found = morning(audit(engine), LAST_REPORT, None)
    assert (found.new.count, found.put_right.count, found.since) == (0, 0, None)
    assert "first audit" in found.sentences()[1]


def test_new_leads_and_those_put_right_are_told_against_the_audit_before(engine: DuckDBEngine) -> None:
    found = told(engine)
    assert {row["incident_id"] for row in found.new.rows} == {"SOON", "LATER", "RECORDED"}
    assert found.new_kinds == {"missing": 2, "late": 1}
    (mended,) = found.put_right.rows
    assert (mended["incident_id"], mended["answered_by"]) == ("MENDED", "C9")


def test_what_changed_since_the_last_audit_is_one_sentence(engine: DuckDBEngine) -> None:
    assert told(engine).sentences()[1] == (
        "Since the last audit: 3 new leads, 1 earlier one put right or otherwise gone."
    )


def test_the_page_and_the_sheet_say_the_same(engine: DuckDBEngine, tmp_path: Path) -> None:
    found = told(engine)
    write_morning(tmp_path, "Testshire", found, ["2025-04"])
    page = (tmp_path / "morning.html").read_text(encoding="utf-8")
    for words in ("SOON", "Crime C9 is on record, 25.5 hours after the report", "Hours left", "10.0"):
        assert words in page
    book = openpyxl.load_workbook(tmp_path / "morning.xlsx")
    assert book.sheetnames == ["Close to 24 hours", "24 hours ended", "New", "Put right"]
    close = [(row[0].value, row[1].value) for row in book["Close to 24 hours"].iter_rows(min_row=2)]
    assert close == [("SOON", 10.0), ("LATER", 20.0)]
    (ended,) = book["24 hours ended"].iter_rows(min_row=2, values_only=True)
    assert ended[:2] == ("ENDED", 6.0)
    headings, mended = book["Put right"].iter_rows(values_only=True)
    assert (mended[0], mended[headings.index("Answered by crime")]) == ("MENDED", "C9")


def test_one_crime_is_spoken_of_as_one(engine: DuckDBEngine, tmp_path: Path) -> None:
    write_morning(tmp_path, "Testshire", told(engine), ["2025-04"])
    page = (tmp_path / "morning.html").read_text(encoding="utf-8")
    assert "2 crimes that reports call for are not on record yet" in page
    assert "1 crime was not on record when its 24 hours ended" in page
    assert "1 lead of the last audit is none any more" in page


def test_on_a_narrow_screen_what_was_found_keeps_room_for_words(engine: DuckDBEngine, tmp_path: Path) -> None:
    write_morning(tmp_path, "Testshire", told(engine), ["2025-04"])
    page = (tmp_path / "morning.html").read_text(encoding="utf-8")
    last_cells = re.findall(r'<td( class="long")?>[^<]*</td></tr>', page)
    assert last_cells and all(last_cells)


def test_a_list_that_is_cut_says_so_on_the_page_and_in_the_sheet(
    engine: DuckDBEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opencdi.report.morning.ROWS_LISTED", 1)
    found = told(engine)
    write_morning(tmp_path, "Testshire", found, ["2025-04"])
    assert "The first 1 of 2; more are in" in (tmp_path / "morning.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "morning.xlsx")
    *_, (last, *_) = book["Close to 24 hours"].iter_rows(values_only=True)
    assert last.startswith("The first 1 of 2.")
