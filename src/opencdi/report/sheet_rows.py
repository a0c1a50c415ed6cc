"""Rows written straight into the sheets of a finished workbook.

XlsxWriter takes some twenty microseconds a cell, which is minutes for the worklist of a large force. It
still makes the workbook (styles, headings, filters); the rows are put into its sheets here, a batch of
columns at a time, in bounded memory. Text is inline text and never a formula.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.report.times import london_microseconds

_END = b"</sheetData>"
_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_A_DAY = 86_400_000_000
_EXCEL_EPOCH = -25_569 * _A_DAY
"""30 December 1899, in microseconds from 1970."""
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
    opening = f'<c r="{letters(column)}'
    safe = each_once(values, _safe)
    return _joined(opening, rows, '" t="inlineStr"><is><t xml:space="preserve">', safe, "</t></is></c>")


def each_once(values: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """``work`` of every value, done once for each that is different: most columns say few things often."""
    encoded = pc.dictionary_encode(values)
    return work(encoded.dictionary).take(encoded.indices)


def number_cells(
    column: int, rows: pa.StringArray, values: pa.Array, style: int | None = None
) -> pa.StringArray:
    """Number cells, with a style of the workbook if given; nothing for null."""
    styled = '">' if style is None else f'" s="{style}">'
    return _joined(f'<c r="{letters(column)}', rows, f"{styled}<v>", pc.cast(values, pa.string()), "</v></c>")


def serials(moments: pa.TimestampArray) -> pa.DoubleArray:
    """Instants as the numbers a spreadsheet keeps: days since the end of 1899, by London's clocks."""
    microseconds = pc.cast(pc.cast(moments, pa.timestamp("us", "UTC")), pa.int64())
    clock = london_microseconds(pc.fill_null(microseconds, 0).to_numpy())
    days = np.round((clock - _EXCEL_EPOCH) / _A_DAY, 10)
    return pc.if_else(pc.is_valid(moments), pa.array(days), None)


def row_numbers(first: int, count: int) -> pa.StringArray:
    """So many row numbers of a sheet, as text."""
    return pc.cast(pa.array(np.arange(first, first + count)), pa.string())


def rows_of(rows: pa.StringArray, cells: Sequence[pa.StringArray]) -> bytes | pa.Buffer:
    """One ``row`` element for each row number, holding its cells."""
    whole = _joined('<row r="', rows, '">', *cells, "</row>")
    _, offsets, text = pc.cast(whole, pa.large_string()).buffers()
    ends = np.frombuffer(offsets, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return text.slice(int(ends[0]), int(ends[-1] - ends[0])) if len(whole) else b""


def _safe(values: pa.StringArray) -> pa.StringArray:
    """Text as it may stand in a sheet's XML."""
    clean = pc.replace_substring_regex(values, _FORBIDDEN, "")
    clean = pc.replace_substring_regex(clean, r"_(x[0-9a-fA-F]{4}_)", r"_x005F_\1")
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = pc.replace_substring(clean, raw, safe)
    return clean


def insert_rows(
    workbook: Path, finished: Path, sheets: Sequence[tuple[str, Iterator[bytes | pa.Buffer]]]
) -> None:
    """Copy ``workbook`` to ``finished`` with rows put at the end of the named sheets.

    ``sheets`` gives, in the order of the archive, each sheet's name there (``xl/worksheets/sheet2.xml``)
    and its rows. They are consumed one after the other.
    """
    streams = dict(sheets)
    with (
        zipfile.ZipFile(workbook) as source,
        zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # An entry of its own does not take the archive's level on; at the usual one, packing is most
            # of the cost of the report.
            entry._compresslevel = 1  # type: ignore[attr-defined]
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
