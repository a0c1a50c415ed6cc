"""Dates as people read them: ``1 April 2026``, with times in the force's own zone and the zone named."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats, timezone

LONDON = ZoneInfo("Europe/London")


def day(value: date | datetime | None) -> str:
    """``1 April 2026``; a time is first brought to Europe/London. Empty for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value, LONDON).date()
    return formats.date_format(value, "j F Y")


def clock(value: datetime | None) -> str:
    """``14:05`` in Europe/London. Empty for None."""
    return "" if value is None else timezone.localtime(value, LONDON).strftime("%H:%M")


def moment(value: datetime | None) -> str:
    """``1 April 2026, 14:05 BST``. Empty for None."""
    if value is None:
        return ""
    here = timezone.localtime(value, LONDON)
    return f"{day(here)}, {here:%H:%M} {here.tzname()}"
