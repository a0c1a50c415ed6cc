"""Stretches of local time in which clocks are not changed, so that an instant is a subtraction.

To ask an engine's calendar for each of millions of local times costs several times as much as to read them.
Near a change of the clocks, and long ago, it is still asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

YEARS_BACK, YEARS_ON = 2, 1
"""More years would serve few rows, and make every statement that reads an instant longer."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Steady:
    """Local times from ``first`` up to ``after``: each occurs once, ``ahead`` seconds ahead of UTC."""

    first: datetime
    after: datetime
    ahead: int


def steady(zone: str) -> tuple[Steady, ...]:
    """The stretches of a zone around today, the latest first; none of a zone that Python does not know."""
    this_year = datetime.now(UTC).year
    return _steady_between(zone, this_year - YEARS_BACK, this_year + YEARS_ON)


@cache
def _steady_between(zone: str, first_year: int, last_year: int) -> tuple[Steady, ...]:
    """The stretches from the beginning of one year to that of another.

    Clocks are compared from midnight to midnight; a day at either end of a stretch is left out, so that a
    change at midnight itself falls into none.
    """
    try:
        clock = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ()
    found: list[Steady] = []
    day, end = datetime(first_year, 1, 1), datetime(last_year, 1, 1)
    begun, ahead = day, _ahead(day, clock)
    while day < end:
        day += _DAY
        now = _ahead(day, clock)
        if now != ahead or day == end:
            first, after = begun + _DAY, day - 2 * _DAY
            if first < after:
                found.append(Steady(first, after, ahead))
            begun, ahead = day, now
    return tuple(reversed(found))


def _ahead(wall_clock: datetime, zone: ZoneInfo) -> int:
    offset = wall_clock.replace(tzinfo=zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
