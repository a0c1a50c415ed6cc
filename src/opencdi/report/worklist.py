"""``worklist.xlsx``: one row a finding, sorted by seriousness and deadline, with room for a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from opencdi.engine import Relation
from opencdi.report.summary import LEADS_NOT_RATES
from opencdi.report.times import london
from opencdi.report.words import CHANNELS, KINDS, plain

EXCEL_ROWS = 1_048_576
"""Rows an Excel sheet can hold."""

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Lead", 30),
    ("Kind", 20),
    ("Seriousness (1 most)", 12),
    ("Deadline to record (Europe/London)", 22),
    ("Incident", 20),
    ("Crime", 20),
    ("Class required", 10),
    ("Class recorded", 10),
    ("Offence group", 26),
    ("Offence subgroup", 26),
    ("Domestic abuse", 10),
    ("Channel", 14),
    ("Opening group", 20),
    ("Closing group", 20),
    ("Reported (Europe/London)", 22),
    ("Hours past the deadline", 12),
    ("Confidence (0 to 1)", 12),
    ("Detail", 18),
    ("What the machine found", 70),
    ("What would settle it", 60),
    ("Rules edition", 12),
    ("Verdict (yours)", 18),
    ("Cause (yours)", 24),
    ("Reader", 14),
    ("Date read", 14),
    ("Notes", 40),
)
READERS_COLUMNS = 5
"""The last columns are empty: they are the reader's."""

VERDICTS = (
    "Recorded correctly",
    "Recorded late",
    "Wrong class",
    "Missing",
    "N100 wrong",
    "Cancelled wrongly",
    "Over-recorded",
    "Paperwork",
    "No error",
    "Cannot tell",
)

Cells = tuple[str | float | datetime | None, ...]

_ORDER = "seriousness, coalesce(deadline_at, timestamp '9999-01-01'), finding_id"


def write_worklist(path: Path, findings: Relation, force: str, made_for: datetime | None) -> None:
    """Write the workbook. ``made_for`` (the last report) is its date, so the same audit gives the same bytes.

    Text is written as text, so that nothing typed into a police system runs as a formula. Memory is
    bounded: rows are streamed. Where one sheet cannot hold the leads, they go on to further sheets.
    """
    workbook = xlsxwriter.Workbook(
        path,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    workbook.set_properties(
        {
            "title": f"Worklist of recording leads: {force}",
            "subject": "OFFICIAL-SENSITIVE",
            "author": "OpenCDI",
            "created": (made_for or datetime(2000, 1, 1)).replace(tzinfo=None),
        }
    )
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
    moment = workbook.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left"})
    total = findings.count()
    _about(workbook.add_worksheet("About"), force, total, heading)
    sheet, row, number = _sheet(workbook, 1, heading), 0, 1
    for cells in _rows(findings):
        if row == EXCEL_ROWS - 1:
            _finish(sheet, row)
            number += 1
            sheet, row = _sheet(workbook, number, heading), 0
        row += 1
        _write(sheet, row, cells, moment)
    _finish(sheet, row)
    workbook.close()


def sheets_needed(leads: int) -> int:
    """Sheets that hold so many leads, each with one heading row."""
    return max(1, -(-leads // (EXCEL_ROWS - 1)))


def _about(sheet: Worksheet, force: str, total: int, heading: Format) -> None:
    sheet.set_column(0, 0, 110)
    sheets = sheets_needed(total)
    lines = [
        f"Worklist of recording leads: {force}",
        "OFFICIAL-SENSITIVE. This file holds incident and crime numbers. "
        "Keep it where the crime system's own exports may be kept.",
        LEADS_NOT_RATES,
        f"{total:,} leads, sorted by seriousness (1 most serious) and then by the deadline to record.",
        f"The leads stand on {sheets} sheets, since one Excel sheet holds at most {EXCEL_ROWS:,} rows."
        if sheets > 1
        else "All leads stand on the sheet Leads 1.",
        "The last five columns are yours. If you type into this file and run the audit again, "
        "your copy is kept beside the new one.",
        "The sheet's order and the confidence help to choose what to read first. They decide nothing.",
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, heading if row == 0 else None)


def _sheet(workbook: Any, number: int, heading: Format) -> Worksheet:
    sheet: Worksheet = workbook.add_worksheet(f"Leads {number}")
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, heading)
    sheet.freeze_panes(1, 1)
    return sheet


def _finish(sheet: Worksheet, rows: int) -> None:
    """Filter and verdict list over the rows written."""
    last = len(COLUMNS) - 1
    sheet.autofilter(0, 0, max(rows, 1), last)
    verdict = len(COLUMNS) - READERS_COLUMNS
    sheet.data_validation(
        1,
        verdict,
        max(rows, 1),
        verdict,
        {"validate": "list", "source": list(VERDICTS), "error_type": "warning"},
    )


def _write(sheet: Worksheet, row: int, cells: Cells, moment: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, moment)
        elif cell is not None:
            sheet.write_number(row, column, cell)


def _rows(findings: Relation) -> Iterator[Cells]:
    for batch in findings.engine.batches(f"select * from {findings.name} order by {_ORDER}"):
        for row in batch.to_pylist():
            yield _cells(row)


def _cells(row: dict[str, Any]) -> Cells:
    hours = row["hours_late"]
    return (
        row["finding_id"],
        KINDS[row["kind"]].heading,
        row["seriousness"],
        london(row["deadline_at"]) if row["deadline_at"] else None,
        row["incident_id"],
        row["crime_id"],
        row["class_required"],
        row["class_recorded"],
        row["offence_group"],
        row["offence_subgroup"],
        "yes" if row["domestic_abuse"] else "no",
        CHANNELS.get(row["channel"], row["channel"]),
        plain(row["opening_group"]) if row["opening_group"] else None,
        plain(row["closing_group"]) if row["closing_group"] else None,
        london(row["reported_at"]) if row["reported_at"] else None,
        None if hours is None else round(hours, 1),
        round(row["confidence"], 2),
        row["details"],
        row["explanation"],
        row["settles"],
        row["edition"],
    )
