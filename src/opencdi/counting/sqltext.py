"""Small pieces of portable SQL that the batch steps are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby

from opencdi.counting.conditions import text
from opencdi.counting.derive import LONDON

Columns = Iterable[tuple[str, str]]
"""Names and expressions of a select list."""


def case(arms: Iterable[tuple[str, str]]) -> str:
    """The first arm whose condition holds; null where none does. Neighbours of one answer are one arm."""
    every = [
        (" or ".join(when for when, _ in run), then) for then, run in groupby(arms, key=lambda arm: arm[1])
    ]
    if not every:
        return "null"
    return "case " + " ".join(f"when {when} then {then}" for when, then in every) + " end"


def choice(number: str, values: Iterable[str | None]) -> str:
    """The value whose place, from 1, stands in a column."""
    return case((f"{number} = {place}", text_or_null(value)) for place, value in enumerate(values, start=1))


def select_list(columns: Columns) -> str:
    return ", ".join(
        name if expression == name else f"{expression} as {name}" for name, expression in columns
    )


def as_they_are(names: Iterable[str], source: str = "") -> list[tuple[str, str]]:
    """Columns taken over under their own names."""
    dot = f"{source}." if source else ""
    return [(name, f"{dot}{name}") for name in names]


def text_or_null(value: str | None) -> str:
    return "nullif('', '')" if value is None else text(value)


def any_of(conditions: Sequence[str]) -> str:
    return "(" + " or ".join(conditions or ["false"]) + ")"


def yes(so: str) -> str:
    return f"case when {so} then 'yes' else 'no' end"


def no(so: str) -> str:
    return f"case when {so} then 'no' else 'yes' end"


def numbers(values: Iterable[int]) -> str:
    """A list of numbers for ``in``; one that is never found where there are none."""
    return ", ".join(str(value) for value in values) or "-1"


def day_text(day: date) -> str:
    return f"date '{day.isoformat()}'"


def london_midnight(day: date) -> int:
    """Seconds since 1970 at which a day begins in London."""
    return int(datetime.combine(day, time(), LONDON).timestamp())
