"""The parts of an audit's tables: stretches of whole days, settled by the data alone.

An incident belongs to the stretch of its report, a crime to that of its recording, and what is derived from
either to the same. Stretches are one, two, four, ... days long, counted from Monday 5 January 1970: long
enough that a part holds some thousands of incidents, short enough that a night touches few.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from opencdi.engine import Dialect

DAY = 86_400
INCIDENTS_A_PART = 6_000
"""A part holds about so many incidents, or up to twice as many; fewer would cost more in small files and
queries than they save."""

_FIRST_MONDAY = date(1970, 1, 5)
_FIRST_SECOND = 4 * DAY
_LONGEST = 512


@dataclass(frozen=True)
class Calendar:
    """Parts of so many days. A part is named by its first day, such as ``2025-09-29``."""

    days: int

    @property
    def seconds(self) -> int:
        return self.days * DAY

    def of(self, instant: str, dialect: Dialect) -> str:
        """SQL for the number of the part that an instant falls in."""
        return part_of(dialect.epoch_seconds(instant), self.days)

    def start(self, number: int) -> int:
        """First second of a part, since 1970."""
        return _FIRST_SECOND + number * self.seconds

    def name(self, number: int) -> str:
        return (_FIRST_MONDAY + timedelta(days=number * self.days)).isoformat()

    def number(self, name: str) -> int:
        return (date.fromisoformat(name) - _FIRST_MONDAY).days // self.days

    def near(self, numbers: Container[int], number: int, before: float, after: float) -> list[int]:
        """Those of some parts that hold an instant within so many seconds of a part, in order."""
        first = number - ceil(before / self.seconds)
        last = number + ceil(after / self.seconds)
        return [each for each in range(first, last + 1) if each in numbers]


def part_of(epoch: str, days: int) -> str:
    """SQL for the number of a part from seconds since 1970."""
    return f"cast(floor(({epoch} - {_FIRST_SECOND}) / {days * DAY}.0) as bigint)"


def calendar_for(incidents_a_day: Mapping[int, int], incidents_a_part: int = INCIDENTS_A_PART) -> Calendar:
    """The calendar that suits incidents counted by day: the shortest whose parts are large enough."""
    days = 1
    mean = sum(incidents_a_day.values()) / max(1, len(incidents_a_day))
    while days < _LONGEST and mean * days < incidents_a_part:
        days *= 2
    return Calendar(days)
