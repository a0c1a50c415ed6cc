"""Sheets of .xlsx, .xls and .ods as rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa
import python_calamine as calamine

from opencdi.errors import UserError
from opencdi.records.cells import as_text
from opencdi.records.profile import Layout
from opencdi.records.rows import Rows, batch_of_rows, checked_headings
from opencdi.records.sources import BOMB_BYTES, BOMB_RATIO, SourceFile

CELLS_ALLOWED = 60_000_000
"""A million rows of sixty columns: as much as an Excel sheet of records can mean to hold."""

ROWS_A_BATCH = 20_000

_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
_ODS_REPEAT = re.compile(rb'number-(columns|rows)-repeated="([0-9]+)"[^>]*office:value-type')


def workbook_rows(source: SourceFile, layout: Layout) -> Rows:
    """The rows of one sheet.

    Raises ``UserError`` for a workbook that would fill the memory, is damaged or locked, has several
    sheets with rows of which the profile names none, or has no headings.
    """
    with source.opened() as file:
        content = file.read()
    _refuse_bomb(source, content)
    sheet = _sheet(source, layout, _book(source, content))
    rows_in_sheet: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    if len(rows_in_sheet) < layout.header_line:
        raise UserError(
            f"{source.name}, sheet `{sheet.name}`, has no headings on row {layout.header_line}. "
            "State `header_line` in the profile's [layout], or export it again."
        )
    if layout.headings:
        headings, first = layout.headings, layout.header_line
    else:
        cells = [as_text(cell) or "" for cell in rows_in_sheet[layout.header_line - 1]]
        headings = checked_headings(source, cells, layout.header_line)
        first = layout.header_line + 1
    body = rows_in_sheet[first - 1 :]
    return Rows(
        source.name,
        headings,
        lambda: _batches(body, first, len(headings)),
        layout_found={"sheet": sheet.name},
    )


def _batches(body: list[list[Any]], first: int, columns: int) -> Iterator[pa.RecordBatch]:
    numbered = enumerate(body, start=first)
    while chunk := list(islice(numbered, ROWS_A_BATCH)):
        texts = [[as_text(cell) for cell in row[:columns]] for _, row in chunk]
        yield batch_of_rows([number for number, _ in chunk], texts, columns)


def _book(source: SourceFile, content: bytes) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError:
        raise UserError(f"{source.name} is locked with a password. Save it without one.") from None
    except calamine.CalamineError:
        raise UserError(
            f"{source.name} cannot be read as a workbook. Open it, save it again as .xlsx, or export it as "
            "CSV."
        ) from None


def _sheet(source: SourceFile, layout: Layout, book: calamine.CalamineWorkbook) -> calamine.CalamineSheet:
    names = list(book.sheet_names)
    if layout.sheet is not None:
        if layout.sheet not in names:
            raise UserError(
                f"{source.name} has no sheet `{layout.sheet}`; it has {', '.join(names)}. "
                "Correct `sheet` in the profile's [layout]."
            )
        return book.get_sheet_by_name(layout.sheet)
    sheets = [book.get_sheet_by_name(name) for name in names]
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        raise UserError(f"{source.name} has no rows on any sheet. Export it again.")
    if len(filled) > 1:
        raise UserError(
            f"{source.name} has rows on {len(filled)} sheets: {', '.join(sheet.name for sheet in filled)}. "
            "Say which in the profile's [layout]: `sheet = ...`."
        )
    return filled[0]


def _refuse_bomb(source: SourceFile, content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    limit = max(BOMB_BYTES, BOMB_RATIO * len(content))
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                extent = _Extent()
                with archive.open(info) as member:
                    while chunk := member.read(2**22):
                        unpacked += len(chunk)
                        extent.see(chunk)
                        if unpacked > limit or extent.cells > CELLS_ALLOWED:
                            raise UserError(
                                f"{source.name} would unpack to far more than a workbook of its size holds "
                                f"({info.filename}: {extent.cells:,} cells, {unpacked // 2**20:,} MB and "
                                "more). "
                                "Delete the empty rows and columns in it, or export it as CSV."
                            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise UserError(
            f"{source.name} is damaged and cannot be unpacked. Save or export it again."
        ) from None


class _Extent:
    """How many cells a sheet's corner cells span: readers lay out the whole rectangle in memory."""

    def __init__(self) -> None:
        self._last_row = self._last_column = 1
        self._repeated = 0
        self._tail = b""

    def see(self, chunk: bytes) -> None:
        text = self._tail + chunk
        for letters, number in _CELL.findall(text):
            self._last_row = max(self._last_row, int(number))
            self._last_column = max(self._last_column, _column_number(letters))
        for _, repeats in _ODS_REPEAT.findall(text):
            self._repeated += int(repeats)
        self._tail = text[-200:]

    @property
    def cells(self) -> int:
        return max(self._last_row * self._last_column, self._repeated)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
