"""The operational log: one JSON object a line, in UTC, holding codes and never texts.

Written are the time, level, logger, the message's own fixed words, and a short list of known extras.
Messages of other libraries are kept without what they were to be filled with, and of an error only its kind
and place: either may quote an address with a token or what somebody typed (ASVS 16.2.5). JSON escapes line
breaks, so that no value can begin a line of its own (ASVS 16.4.1).
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OURS = "opencdi.review"
EXTRAS = (
    "reference", "route", "method", "status", "milliseconds", "person", "address", "why", "sessions_ended",
)  # fmt: skip
LONGEST = 200


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage() if record.name.startswith(OURS) else str(record.msg)[:LONGEST],
        }
        for name in EXTRAS:
            value = getattr(record, name, None)
            if value is not None and value != "":
                line[name] = value if isinstance(value, (int, float)) else str(value)[:LONGEST]
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["place"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _error(error: BaseException) -> tuple[str, str]:
    """Kind and innermost place of an error; its text may quote what somebody typed."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "unknown"
    return type(error).__name__, where


def to_standard_error() -> dict[str, Any]:
    return _settings({"class": "logging.StreamHandler", "formatter": "json"})


def to_file(path: Path) -> dict[str, Any]:
    return _settings(
        {"class": "logging.FileHandler", "formatter": "json", "filename": str(path), "delay": True}
    )


def _settings(handler: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"lines": handler},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            OURS: {"handlers": ["lines"], "level": "INFO", "propagate": False},
            # Django reports each refused request; ours does so with route and person.
            "django.request": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
            "django.server": {"handlers": [], "propagate": False},
        },
    }
