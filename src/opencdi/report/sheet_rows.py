"""Rows written straight into the sheets of a finished workbook.

XlsxWriter takes some twenty microseconds a cell, which is minutes for the worklist of a large force. It
still makes the workbook (styles, headings, filters); the rows are put into its sheets here, a batch of
columns at a time, in bounded memory. Text is inline text and never a formula.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

_END = b"</sheetData>"
_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_EXCEL_EPOCH = datetime(1899, 12, 30)
_A_DAY = 86_400.0
_MADE = (1980, 1, 1, 0, 0, 0)
"""The time inside the archive, always the same so that the same rows give the same bytes."""


def letters(column: int) -> str:
    """The name of a column, from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def text_cells(column: int, rows: pa.StringArray, values: pa.StringArray) -> pa.StringArray:
    """Inline text cells; nothing for null. ``rows`` holds the sheet's row numbers as text."""
    clean = pc.replace_substring_regex(values, _FORBIDDEN, "")
    clean = pc.replace_substring_regex(clean, r"_(x[0-9a-fA-F]{4}_)", r"_x005F_\1")
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = pc.replace_substring(clean, raw, safe)
    opening = f'<c r="{letters(column)}'
    return _joined(opening, rows, '" t="inlineStr"><is><t xml:space="preserve">', clean, "</t></is></c>")


def number_cells(
    column: int, rows: pa.StringArray, values: pa.Array, style: int | None = None
) -> pa.StringArray:
    """Number cells, with a style of the workbook if given; nothing for null."""
    styled = '">' if style is None else f'" s="{style}">'
    return _joined(f'<c r="{letters(column)}', rows, f"{styled}<v>", pc.cast(values, pa.string()), "</v></c>")


def serial(moment: datetime | None) -> float | None:
    """A clock time as the number a spreadsheet keeps: days since the end of 1899."""
    return None if moment is None else round((moment - _EXCEL_EPOCH).total_seconds() / _A_DAY, 10)


def row_numbers(first: int, count: int) -> pa.StringArray:
    """So many row numbers of a sheet, as text."""
    return pc.cast(pa.array(range(first, first + count), pa.int64()), pa.string())


def rows_of(rows: pa.StringArray, cells: Sequence[pa.StringArray]) -> bytes:
    """One ``row`` element for each row number, holding its cells."""
    whole = _joined('<row r="', rows, '">', *cells, "</row>")
    return "".join(whole.to_pylist()).encode()


def insert_rows(workbook: Path, finished: Path, sheets: Sequence[tuple[str, Iterator[bytes]]]) -> None:
    """Copy ``workbook`` to ``finished`` with rows put at the end of the named sheets.

    ``sheets`` gives, in the order of the archive, each sheet's name there (``xl/worksheets/sheet2.xml``)
    and its rows. They are consumed one after the other.
    """
    streams = dict(sheets)
    with (
        zipfile.ZipFile(workbook) as source,
        zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            with target.open(entry, "w", force_zip64=True) as file:
                before, end, after = content.partition(_END) if name in streams else (content, b"", b"")
                file.write(before)
                for rows in streams.get(name, iter(())):
                    file.write(rows)
                file.write(end + after)


def _joined(*parts: pa.StringArray | str) -> pa.StringArray:
    """Texts joined row by row; a row with a null part becomes empty."""
    joined = pc.binary_join_element_wise(*parts, "", null_handling="emit_null")
    return pc.fill_null(joined, "")
