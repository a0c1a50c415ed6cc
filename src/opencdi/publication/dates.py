"""Days and times as people read them: ``1 April 2026``, ``9:30am on 14 January 2027`` in London."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "not stated"


def moment(value: datetime) -> str:
    """A time without a zone is London's."""
    local = in_london(value)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'} on {day(local.date())}"


def in_london(value: datetime) -> datetime:
    return value.replace(tzinfo=LONDON) if value.tzinfo is None else value.astimezone(LONDON)


def month_end(of: date) -> date:
    """The last day of a day's month."""
    return of.replace(day=monthrange(of.year, of.month)[1])


def span(first: date | None, last: date | None) -> str:
    """A period as readers of police figures know it: whole months by their names."""
    if first is None or last is None:
        return "period not stated"
    if first.day == 1 and last == month_end(last):
        return f"{first:%B %Y} to {last:%B %Y}"
    return f"{day(first)} to {day(last)}"


def year_of(value: date) -> float:
    """A day as a year with its fraction, for an axis."""
    return value.year + (value.timetuple().tm_yday - 1) / 366
