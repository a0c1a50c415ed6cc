"""When things happen: a daily and weekly rhythm, local time, and the clock changes.

Instants are whole seconds since 1970, UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from opencdi.simulation.draws import Integers, Numbers

LONDON = ZoneInfo("Europe/London")
HOUR = 3600
DAY = 24 * HOUR

_BY_HOUR = np.array(
    [34, 28, 23, 18, 14, 13, 17, 26, 38, 46, 50, 52, 55, 54, 55, 60, 63, 64, 62, 60, 57, 52, 47, 41]
)
_BY_WEEKDAY = np.array([1.0, 0.97, 0.97, 0.99, 1.08, 1.12, 1.01])


class Calendar:
    """The period of a simulation, and how reports spread over it."""

    def __init__(self, first_day: date, days: int) -> None:
        self.first_day = first_day
        self.days = days
        self.starts = np.array(
            [midnight(first_day + timedelta(days=day)) for day in range(days + 1)], dtype=np.int64
        )
        self._edges, self._share = self._rhythm()

    def _rhythm(self) -> tuple[Integers, Numbers]:
        edges = np.arange(self.starts[0], self.starts[-1] + 1, HOUR, dtype=np.int64)
        local = local_seconds(edges[:-1])
        hour = (local // HOUR) % 24
        weekday = (local // DAY + 3) % 7
        cumulative = np.concatenate([[0.0], np.cumsum(_BY_HOUR[hour] * _BY_WEEKDAY[weekday])])
        return edges, cumulative / cumulative[-1]

    def instant_at(self, share: Numbers) -> Integers:
        """The instant by which ``share`` (0 to 1) of the period's reports have come."""
        return np.floor(np.interp(share, self._share, self._edges)).astype(np.int64)

    def share_at(self, instants: Integers) -> Numbers:
        """The inverse of ``instant_at``."""
        return np.interp(instants, self._edges, self._share)

    def day_of(self, instants: Integers) -> Integers:
        """Number of the local day, from 0."""
        return np.searchsorted(self.starts, instants, side="right") - 1


def midnight(day: date) -> int:
    """The instant at which a day begins in London."""
    return int(datetime(day.year, day.month, day.day, tzinfo=LONDON).timestamp())


def _clock_changes() -> tuple[Integers, Integers]:
    instants, offsets = [], []
    for year in range(1971, 2101):
        for month in (3, 10):
            last = date(year, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            instants.append(int(datetime(year, month, sunday.day, 1, tzinfo=ZoneInfo("UTC")).timestamp()))
            offsets.append(HOUR if month == 3 else 0)
    return np.array(instants, dtype=np.int64), np.array([0, *offsets], dtype=np.int64)


_CHANGES, _OFFSETS = _clock_changes()


def local_seconds(instants: Integers) -> Integers:
    """The London wall clock at each instant, as seconds since 1970 without a zone."""
    return instants + _OFFSETS[np.searchsorted(_CHANGES, instants, side="right")]
