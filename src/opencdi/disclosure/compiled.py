"""The pattern book compiled for the batch, kept in a file: a night reads it in the time of opening one.

The file holds plain arrays and text, beside Python's own compiled modules (or in the user's cache where
that folder may not be written to). Its name carries a digest of the patterns and of the code that compiles
them. Losing it costs the seconds of compiling again and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np

from opencdi.disclosure.book import PATTERNS, GroupSupport, Kind, Outline, the_book
from opencdi.storage import keep_instead

if TYPE_CHECKING:
    from opencdi.disclosure.kernel_tables import AllTables

_OUTLINE = "outline"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)

Kept = Mapping[str, Any]
"""Arrays by name, and the outline as JSON."""


@cache
def the_outline() -> Outline:
    """The outline of the pattern book that is shipped."""
    kept = _kept()
    return the_book().outline if kept is None else _outline_from(str(kept[_OUTLINE]))


@cache
def the_tables() -> AllTables:
    """The pattern book that is shipped, as the kernels need it."""
    from opencdi.disclosure.kernel_tables import AllTables

    # Always as they come from a file: Numba takes an array that may be written to for another type.
    kept = _kept() or _compiled()
    found: AllTables = _planted(AllTables, kept, "tables")
    return found


@cache
def _kept() -> Kept | None:
    for place in _places():
        try:
            with np.load(place, allow_pickle=False) as file:
                return {name: _unchanging(file[name]) for name in file.files}
        except _UNREADABLE:
            continue
    return None


def _compiled() -> Kept:
    """The book compiled, and kept for the next time where there is a folder for it."""
    from opencdi.disclosure.kernel_tables import all_tables
    from opencdi.disclosure.reader import Reader

    book = the_book()
    kept = {
        name: _unchanging(np.asarray(value)) for name, value in _leaves(all_tables(Reader(book)), "tables")
    }
    kept[_OUTLINE] = np.array(json.dumps(asdict(book.outline), default=sorted))
    file = _as_file(kept)
    any(keep_instead(place, file, "book-*.npz") for place in _places())
    return kept


def _as_file(kept: Kept) -> bytes:
    file = io.BytesIO()
    np.savez(file, **kept)
    return file.getvalue()


@cache
def _places() -> tuple[Path, ...]:
    """Where the compiled book may lie."""
    digest = hashlib.sha256(f"{sys.byteorder} {np.__version__}".encode())
    for path in (*sorted(PATTERNS.glob("*.toml")), *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    name = f"book-{digest.hexdigest()[:16]}.npz"
    of_the_user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(__file__).parent / "__pycache__" / name, of_the_user / "opencdi" / name


# As arrays by name ------------------------------------------------------------------------------------


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The arrays and numbers of tables within tables, each with its name."""
    if isinstance(value, tuple):
        for part, of in value._asdict().items():  # type: ignore[attr-defined]
            yield from _leaves(of, f"{name}.{part}")
    else:
        yield name, value


def _planted(kind: Any, kept: Kept, name: str) -> Any:
    """Tables of a kind, from ``_leaves``."""
    if kind is Any:
        return kept[name]
    return kind(**{part: _planted(of, kept, f"{name}.{part}") for part, of in get_type_hints(kind).items()})


def _unchanging(value: Any) -> Any:
    """An array that may not be written to; a number as such."""
    if value.ndim == 0:
        return value[()]
    value.flags.writeable = False
    return value


def _outline_from(text: str) -> Outline:
    found = json.loads(text)
    return Outline(
        tuple(found["tags"]),
        tuple(found["rules"]),
        {
            name: Kind(**{**kind, "absorbs": frozenset(kind["absorbs"])})
            for name, kind in found["kinds"].items()
        },
        {
            name: GroupSupport(group["kind"], frozenset(group["families"]))
            for name, group in found["groups"].items()
        },
    )
