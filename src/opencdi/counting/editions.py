"""The editions of the recording rules: when each was in force and what it changed.

The edition follows the date of the report (domain facts, section 1.1); the class of a historic
offence follows the law on the date of the offence.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from opencdi.errors import UserError

PATH = Path(__file__).with_name("hocr") / "editions.toml"


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
def editions(path: Path = PATH) -> tuple[Edition, ...]:
    """Every edition known, the oldest first.

    Raises ``UserError`` where two editions cover one day, or a day between them has none.
    """
    found = tuple(
        Edition(
            name=entry["name"],
            valid_from=entry["valid_from"],
            valid_to=entry.get("valid_to"),
            changed=tuple(entry["changed"]),
            source=entry["source"],
            status=entry["status"],
            note=entry.get("note", ""),
        )
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["edition"]
    )
    for earlier, later in pairwise(found):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise UserError(
                f"{path}: the editions {earlier.name} and {later.name} both cover {later.valid_from}. "
                "End the earlier one on the day before."
            )
        if later.valid_from != earlier.valid_to + timedelta(days=1):
            raise UserError(
                f"{path}: no edition covers {earlier.valid_to + timedelta(days=1)}. "
                f"Let {later.name} begin on that day."
            )
    return found


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
