"""Rows written straight into the sheets of a finished workbook.

XlsxWriter takes some twenty microseconds a cell, which is minutes for the worklist of a large force. It
still makes the workbook (styles, headings, filters); the rows are put into its sheets here, a batch of
columns at a time, in bounded memory. Text is inline text and never a formula. Rows and cells do not say where
they stand, which is after the one before, so that a row stays the same wherever it comes to stand.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi.report.packing import Packed, packed, write_entry
from opencdi.report.times import london_microseconds

_END = b"</sheetData>"
_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
_SPECIAL = np.isin(np.arange(256), [*range(32), *b"&<>"])
"""Whether a byte of a text may not stand in a sheet's XML as it is."""
_A_DAY = 86_400_000_000
_EXCEL_EPOCH = -25_569 * _A_DAY
"""30 December 1899, in microseconds from 1970."""


def text_cells(values: pa.StringArray) -> pa.StringArray:
    """Inline text cells; an empty one for null."""
    safe = each_once(values, _safe)
    return _joined('<c t="inlineStr"><is><t xml:space="preserve">', safe, "</t></is></c>")


def each_once(values: pa.Array, work: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """``work`` of every value, done once for each that is different: most columns say few things often."""
    encoded = pc.dictionary_encode(values)
    return work(encoded.dictionary).take(encoded.indices)


def number_cells(values: pa.Array, style: int | None = None) -> pa.StringArray:
    """Number cells, with a style of the workbook if given; an empty one for null."""
    opening = "<c><v>" if style is None else f'<c s="{style}"><v>'
    return _joined(opening, pc.cast(values, pa.string()), "</v></c>")


def serials(moments: pa.TimestampArray) -> pa.DoubleArray:
    """Instants as the numbers a spreadsheet keeps: days since the end of 1899, by London's clocks."""
    microseconds = pc.cast(pc.cast(moments, pa.timestamp("us", "UTC")), pa.int64())
    clock = london_microseconds(pc.fill_null(microseconds, 0).to_numpy())
    days = np.round((clock - _EXCEL_EPOCH) / _A_DAY, 10)
    return pc.if_else(pc.is_valid(moments), pa.array(days), None)


@dataclass(frozen=True)
class SheetRows:
    """Rows as they stand in a sheet: their text, and where in it each ends, counted from ``start``."""

    whole: memoryview
    ends: NDArray[np.int64]
    start: int = 0

    @classmethod
    def none(cls) -> SheetRows:
        return cls(memoryview(b""), np.array([], np.int64))

    @property
    def count(self) -> int:
        return len(self.ends)

    @property
    def text(self) -> memoryview:
        return self.whole[self.start : int(self.ends[-1])] if self.count else self.whole[:0]

    def cut_after(self, rows: int) -> tuple[SheetRows, SheetRows]:
        """The first so many rows at most, and the others."""
        first = replace(self, ends=self.ends[:rows])
        end = self.start + len(first.text)
        return first, replace(self, ends=self.ends[rows:], start=end)


def rows_of(cells: Sequence[pa.StringArray]) -> SheetRows:
    """One ``row`` element for each of so many rows of cells, given column by column from the first on."""
    whole = pc.cast(_joined("<row>", *cells, "</row>"), pa.large_string())
    _, offsets, text = whole.buffers()
    places = np.frombuffer(offsets, np.int64)[whole.offset : whole.offset + len(whole) + 1]
    return SheetRows(memoryview(text), places[1:], int(places[0])) if len(whole) else SheetRows.none()


def _safe(values: pa.StringArray) -> pa.StringArray:
    """Text as it may stand in a sheet's XML."""
    if _is_plain(values):
        return values
    clean = pc.replace_substring_regex(values, _FORBIDDEN, "")
    clean = pc.replace_substring_regex(clean, r"_(x[0-9a-fA-F]{4}_)", r"_x005F_\1")
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        clean = pc.replace_substring(clean, raw, safe)
    return clean


def _is_plain(values: pa.StringArray) -> bool:
    """Is there nothing in a column to be written otherwise? Numbers of records, which never repeat, hold
    nothing of the kind, and to look is quicker than to replace."""
    text = values.buffers()[2]
    return text is None or not (_SPECIAL[np.frombuffer(text, np.uint8)].any() or b"_x" in text.to_pybytes())


def insert_rows(workbook: Path, finished: Path, sheets: Mapping[str, Iterator[Packed]]) -> None:
    """Copy ``workbook`` to ``finished`` with rows put at the end of the named sheets.

    ``sheets`` gives, in the order of the archive, each sheet's name there (``xl/worksheets/sheet2.xml``)
    and its rows. They are consumed one after the other.
    """
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(finished, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            before, end, after = content.partition(_END) if name in sheets else (content, b"", b"")
            pieces = [packed(before)], sheets.get(name, ()), [packed(end + after)]
            write_entry(target, name, chain.from_iterable(pieces))


def _joined(*parts: pa.StringArray | str) -> pa.StringArray:
    """Texts joined row by row; a row with a null part becomes an empty cell."""
    joined = pc.binary_join_element_wise(*parts, "", null_handling="emit_null")
    return pc.fill_null(joined, "<c/>")
