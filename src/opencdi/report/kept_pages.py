"""Pages of records as they were written before, so that a nightly report fills in only those that changed.

A page is kept under a hash of all that it says and of what it is written with. Losing it costs time and
nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path


class KeptPages:
    """Pages in ``folder``, made if it is not there. ``written_with`` tells the code and the settings of one
    report from those of another. Close it to forget the pages that were not asked for."""

    def __init__(self, folder: Path, written_with: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._written_with = written_with
        self._known = {path.stem: path for path in folder.glob("*.html")}
        self._used: set[str] = set()

    def page(self, says: object, make: Callable[[], str]) -> str:
        """The page that says this, made where it is not kept. ``says`` prints all of it."""
        key = hashlib.sha256(f"{self._written_with}\n{says!r}".encode()).hexdigest()[:32]
        self._used.add(key)
        if key in self._known:
            return self._known[key].read_text(encoding="utf-8")
        text = make()
        path = self._folder / f"{key}.html"
        beside = path.with_suffix(".new")
        beside.write_text(text, encoding="utf-8")
        self._known[key] = beside.replace(path)
        return text

    def close(self) -> None:
        for key in set(self._known) - self._used:
            self._known[key].unlink(missing_ok=True)
