"""SHA256SUMS of a site: every file with its hash, as ``sha256sum --check`` reads it."""

from __future__ import annotations

from pathlib import Path

from opencdi.bundle.files import sha256_of

NAME = "SHA256SUMS"


def write_checksums(folder: Path) -> None:
    """Write it last: it covers every file that is there, but for itself and hidden files."""
    (folder / NAME).write_text(checksums(folder), encoding="utf-8", newline="\n")


def checksums(folder: Path) -> str:
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != NAME and not path.name.startswith(".")
    )
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in files)
