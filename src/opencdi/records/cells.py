"""Typed cells (Excel, Parquet, JSON) as the text they would be in a CSV, losing nothing silently."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

EXACT_BELOW = 10**15
"""Excel keeps 15 significant digits; a longer number has lost its end."""

ISO_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d",
)
"""How date cells are written as text, and what ISO 8601 allows: these have one reading only."""


def as_text(cell: Any) -> str | None:
    """One cell as text.

    Whole numbers that a spreadsheet holds exactly are their digits; longer ones keep the form
    ``4.22300123456789E+16``, which no identifier may have, so that they are refused and not believed.
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _number(value: float) -> str:
    if abs(value) >= EXACT_BELOW:
        return f"{value:.14E}"
    if value.is_integer():
        return str(int(value))
    return repr(value)
