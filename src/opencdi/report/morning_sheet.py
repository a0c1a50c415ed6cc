"""``morning.xlsx``: the morning list, a sheet for each of its parts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from opencdi.report.times import london
from opencdi.report.words import KINDS

if TYPE_CHECKING:
    from opencdi.report.morning import Morning

_COLUMNS = (
    ("Incident", "incident_id", 20),
    ("Crime", "crime_id", 16),
    ("Lead", "kind", 26),
    ("Class required", "class_required", 14),
    ("Offence group", "offence_group", 28),
    ("Seriousness", "seriousness", 12),
    ("Reported", "reported_at", 18),
    ("To be recorded by", "deadline_at", 18),
    ("What was found", "explanation", 70),
    ("To settle it", "settles", 50),
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
    parts = (
        ("Close to 24 hours", morning.close),
        ("24 hours ended", morning.passed),
        ("New", morning.new),
        ("Put right", morning.put_right),
    )
    for name, listed in parts:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, (title, _, width) in enumerate(_COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, heading)
        for line, row in enumerate(listed.rows, start=1):
            for place, (_, column, _) in enumerate(_COLUMNS):
                _write(sheet, line, place, row[column], column, moment)
    workbook.close()


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
