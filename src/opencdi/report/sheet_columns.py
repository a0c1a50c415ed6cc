"""Columns of a sheet, and how what they show is written there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from opencdi.report.sheet_rows import each_once, number_cells, serials, text_cells
from opencdi.report.words import CHANNELS, KINDS, plain


@dataclass(frozen=True)
class SheetColumn:
    """One column: heading, width, the finding's column it shows, and how."""

    heading: str
    width: int
    source: str
    kind: Literal["text", "number", "moment", "words", "yes_no"] = "text"


def cells(column: SheetColumn, values: pa.Array, style: int) -> pa.StringArray:
    """Cells of a sheet for the values of a column; ``style`` is the workbook's for times."""
    if column.kind == "number":
        return number_cells(pc.round(pc.cast(values, pa.float64()), 2))
    if column.kind == "moment":
        return number_cells(serials(values), style)
    if column.kind == "yes_no":
        return text_cells(pc.if_else(values, "yes", "no"))
    if column.kind == "words":
        said = each_once(values, lambda different: _all_in_words(column.source, different))
        return text_cells(said)
    return text_cells(values)


def _all_in_words(source: str, values: pa.StringArray) -> pa.StringArray:
    said = [None if each is None else _in_words(source, each) for each in values.to_pylist()]
    return pa.array(said, pa.string())


def _in_words(source: str, value: str) -> str:
    if source == "kind":
        return KINDS[value].heading
    return CHANNELS.get(value, value) if source == "channel" else plain(value)
