"""The worklist a person reads from: one row an incident, with room for a verdict (``.xlsx``, ``.csv``)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from opencdi.discovery.leads import Lead

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Place", 8),
    ("Incident", 22),
    ("Seriousness (1 most)", 12),
    ("Probability that a crime is missing", 16),
    ("Harm group", 18),
    ("Read for", 14),
    ("Why", 90),
    ("Words that moved the learned score", 40),
    ("Verdict (yours)", 18),
    ("Notes", 40),
)
ABOUT = (
    "Read each log in the force's own system. A lead is where the machine thinks a crime may be missing.",
    "They are not rates: only a random sample that was judged becomes a rate.",
    "Verdict: missing, not missing or cannot tell.",
    "Give this file back with `opencdi discover DIR --verdicts FILE`.",
)


def write(folder: Path, number: int, leads: Sequence[tuple[int, Lead, str]]) -> tuple[Path, Path]:
    """Write one batch (place, lead, what it is read for) and give the paths. Same batch, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (
            place,
            lead.incident_id,
            lead.seriousness,
            lead.probability,
            lead.harm_group,
            purpose,
            lead.why,
            ", ".join(lead.telling_words),
            "",
            "",
        )
        for place, lead, purpose in leads
    ]
    sheet, text = folder / f"batch-{number:04d}.xlsx", folder / f"batch-{number:04d}.csv"
    _write_sheet(sheet, rows)
    with text.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([heading for heading, _ in COLUMNS])
        writer.writerows(rows)
    return sheet, text


def _write_sheet(path: Path, rows: Sequence[tuple[object, ...]]) -> None:
    workbook = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties({"title": "Leads", "created": datetime(2000, 1, 1)})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
    sheet = workbook.add_worksheet("Leads")
    for column, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            else:
                sheet.write(line, column, cell)
    verdict = [heading for heading, _ in COLUMNS].index("Verdict (yours)")
    sheet.data_validation(
        1,
        verdict,
        max(1, len(rows)),
        verdict,
        {"validate": "list", "source": ["missing", "not missing", "cannot tell"]},
    )
    sheet.freeze_panes(1, 2)
    about = workbook.add_worksheet("About")
    for line, sentence in enumerate(ABOUT):
        about.write_string(line, 0, sentence)
    workbook.close()
