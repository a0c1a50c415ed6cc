"""Pages that still say what they said in the report before: they are neither made nor written again.

What a page says is told by a hash of all that it holds and of what it is written with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from opencdi.report.pages import write_text


class KeptPages:
    """The pages of one report as they are made.

    ``standing`` tells what each page of the report before says, by its name, of those that stand as they were
    written; ``written_with`` tells the code and the settings of one report from those of another.
    ``says`` then holds the same of this report, and ``left`` the pages that were left as they stand.
    """

    def __init__(self, standing: Mapping[str, str] | None = None, written_with: str = "") -> None:
        self._standing = standing or {}
        self._written_with = written_with
        self.says: dict[str, str] = {}
        self.left: set[str] = set()

    def write(self, folder: Path, name: str, says: object, make: Callable[[], str]) -> None:
        """Write the page that says this into a folder, unless it stands. ``says`` prints all of it."""
        self.says[name] = hashlib.sha256(f"{self._written_with}\n{says!r}".encode()).hexdigest()[:32]
        if self._standing.get(name) == self.says[name]:
            self.left.add(name)
        else:
            write_text(folder / name, make())
