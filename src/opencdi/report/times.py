"""Instants as a registrar reads them: Europe/London, day first, the month in words."""

from __future__ import annotations

from datetime import datetime

import pytz

_LONDON = pytz.timezone("Europe/London")


def day_and_time(instant: datetime | None) -> str:
    """``2 March 2026, 09:05``; ``not known`` for None."""
    if instant is None:
        return "not known"
    local = instant.astimezone(_LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"


def day(instant: datetime | None) -> str:
    """``2 March 2026``."""
    if instant is None:
        return "not known"
    local = instant.astimezone(_LONDON)
    return f"{local.day} {local:%B %Y}"


def london(instant: datetime) -> datetime:
    """The clock time in London without its zone, as a spreadsheet holds it."""
    return instant.astimezone(_LONDON).replace(tzinfo=None)
