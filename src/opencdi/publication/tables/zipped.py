"""Zip archives whose bytes depend on their contents alone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
STORED_FIRST = "mimetype"

Edit = Callable[[bytes], bytes]


def rewritten(path: Path, edits: Mapping[str, Edit]) -> None:
    """The archive again with its parts edited: same order, no clock, and nothing of the machine in it.

    Raises ``KeyError`` where a part to edit is not there.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, edit in edits.items():
        parts[name] = edit(parts[name])
    beside = path.with_name(path.name + ".new")
    with zipfile.ZipFile(beside, "w") as archive:
        for name in sorted(parts, key=lambda each: (each != STORED_FIRST, each)):
            archive.writestr(_entry(name), parts[name], compresslevel=6)
    beside.replace(path)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
    entry.compress_type = zipfile.ZIP_STORED if name == STORED_FIRST else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry
