"""What a report's workbooks have in common: what they say of themselves, and how they show times."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format


def new_workbook(path: Path, title: str, made_for: datetime | None) -> xlsxwriter.Workbook:
    """An empty workbook, in which no text of a record becomes a formula or a link, however it is written.

    ``made_for`` (the last report) is its date, so the same audit gives the same bytes."""
    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties(
        {
            "title": title,
            "subject": "OFFICIAL-SENSITIVE",
            "author": "OpenCDI",
            "created": (made_for or datetime(2000, 1, 1)).replace(tzinfo=None),
        }
    )
    return workbook


def shown_as_time(workbook: xlsxwriter.Workbook) -> Format:
    """The format of a time, whose number (``xf_index``) cells are written with."""
    return workbook.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left"})
