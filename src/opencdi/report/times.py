"""Instants as a registrar reads them: Europe/London, day first, the month in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

_LONDON = ZoneInfo("Europe/London")
_MONTHS = [f"{datetime(2000, month, 1):%B}" for month in range(1, 13)]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AN_HOUR = 3_600_000_000


def day_and_time(instant: datetime | None) -> str:
    """``2 March 2026, 09:05``; ``not known`` for None."""
    if instant is None:
        return "not known"
    local = instant.astimezone(_LONDON)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local.hour:02}:{local.minute:02}"


def day(instant: datetime | None) -> str:
    """``2 March 2026``."""
    if instant is None:
        return "not known"
    local = instant.astimezone(_LONDON)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def london(instant: datetime) -> datetime:
    """The clock time in London without its zone, as a spreadsheet holds it."""
    return instant.astimezone(_LONDON).replace(tzinfo=None)


def london_microseconds(instants: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same for many, in microseconds from 1970. Clocks change on the hour and at most once a day, so one
    look a day does, and one an hour on days on which they change."""
    days, place = np.unique(instants // (24 * _AN_HOUR), return_inverse=True)
    starts = np.array([_ahead(24 * int(day)) for day in days], np.int64)
    ends = np.array([_ahead(24 * int(day) + 24) for day in days], np.int64)
    ahead, changing = starts[place], (starts != ends)[place]
    ahead[changing] = [_ahead(int(instant) // _AN_HOUR) for instant in instants[changing]]
    return instants + ahead


@lru_cache(maxsize=100_000)
def _ahead(hour: int) -> int:
    """How far London's clocks are ahead of UTC in an hour from 1970, in microseconds."""
    ahead = (_EPOCH + timedelta(hours=hour)).astimezone(_LONDON).utcoffset()
    return (ahead or timedelta()) // timedelta(microseconds=1)
