"""``morning.xlsx``: the morning list, a sheet for each of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from opencdi.report.packing import Packed, packed
from opencdi.report.sheet_columns import SheetColumn, cells
from opencdi.report.sheet_rows import insert_rows, rows_of, text_cells
from opencdi.report.workbooks import new_workbook, shown_as_time

if TYPE_CHECKING:
    from opencdi.report.morning import Listed, Morning

_TYPES = {"number": pa.float64(), "moment": pa.timestamp("us", "UTC")}
"""Of a column's values, by its kind; others are text."""
_RECORD = (
    SheetColumn("Incident", 20, "incident_id"),
    SheetColumn("Crime", 16, "crime_id"),
    SheetColumn("Lead", 26, "kind", "words"),
    SheetColumn("Class required", 14, "class_required"),
    SheetColumn("Offence group", 28, "offence_group"),
    SheetColumn("Seriousness", 12, "seriousness", "number"),
    SheetColumn("Reported", 18, "reported_at", "moment"),
    SheetColumn("To be recorded by", 18, "deadline_at", "moment"),
)
_LEAD = (
    *_RECORD,
    SheetColumn("What was found", 70, "explanation"),
    SheetColumn("To settle it", 50, "settles"),
)
_PUT_RIGHT = (
    *_RECORD,
    SheetColumn("Answered by crime", 18, "answered_by"),
    SheetColumn("Hours from report to record", 14, "hours_to_record", "number"),
    SheetColumn("What had been found", 70, "explanation"),
)


@dataclass(frozen=True)
class _Sheet:
    name: str
    listed: Listed
    columns: Sequence[SheetColumn]


def write_sheet(path: Path, force: str, morning: Morning) -> None:
    """Text is written as text, so that nothing typed into a police system runs as a formula."""
    sheets = (
        _Sheet("Close to 24 hours", morning.close, _with_hours("Hours left")),
        _Sheet("24 hours ended", morning.passed, _with_hours("Hours over")),
        _Sheet("New", morning.new, _LEAD),
        _Sheet("Put right", morning.put_right, _PUT_RIGHT),
    )
    bare = path.with_name(path.name + ".bare")
    style = _write_bare(bare, force, morning.at, sheets)
    rows = {
        f"xl/worksheets/sheet{number}.xml": _rows(sheet, morning.at, style)
        for number, sheet in enumerate(sheets, start=1)
    }
    insert_rows(bare, path, rows)
    bare.unlink()


def _with_hours(heading: str) -> Sequence[SheetColumn]:
    return (_LEAD[0], SheetColumn(heading, 10, "hours", "number"), *_LEAD[1:])


def _write_bare(path: Path, force: str, at: datetime | None, sheets: Sequence[_Sheet]) -> int:
    """The workbook with headings and no leads; gives the number of the style for times."""
    workbook = new_workbook(path, f"Morning list: {force}", at)
    heading = workbook.add_format({"bold": True, "bottom": 2})
    moment = shown_as_time(workbook)
    for each in sheets:
        sheet = workbook.add_worksheet(each.name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(each.columns):
            sheet.set_column(place, place, column.width, moment if column.kind == "moment" else None)
            sheet.write_string(0, place, column.heading, heading)
    workbook.close()
    return int(moment.xf_index)


def _rows(sheet: _Sheet, at: datetime | None, style: int) -> Iterator[Packed]:
    listed = sheet.listed
    if listed.rows:
        columns = (cells(column, _values(column, listed, at), style) for column in sheet.columns)
        yield packed(bytes(rows_of(list(columns)).text))
    if listed.count > len(listed.rows):
        cut = (
            f"The first {len(listed.rows):,} of {listed.count:,}. Leads that stand are all in worklist.xlsx."
        )
        yield packed(bytes(rows_of([text_cells(pa.array([cut]))]).text))


def _values(column: SheetColumn, listed: Listed, at: datetime | None) -> pa.Array:
    if column.source == "hours":
        return pa.array([_hours(row["deadline_at"], at) for row in listed.rows])
    return pa.array([row[column.source] for row in listed.rows], _TYPES.get(column.kind, pa.string()))


def _hours(deadline: datetime, at: datetime | None) -> float:
    """Hours between a deadline and the hour of the list."""
    assert at is not None, "a list with leads has an hour"
    return round(abs((deadline - at).total_seconds()) / 3600, 1)
