"""Pages that still say what they said in the report before: they are neither made nor written again.

What a page says is told by a hash of all that it holds and of what it is written with. What it rests on is
told by a hash as well, where that is known without reading it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opencdi.report.pages import write_text


@dataclass(frozen=True)
class Kept:
    """What a page ``says``, and what it ``rests_on``, where that is known."""

    says: str
    rests_on: str | None = None


class KeptPages:
    """The pages of one report as they are made.

    ``standing`` tells of each page of the report before that stands as it was written, by its name;
    ``written_with`` tells the code and the settings of one report from those of another.
    ``pages`` then tells of this report's, and ``left`` names those that were left as they stand.
    """

    def __init__(self, standing: Mapping[str, Kept] | None = None, written_with: str = "") -> None:
        self._standing = standing or {}
        self._written_with = written_with
        self.pages: dict[str, Kept] = {}
        self.left: set[str] = set()

    @classmethod
    def from_notes(cls, notes: Mapping[str, Any], written_with: str) -> KeptPages:
        """From what ``as_notes`` gave, of the pages that stand."""
        return cls({name: Kept(**kept) for name, kept in notes.items()}, written_with)

    def as_notes(self) -> dict[str, Any]:
        """What the next report is to know, as JSON may hold it."""
        return {name: dict(vars(kept)) for name, kept in self.pages.items()}

    def leave(self, name: str, rests_on: str | None) -> bool:
        """Leave a page as it stands where what it rests on is known and as it was; whether it is left."""
        kept = self._standing.get(name)
        if kept is None or rests_on is None or kept.rests_on != self._hash(rests_on):
            return False
        self.pages[name] = kept
        self.left.add(name)
        return True

    def write(
        self, folder: Path, name: str, says: object, make: Callable[[], str], rests_on: str | None = None
    ) -> None:
        """Write the page that says this into a folder, unless it stands. ``says`` prints all of it."""
        page = Kept(self._hash(f"{says!r}"), None if rests_on is None else self._hash(rests_on))
        self.pages[name] = page
        if name in self._standing and self._standing[name].says == page.says:
            self.left.add(name)
        else:
            write_text(folder / name, make())

    def _hash(self, text: str) -> str:
        return hashlib.sha256(f"{self._written_with}\n{text}".encode()).hexdigest()[:32]
