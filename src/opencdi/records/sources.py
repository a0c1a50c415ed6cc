"""Which bytes an export consists of: plain files, gzip, and the members of a zip."""

from __future__ import annotations

import glob
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from opencdi.errors import UserError
from opencdi.records.database import address, is_address

Kind = Literal["text", "workbook", "parquet", "json"]

KINDS: dict[str, Kind] = {
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xlsb": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
"""What a file's ending says it is. Every other ending is taken for delimited text."""

BOMB_BYTES = 64 * 2**20
BOMB_RATIO = 250
"""A compressed file may unpack to 64 MB, or to 250 times its size where that is more. Exports of text
shrink to between a third and a fiftieth."""

_MAGIC = (
    (b"PK\x03\x04", "a zip or Excel file", (".zip", ".xlsx", ".xlsm", ".xlsb", ".ods")),
    (b"\x1f\x8b", "a gzip file", (".gz",)),
    (b"\xd0\xcf\x11\xe0", "an old Excel file", (".xls",)),
    (b"PAR1", "a Parquet file", (".parquet", ".pq")),
    (b"%PDF", "a PDF", (".pdf",)),
)


@dataclass(frozen=True)
class SourceFile:
    """One file to read, perhaps inside a zip or gzip.

    ``name`` is what tables and sentences call it; ``kind`` what its ending says it is.
    """

    name: str
    path: Path
    member: str | None
    suffix: str
    zipped: bool

    @property
    def kind(self) -> Kind:
        return KINDS.get(self.suffix, "text")

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The unpacked bytes, as a stream that stops at the bomb limit."""
        with self._sentences(), self.path.open("rb") as file:
            if self.member is not None:
                with zipfile.ZipFile(file) as archive:
                    info = archive.getinfo(self.member)
                    with archive.open(info) as member:
                        yield self._limited(member, info.compress_size)
            elif self.zipped:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield self._limited(unpacked, self.path.stat().st_size)
            else:
                yield file

    def _limited(self, stream: object, packed: int) -> BinaryIO:
        limit = max(BOMB_BYTES, BOMB_RATIO * packed)
        return io.BufferedReader(_Limited(stream, limit, self.name), 2**20)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError):
            raise UserError(
                f"{self.name} is damaged or cut short and cannot be unpacked. Export or copy it again."
            ) from None
        except PermissionError:
            raise UserError(
                f"{self.name} may not be read. Ask for the right to read it, then run again."
            ) from None


class _Limited(io.RawIOBase):
    """A stream that refuses to unpack without end."""

    def __init__(self, stream: object, limit: int, name: str) -> None:
        self._stream, self._left, self._limit, self._name = stream, limit, limit, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        count: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        self._left -= count
        if self._left < 0:
            raise UserError(
                f"{self._name} unpacks to more than {self._limit // 2**20:,} MB, far more than an export of "
                "its size holds. If it is genuine, unpack it yourself and name the unpacked file."
            )
        return count


def expanded(patterns: Sequence[str], root: Path) -> list[SourceFile]:
    """The files that paths and globs (relative to ``root``) name, zips opened, in a stable order; then what
    was fetched from databases.

    Raises ``UserError`` for a path that names nothing, a folder, a file whose bytes are not what its ending
    says, or a table not fetched yet.
    """
    files = [pattern for pattern in patterns if not is_address(pattern)]
    found = [source for path in _paths(files, root) for source in _members(path, _shown(path, root))]
    return [
        *found,
        *(each for pattern in patterns if is_address(pattern) for each in _fetched(pattern, root)),
    ]


def _fetched(pattern: str, root: Path) -> list[SourceFile]:
    """A table of a database, as it was fetched into the audit's folder: one file, or one a fetch, which are
    files like any other."""
    table = address(pattern)
    paths = table.snapshots(root)
    if not paths:
        raise UserError(f"{pattern} has not been fetched yet. Run `opencdi audit {root}`, which fetches it.")
    names = [_shown(path, root) for path in paths] if table.changed else [pattern]
    return [
        SourceFile(name, path, None, ".parquet", zipped=False)
        for name, path in zip(names, paths, strict=True)
    ]


def _paths(patterns: Sequence[str], root: Path) -> list[Path]:
    found: list[Path] = []
    for pattern in patterns:
        path = root / pattern
        if path.is_dir():
            raise UserError(
                f"{pattern} is a folder. Name the files in it, such as {pattern.rstrip('/')}/*.csv."
            )
        if path.exists():
            found.append(path)
            continue
        names = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207 (a pattern may be absolute)
        matches = sorted(root / name for name in names)
        for match in matches:
            _refuse_no_file(match, _shown(match, root))
        matches = [match for match in matches if match.is_file()]
        if not matches:
            raise UserError(f"There is no file {pattern} (looked in {root}). Check its name.")
        found.extend(matches)
    return list(dict.fromkeys(found))


def _refuse_no_file(match: Path, name: str) -> None:
    """Raises ``UserError`` for a match that should be a file and is none: to pass over it would lose a night.

    Folders without an ending may lie among exports.
    """
    if match.is_dir() and match.suffix:
        raise UserError(f"{name} is a folder, although it is named like a file. Name the files in it.")
    if not match.exists():
        raise UserError(
            f"{name} is a link to a file that is not there. Bring the file back, or take the link away."
        )


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _members(path: Path, name: str) -> list[SourceFile]:
    suffix = path.suffix.lower()
    _check_magic(path, name, suffix)
    if suffix == ".gz":
        return [SourceFile(name, path, None, Path(path.stem).suffix.lower(), zipped=True)]
    if suffix != ".zip":
        return [SourceFile(name, path, None, suffix, zipped=False)]
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if _is_export(info)]
    except zipfile.BadZipFile:
        raise UserError(f"{name} is damaged and cannot be unpacked. Export or copy it again.") from None
    if not infos:
        raise UserError(f"{name} holds no files. Export it again.")
    for info in infos:
        inner = Path(info.filename).suffix.lower()
        if info.flag_bits & 1:
            raise UserError(f"{name} is locked with a password. Unpack it yourself and name the file in it.")
        if inner in (".zip", ".gz"):
            raise UserError(
                f"{name} holds another archive, {info.filename}. Unpack it and name what is in it."
            )
    return [
        SourceFile(
            f"{name}/{info.filename}", path, info.filename, Path(info.filename).suffix.lower(), zipped=True
        )
        for info in sorted(infos, key=lambda info: info.filename)
    ]


def _is_export(info: zipfile.ZipInfo) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in Path(info.filename).parts)
    return not info.is_dir() and not hidden


def _check_magic(path: Path, name: str, suffix: str) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except PermissionError:
        raise UserError(f"{name} may not be read. Ask for the right to read it, then run again.") from None
    if not start:
        raise UserError(f"{name} is empty (0 bytes). Export it again.")
    for magic, what, suffixes in _MAGIC:
        if start.startswith(magic) and suffix not in suffixes:
            ending = f"Name it with the ending {suffixes[0]}" if suffixes[0] != ".pdf" else "Export it as CSV"
            raise UserError(f"{name} is {what}, whatever its name says. {ending}, and run again.")
    expected = [what for _, what, suffixes in _MAGIC if suffix in suffixes]
    if expected and not any(start.startswith(magic) for magic, _, suffixes in _MAGIC if suffix in suffixes):
        raise UserError(
            f"{name} is not {expected[0]}, although its name says so (line 1, byte 0). "
            "Reports are often text under an Excel name: rename it to .csv, or export it again."
        )
