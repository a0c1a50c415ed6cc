"""The shape of a force's numbers, learned from the numbers themselves.

Forces number incidents and crimes in many ways: ``TVP-20260115-0123``, ``43260001234``,
``CR/12345/26``. People then write the same number as ``123 of 15/01/26`` or ``43 26 1234``. What stays
is a serial and the day or year it belongs to; the rest (letters, separators, a constant in front,
leading zeros, the order of the parts) is dress. This module learns from a sample which digits are
which, and gives regular expressions that read a number in every dress it is likely to wear.

A number's *key* is one integer: the period (``yymmdd``, ``yy`` or nothing) in front of twelve digits of
serial. Dress is gone from it, and a slip of the pen stays a small arithmetic difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Order = Literal["ymd", "dmy", "y", ""]
"""How the period of a number is written: a day, year first or day first; a year; nothing."""

SERIAL_DIGITS = 12
"""Digits of a key kept for the serial; a longer serial is compared as written."""


@dataclass(frozen=True)
class PeriodShape:
    """A way of writing a period in digits, as ``strftime`` spells it.

    ``offsets`` are where the two digits of year, month and day begin in it.
    """

    spelling: str
    order: Order
    width: int
    offsets: tuple[int, ...]


_NO_PERIOD = PeriodShape("", "", 0, ())
_PERIOD_SHAPES = (
    PeriodShape("%Y%m%d", "ymd", 8, (2, 4, 6)),
    PeriodShape("%d%m%Y", "dmy", 8, (6, 2, 0)),
    PeriodShape("%y%m%d", "ymd", 6, (0, 2, 4)),
    PeriodShape("%d%m%y", "dmy", 6, (4, 2, 0)),
    PeriodShape("%Y", "y", 4, (2,)),
    PeriodShape("%y", "y", 2, (0,)),
)
"""The longer are tried before the shorter."""

_AGREEMENT = 0.9
"""Share of the sample in which digits must equal the report's date to be taken for a date."""

_COMMON_ENOUGH = 0.02
"""Share of the sample a shape must have to count as one of the force's own."""

_GAP = "[ ]?"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_MONTH = "(0[1-9]|1[0-2])"


@dataclass(frozen=True)
class Reading:
    """A pattern over the digit groups of a number, and which of its groups are what."""

    pattern: str
    period_groups: tuple[int, ...]
    """Groups of the pattern that make the period, in the order year, month, day."""
    serial_group: int


@dataclass(frozen=True)
class NumberFormat:
    """One of a force's ways of numbering.

    ``letters`` and ``constant`` digits stand in front of every number. ``period`` says how its day or year
    is written and ``period_first`` on which side of the serial; ``years`` are the two-digit years seen. A
    serial has ``serial_least`` to ``serial_most`` digits.
    """

    letters: str
    constant: str
    period: PeriodShape
    period_first: bool
    serial_least: int
    serial_most: int
    years: tuple[str, ...]

    @property
    def order(self) -> Order:
        return self.period.order

    def readings(self) -> tuple[Reading, ...]:
        """Every reading of a number of this format, its own first; several may fit one text."""
        orders: dict[Order, tuple[Order, ...]] = {"ymd": ("ymd", "dmy"), "dmy": ("dmy", "ymd")}
        ways = (
            (order, first)
            for order in orders.get(self.order, (self.order,))
            for first in (self.period_first, not self.period_first)
        )
        return tuple(dict.fromkeys(reading for way in ways for reading in self._readings_in(*way)))

    def serial_alone(self) -> Reading | None:
        """The reading of a bare serial whose day or year was left out; None where there is none."""
        return Reading(f"^{self._loose_serial}$", (), 1) if self.order else None

    def _readings_in(self, order: Order, period_first: bool) -> tuple[Reading, ...]:
        start = f"^(?:{self.constant}{_GAP})?" if self.constant else "^"
        if not order:
            return (Reading(f"{start}{self._loose_serial}$", (), 1),)
        period, loose = self._period_pattern(order), self._loose_serial
        full = f"([0-9]{{{self.serial_most}}})"
        if period_first:
            groups, serial = _places(order, 1), len(order) + 1
            return (
                Reading(f"{start}{period} {loose}$", groups, serial),
                Reading(f"{start}{period}{full}$", groups, serial),
            )
        groups = _places(order, 2)
        return (
            Reading(f"{start}{loose} {period}$", groups, 1),
            Reading(f"{start}{full}{period}$", groups, 1),
        )

    @property
    def _loose_serial(self) -> str:
        return f"0*([0-9]{{1,{self.serial_most}}})"

    def _period_pattern(self, order: Order) -> str:
        year = f"(?:20)?({'|'.join(self.years)})"
        return {
            "y": year,
            "ymd": f"{year}{_GAP}{_MONTH}{_GAP}{_DAY}",
            "dmy": f"{_DAY}{_GAP}{_MONTH}{_GAP}{year}",
        }[order]

    def in_text(self) -> tuple[str, ...]:
        """Patterns that find such a number quoted in running text; letters in capitals."""
        joint = "[ /.:-]{0,2}"
        front = r"\b" + (f"(?:{self.letters}{joint})?" if self.letters else "")
        front += f"(?:{self.constant}{joint})?" if self.constant else ""
        full, end = f"[0-9]{{{self.serial_most}}}", r"\b"
        if not self.order:
            return self._unperiodic_in_text(joint)
        between = "[ /.:-]{1,3}(?:OF |ON |DATED )?"
        serial = f"[0-9]{{{min(self.serial_least, 3)},{self.serial_most}}}"
        period = self._period_in_text()
        glued = f"{front}{period}{full}{end}" if self.period_first else f"{front}{full}{period}{end}"
        return (glued, f"{front}{period}{between}{serial}{end}", f"{front}{serial}{between}{period}{end}")

    def mark_in_text(self) -> str:
        """A pattern, quicker than those of ``in_text``, of every text in which they find a number."""
        if self.order:
            return "|".join(self.years)
        return f"(?i:{self.letters})" if self.letters else "[0-9]"

    def _unperiodic_in_text(self, joint: str) -> tuple[str, ...]:
        if self.letters:
            return (rf"\b{self.letters}{joint}{self.constant}[0-9]{{1,{self.serial_most}}}\b",)
        if len(self.constant) + self.serial_least < 5:
            return ()
        return (rf"\b{self.constant}[0-9]{{{self.serial_least},{self.serial_most}}}\b",)

    def _period_in_text(self) -> str:
        year = f"(?:20)?(?:{'|'.join(self.years)})"
        if self.order == "y":
            return year
        month, day, gap = "(?:[0-9]{2}|[A-Z]{3})", "[0-9]{2}", "[ /.-]?"
        return f"(?:{year}{gap}{month}{gap}{day}|{day}{gap}{month}{gap}{year})"


def key_of(written: str, formats: Sequence[NumberFormat]) -> int | None:
    """The key of one number as written, by the first reading that fits; None where none does.

    ``references`` does the same in bulk, in SQL, with every reading that fits.
    """
    groups = digit_groups(written)
    for number_format in formats:
        for reading in number_format.readings():
            found = re.search(reading.pattern, groups)
            if found:
                period = "".join(found[group] for group in reading.period_groups)
                return int(period + found[reading.serial_group].rjust(SERIAL_DIGITS, "0"))
    return None


def digit_groups(written: str) -> str:
    """``TVP-20260115-0123`` becomes ``20260115 0123``."""
    return " ".join(re.findall("[0-9]+", written))


def learn(sample: Iterable[tuple[str, date]]) -> tuple[NumberFormat, ...]:
    """The formats of a sample of (number, local day of the record), the commonest first.

    A number without digits teaches nothing; a shape rarer than one in fifty is left out, as is a
    serial of more than twelve digits.
    """
    shapes: dict[tuple[str, int], list[tuple[list[str], date]]] = {}
    for number, day in sample:
        groups = digit_groups(number).split()
        if groups:
            letters = re.match("[A-Z]*", number.strip().upper())
            shape = (letters[0] if letters else "", len(groups))
            shapes.setdefault(shape, []).append((groups, day))
    seen = sum(len(rows) for rows in shapes.values())
    common = sorted(shapes.items(), key=lambda item: (-len(item[1]), item[0]))
    formats = (
        _format_of(rows, letters) for (letters, _), rows in common if len(rows) >= _COMMON_ENOUGH * seen
    )
    return tuple(dict.fromkeys(found for found in formats if found is not None))


def _format_of(rows: Sequence[tuple[list[str], date]], letters: str) -> NumberFormat | None:
    days = [day for _, day in rows]
    constant = _constant([groups for groups, _ in rows], days)
    bodies = ["".join(groups)[len(constant) :] for groups, _ in rows]
    period, first, serials = _split(bodies, days)
    widths = {len(serial) for serial in serials}
    if not widths or max(widths) > SERIAL_DIGITS:
        return None
    years = tuple(sorted({f"{day:%y}" for day in set(days)}))
    return NumberFormat(letters, constant, period, first, min(widths), max(widths), years)


def _split(bodies: Sequence[str], days: Sequence[date]) -> tuple[PeriodShape, bool, list[str]]:
    """How a period is written in nearly all bodies, on which side, and what is left of each."""
    different = set(days)
    for shape in _PERIOD_SHAPES:
        spelled = {day: day.strftime(shape.spelling) for day in different}
        written = [spelled[day] for day in days]
        for first in (True, False):
            if _soon_refuted(bodies, written, first):
                continue
            serials = _serials(bodies, written, first)
            if len(serials) >= _AGREEMENT * len(bodies):
                return shape, first, serials
    return _NO_PERIOD, True, [body for body in bodies if body]


def _soon_refuted(bodies: Sequence[str], written: Sequence[str], first: bool) -> bool:
    """Whether the first fifth of a sample lets its period be so written in too few already."""
    some = len(bodies) // 5
    lacking = some - len(_serials(bodies[:some], written[:some], first))
    return len(bodies) - lacking < _AGREEMENT * len(bodies)


def _serials(bodies: Sequence[str], written: Sequence[str], first: bool) -> list[str]:
    """What is left of each number that has its period on the given side."""
    pairs = [(body, text) for body, text in zip(bodies, written, strict=True) if len(body) > len(text)]
    if first:
        return [body[len(text) :] for body, text in pairs if body.startswith(text)]
    return [body[: -len(text)] for body, text in pairs if body.endswith(text)]


def _constant(parts: Sequence[Sequence[str]], days: Sequence[date]) -> str:
    """Up to two digits, or a first group, before every number; neither a year nor leading zeros."""
    firsts = sorted({groups[0] for groups in parts})
    if len(firsts) == 1:
        candidate = firsts[0] if len(parts[0]) > 1 else ""
    else:
        candidate = _shared_start(firsts[0], firsts[-1])[:2]
    years = {text for day in set(days) for text in (f"{day:%y}", f"{day:%Y}"[:2])}
    is_year = any(candidate.startswith(year[: len(candidate)]) for year in years)
    return "" if is_year or not candidate.strip("0") else candidate


def _shared_start(low: str, high: str) -> str:
    same = next(
        (n for n, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high))
    )
    return low[:same]


def _places(order: Order, start: int) -> tuple[int, ...]:
    """Where year, month and day stand among a pattern's groups that begin at ``start``."""
    return tuple(start + order.index(part) for part in "ymd" if part in order)
