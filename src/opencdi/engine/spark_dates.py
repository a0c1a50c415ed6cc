"""Texts read as local times and instants in Spark SQL, as DuckDB's ``try_strptime`` reads them.

A format becomes one regular expression; its groups become the parts of the time. Spark's own reader is
left aside: it takes two-digit years for this century only and knows other rules for blanks and digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from opencdi.engine.dialect import sql_text

_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FIRST_YEAR_OF_LAST_CENTURY = 69
"""Two-digit years from 69 lie in the twentieth century (POSIX)."""


def _one_of(names: list[str] | tuple[str, ...], letters: int | None = None) -> str:
    return f"({'|'.join(name[:letters] for name in names)})"


_CODES = {
    "Y": "([0-9]{1,4}+)",
    "y": "([0-9]{1,2}+)",
    "m": "([0-9]{1,2}+)",
    "d": "([0-9]{1,2}+)",
    "H": "([0-9]{1,2}+)",
    "I": "([0-9]{1,2}+)",
    "M": "([0-9]{1,2}+)",
    "S": "([0-5]?[0-9])(?![0-9])",
    "f": "([0-9]{1,6}+)",
    "p": "([ap]m)",
    "z": "([+-][0-9]{2}(?::?[0-9]{2})?+)",
    "b": _one_of(_MONTHS, 3),
    "B": _one_of(_MONTHS),
    "a": _one_of(_DAYS, 3),
    "A": _one_of(_DAYS),
}


@dataclass(frozen=True)
class _Parts:
    """The groups of a text that fits a format, each as SQL."""

    text: str
    pattern: str
    groups: dict[str, int]

    @property
    def fits(self) -> str:
        return f"{self.text} rlike {sql_text(self.pattern)}"

    def written(self, code: str) -> str:
        return f"regexp_extract({self.text}, {sql_text(self.pattern)}, {self.groups[code]})"

    def number(self, *codes: str, otherwise: int) -> str:
        for code in codes:
            if code in self.groups:
                return f"cast({self.written(code)} as int)"
        return str(otherwise)


@cache
def _shape(format: str) -> tuple[str, dict[str, int]]:
    groups: dict[str, int] = {}
    pieces = []
    for literal, code in re.findall(r"([^%]+)|%([a-zA-Z])", format):
        if code:
            groups[code] = len(groups) + 1
            pieces.append(_CODES[code])
        else:
            pieces.append(re.escape(literal).replace(r"\ ", " +"))
    return rf"(?i)^ *{''.join(pieces)} *\z", groups


def _parts(text: str, format: str) -> _Parts:
    pattern, groups = _shape(format)
    return _Parts(text, pattern, groups)


def clock_read(text: str, format: str) -> str:
    """A text read by one strptime format as a local time; null where it does not fit."""
    return _guarded(_parts(text, format), _clock_of(_parts(text, format)))


def instant_read(text: str, format: str) -> str:
    """A text read by one strptime format with ``%z`` as an instant; null where it does not fit."""
    parts = _parts(text, format)
    offset = parts.written("z")
    sign = f"case when {offset} like '-%' then -1 else 1 end"
    digits = f"rpad(regexp_replace({offset}, '[^0-9]', ''), 4, '0')"
    minutes = f"(cast(substr({digits}, 1, 2) as int) * 60 + cast(substr({digits}, 3, 2) as int))"
    micros = f"unix_micros(cast({_clock_of(parts)} as timestamp_ltz)) - {sign} * {minutes} * 60000000L"
    return _guarded(parts, f"timestamp_micros({micros})")


def _guarded(parts: _Parts, value: str) -> str:
    return f"case when {parts.fits} then {value} end"


def _clock_of(parts: _Parts) -> str:
    seconds = parts.number("S", otherwise=0)
    if "f" in parts.groups:
        fraction = f"cast(rpad({parts.written('f')}, 6, '0') as int)"
        seconds = f"cast({seconds} + cast({fraction} as decimal(16, 6)) / 1000000 as decimal(16, 6))"
    return (
        f"try_make_timestamp_ntz({_year(parts)}, {_month(parts)}, {parts.number('d', otherwise=1)}, "
        f"{_hour(parts)}, {parts.number('M', otherwise=0)}, {seconds})"
    )


def _year(parts: _Parts) -> str:
    if "y" not in parts.groups:
        return parts.number("Y", otherwise=1900)
    short = parts.number("y", otherwise=0)
    return f"({short} + case when {short} >= {_FIRST_YEAR_OF_LAST_CENTURY} then 1900 else 2000 end)"


def _month(parts: _Parts) -> str:
    for code in ("b", "B"):
        if code in parts.groups:
            named = f"lower(substr({parts.written(code)}, 1, 3))"
            listed = ", ".join(sql_text(name[:3]) for name in _MONTHS)
            return f"cast(array_position(array({listed}), {named}) as int)"
    return parts.number("m", otherwise=1)


def _hour(parts: _Parts) -> str:
    if "I" not in parts.groups:
        return parts.number("H", otherwise=0)
    hour = parts.number("I", otherwise=0)
    evening = (
        f"case when lower({parts.written('p')}) = 'pm' then 12 else 0 end" if "p" in parts.groups else "0"
    )
    return f"case when {hour} between 1 and 12 then {hour} % 12 + {evening} end"
