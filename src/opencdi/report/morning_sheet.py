"""``morning.xlsx``: the morning list, a sheet for each of its parts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from opencdi.report.times import london
from opencdi.report.words import KINDS

if TYPE_CHECKING:
    from opencdi.report.morning import Listed, Morning

_Columns = tuple[tuple[str, str, int], ...]
"""Heading, column and width."""

_HOURS = "hours"
_RECORD: _Columns = (
    ("Incident", "incident_id", 20),
    ("Crime", "crime_id", 16),
    ("Lead", "kind", 26),
    ("Class required", "class_required", 14),
    ("Offence group", "offence_group", 28),
    ("Seriousness", "seriousness", 12),
    ("Reported", "reported_at", 18),
    ("To be recorded by", "deadline_at", 18),
)
_LEAD: _Columns = (*_RECORD, ("What was found", "explanation", 70), ("To settle it", "settles", 50))
_PUT_RIGHT: _Columns = (
    *_RECORD,
    ("Answered by crime", "answered_by", 18),
    ("Hours from report to record", "hours_to_record", 14),
    ("What had been found", "explanation", 70),
)


def write_sheet(path: Path, force: str, morning: Morning) -> None:
    """Text is written as text, so that nothing typed into a police system runs as a formula."""
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    made = (morning.at or datetime(2000, 1, 1)).replace(tzinfo=None)
    workbook.set_properties(
        {
            "title": f"Morning list: {force}",
            "subject": "OFFICIAL-SENSITIVE",
            "author": "OpenCDI",
            "created": made,
        }
    )
    heading = workbook.add_format({"bold": True, "bottom": 2})
    moment = workbook.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left"})
    parts: tuple[tuple[str, Listed, _Columns], ...] = (
        ("Close to 24 hours", morning.close, (_LEAD[0], ("Hours left", _HOURS, 10), *_LEAD[1:])),
        ("24 hours ended", morning.passed, (_LEAD[0], ("Hours over", _HOURS, 10), *_LEAD[1:])),
        ("New", morning.new, _LEAD),
        ("Put right", morning.put_right, _PUT_RIGHT),
    )
    for name, listed, columns in parts:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, (title, _, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, heading)
        for line, row in enumerate(listed.rows, start=1):
            for place, (_, column, _) in enumerate(columns):
                value = _hours(row["deadline_at"], morning.at) if column == _HOURS else row[column]
                _write(sheet, line, place, value, column, moment)
        if listed.count > len(listed.rows):
            cut = f"The first {len(listed.rows):,} of {listed.count:,}."
            sheet.write_string(len(listed.rows) + 1, 0, f"{cut} Leads that stand are all in worklist.xlsx.")
    workbook.close()


def _hours(deadline: datetime, at: datetime | None) -> float:
    """Hours between a deadline and the hour of the list."""
    assert at is not None, "a list with leads has an hour"
    return round(abs((deadline - at).total_seconds()) / 3600, 1)


def _write(sheet: Any, line: int, place: int, value: Any, column: str, moment: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, london(value).replace(tzinfo=None), moment)
    elif column == "kind":
        sheet.write_string(line, place, KINDS[value].heading)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, str(value))
