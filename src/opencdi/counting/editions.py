"""The editions of the recording rules: when each was in force and what it changed.

The edition follows the date of the report (domain facts, section 1.1); the class of a historic
offence follows the law on the date of the offence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from opencdi.errors import UserError


@dataclass(frozen=True)
class Edition:
    """One state of the rules, from its first day to its last, both included."""

    name: str
    valid_from: date
    valid_to: date | None
    changed: tuple[str, ...]
    source: str
    status: str
    note: str = ""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def editions() -> tuple[Edition, ...]:
    """Every edition known, the oldest first."""
    text = Path(__file__).with_name("hocr").joinpath("editions.toml").read_text(encoding="utf-8")
    return tuple(
        Edition(
            name=entry["name"],
            valid_from=entry["valid_from"],
            valid_to=entry.get("valid_to"),
            changed=tuple(entry["changed"]),
            source=entry["source"],
            status=entry["status"],
            note=entry.get("note", ""),
        )
        for entry in tomllib.loads(text)["edition"]
    )


EDITIONS: tuple[Edition, ...] = editions()


def edition(name: str) -> Edition:
    """The edition of that name. Raises ``UserError`` naming those that exist."""
    for found in EDITIONS:
        if found.name == name:
            return found
    names = ", ".join(found.name for found in EDITIONS)
    raise UserError(f"There is no edition `{name}` of the rules. Choose one of {names}, or `by-date`.")


def edition_on(day: date) -> Edition:
    """The edition in force on the date of the report (Europe/London).

    Raises ``UserError`` for a day before the first edition known here.
    """
    for found in EDITIONS:
        if found.covers(day):
            return found
    raise UserError(
        f"No edition of the rules is known for {day.isoformat()}: the first begins on "
        f"{EDITIONS[0].valid_from.isoformat()}. Leave reports before it out, or name an edition yourself."
    )
