"""Which rows belong to an audit's period: rows reported outside it are skipped, and counted as skipped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opencdi.settings import Period

LONDON = ZoneInfo("Europe/London")

GRACE = {"incidents": timedelta(0), "crimes": timedelta(days=1)}
"""A crime record may give the report another minute, and so another day, than its incident does."""


def span_of(period: Period | None, table: str) -> tuple[int, int] | None:
    """The seconds since 1970 from which and before which a row of the table must have been reported."""
    if period is None:
        return None
    grace = GRACE[table]
    return _midnight(period.first_day - grace), _midnight(period.last_day + timedelta(days=1) + grace)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), LONDON).timestamp())
