"""``worklist.xlsx``: one row a finding, sorted by seriousness and deadline, with room for a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from opencdi.engine import Relation
from opencdi.report import sheet_rows
from opencdi.report.packing import Packed, packed
from opencdi.report.pieces import Block, Piece, Pieces, blocks_of, cut, leads_of
from opencdi.report.sheet_columns import SheetColumn, cells
from opencdi.report.sheet_rows import SheetRows
from opencdi.report.summary import LEADS_NOT_RATES
from opencdi.report.workbooks import new_workbook, shown_as_time

EXCEL_ROWS = 1_048_576
"""Rows an Excel sheet can hold."""

ROWS_A_BATCH = 20_000

ROWS_A_PIECE = 5_000
"""Rows packed at once, of which memory holds one piece."""


COLUMNS = (
    SheetColumn("Lead", 30, "finding_id"),
    SheetColumn("Kind", 20, "kind", "words"),
    SheetColumn("Seriousness (1 most)", 12, "seriousness", "number"),
    SheetColumn("Deadline to record (Europe/London)", 22, "deadline_at", "moment"),
    SheetColumn("Incident", 20, "incident_id"),
    SheetColumn("Crime", 20, "crime_id"),
    SheetColumn("Class required", 10, "class_required"),
    SheetColumn("Class recorded", 10, "class_recorded"),
    SheetColumn("Offence group", 26, "offence_group"),
    SheetColumn("Offence subgroup", 26, "offence_subgroup"),
    SheetColumn("Domestic abuse", 10, "domestic_abuse", "yes_no"),
    SheetColumn("Channel", 14, "channel", "words"),
    SheetColumn("Opening group", 20, "opening_group", "words"),
    SheetColumn("Closing group", 20, "closing_group", "words"),
    SheetColumn("Reported (Europe/London)", 22, "reported_at", "moment"),
    SheetColumn("Hours past the deadline", 12, "hours_late", "number"),
    SheetColumn("Confidence (0 to 1)", 12, "confidence", "number"),
    SheetColumn("Detail", 18, "details", "words"),
    SheetColumn("What the machine found", 70, "explanation"),
    SheetColumn("What would settle it", 60, "settles"),
    SheetColumn("Rules edition", 12, "edition"),
)
SHOWN = tuple(dict.fromkeys(column.source for column in COLUMNS))
"""The finding's columns that the sheet shows."""
READERS_COLUMNS = (
    ("Verdict (yours)", 18),
    ("Cause (yours)", 24),
    ("Reader", 14),
    ("Date read", 14),
    ("Notes", 40),
)
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


def write_worklist(
    path: Path,
    findings: Relation,
    force: str,
    made_for: datetime | None,
    kept: Pieces | None = None,
    blocks: Relation | None = None,
) -> None:
    """Write the workbook. ``made_for`` (the last report) is its date, so the same audit gives the same bytes;
    rows in ``kept`` are not made again. ``blocks`` are those of the findings, if they are known.

    Text is written as text, so that nothing typed into a police system runs as a formula. Memory is
    bounded: rows are streamed. Where one sheet cannot hold the leads, they go on to further sheets.
    """
    known = blocks or blocks_of(findings, SHOWN)
    sheets = _sheets(cut(known, min(ROWS_A_PIECE, EXCEL_ROWS - 1)))
    bare = path.with_name(path.name + ".bare")
    style = _write_bare(bare, force, [_leads(sheet) for sheet in sheets], made_for)
    pieces = [piece for sheet in sheets for piece in sheet]
    rows = _Rows(findings, pieces, {} if kept is None else kept, style)
    names = [f"xl/worksheets/sheet{number}.xml" for number, _ in enumerate(sheets, start=2)]
    leads = {name: rows.of(sheet) for name, sheet in zip(names, sheets, strict=True)}
    sheet_rows.insert_rows(bare, path, leads)
    bare.unlink()


def _sheets(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by the sheet that they stand on, each with one heading row; one empty sheet for none."""
    sheets: list[list[Piece]] = [[]]
    for piece in pieces:
        if _leads(sheets[-1]) + piece.leads > EXCEL_ROWS - 1:
            sheets.append([])
        sheets[-1].append(piece)
    return sheets


def _leads(pieces: Sequence[Piece]) -> int:
    return sum(piece.leads for piece in pieces)


def _write_bare(path: Path, force: str, sizes: Sequence[int], made_for: datetime | None) -> int:
    """The workbook with headings and no leads; gives the number of the style for times."""
    workbook = new_workbook(path, f"Worklist of recording leads: {force}", made_for)
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
    moment = shown_as_time(workbook)
    _about(workbook.add_worksheet("About"), force, sizes, heading)
    for number, size in enumerate(sizes, start=1):
        _sheet(workbook.add_worksheet(f"Leads {number}"), size, heading, moment)
    workbook.close()
    return int(moment.xf_index)


def _about(sheet: Worksheet, force: str, sizes: Sequence[int], heading: Format) -> None:
    sheet.set_column(0, 0, 110)
    lines = [
        f"Worklist of recording leads: {force}",
        "OFFICIAL-SENSITIVE. This file holds incident and crime numbers. "
        "Keep it where the crime system's own exports may be kept.",
        LEADS_NOT_RATES,
        f"{sum(sizes):,} leads, sorted by seriousness (1 most serious) and then by the deadline to record; "
        "those without a deadline come after those that have one, by the time of the report.",
        f"The leads stand on {len(sizes)} sheets, since one Excel sheet holds at most {EXCEL_ROWS:,} rows."
        if len(sizes) > 1
        else "All leads stand on the sheet Leads 1.",
        "The last five columns are yours. If you type into this file and run the audit again, "
        "your copy is kept beside the new one.",
        "The sheet's order and the confidence help to choose what to read first. They decide nothing.",
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, heading if row == 0 else None)


def _sheet(sheet: Worksheet, leads: int, heading: Format, moment: Format) -> None:
    """Headings, filter and verdict list; times are styled by their column."""
    widths = [*((each.heading, each.width) for each in COLUMNS), *READERS_COLUMNS]
    for column, (name, width) in enumerate(widths):
        timed = column < len(COLUMNS) and COLUMNS[column].kind == "moment"
        sheet.set_column(column, column, width, moment if timed else None)
        sheet.write_string(0, column, name, heading)
    last_row = max(leads, 1)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last_row, len(widths) - 1)
    verdict = len(COLUMNS)
    sheet.data_validation(
        1,
        verdict,
        last_row,
        verdict,
        {"validate": "list", "source": list(VERDICTS), "error_type": "warning"},
    )


class _Rows:
    """The rows of pieces, which are asked for in their order: kept, or made from one stream of leads."""

    def __init__(self, findings: Relation, pieces: Sequence[Piece], kept: Pieces, style: int) -> None:
        self._known = {piece.key: rows for piece in pieces if (rows := kept.get(piece.key)) is not None}
        self._kept = kept
        self._missing = list(dict.fromkeys(piece.block for piece in pieces if piece.key not in self._known))
        self._stream = _Stream(_batches_of_rows(findings, self._missing, style))

    def of(self, sheet: Sequence[Piece]) -> Iterator[Packed]:
        """The rows of the next pieces."""
        made = set(self._missing)
        for piece in sheet:
            yield self._made(piece) if piece.block in made else self._known[piece.key]

    def _made(self, piece: Piece) -> Packed:
        self._kept[piece.key] = rows = packed(self._stream.next(piece.leads))
        return rows


class _Stream:
    """Rows in batches, from which any number is taken at a time: a piece may be a few rows, and to make its
    columns one by one would cost more than the rows."""

    def __init__(self, batches: Iterator[SheetRows]) -> None:
        self._batches = batches
        self._waiting = SheetRows.none()

    def next(self, rows: int) -> bytes:
        """The next so many."""
        taken: list[memoryview] = []
        while rows:
            if not self._waiting.count:
                self._waiting = next(self._batches)
            first, self._waiting = self._waiting.cut_after(rows)
            taken.append(first.text)
            rows -= first.count
        return b"".join(taken)


def _batches_of_rows(findings: Relation, blocks: Sequence[Block], style: int) -> Iterator[SheetRows]:
    """The rows of some blocks' leads, in the order of the worklist."""
    if not blocks:
        return
    for leads in findings.engine.batches(leads_of(findings, blocks, SHOWN), ROWS_A_BATCH):
        yield sheet_rows.rows_of([cells(column, leads.column(column.source), style) for column in COLUMNS])
