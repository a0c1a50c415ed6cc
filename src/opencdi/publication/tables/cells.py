"""How a value is written into a cell, so that no spreadsheet program runs it or changes it."""

from __future__ import annotations

from datetime import date, datetime

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a text may not begin with in a CSV that people open: a spreadsheet program would run it
(OWASP, CSV injection)."""


def in_csv(value: object) -> str:
    """Numbers in full, days in ISO 8601, nothing for nothing; a text like a formula after an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    return harmless(str(value))


def harmless(text: str) -> str:
    """The text, or the text after an apostrophe where it would be taken for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
