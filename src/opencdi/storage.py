"""Files of an audit: hashed, written whole by one run at a time, and a full disk said in a sentence."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from opencdi.errors import UserError

_SETTLED_SECONDS = 0.1
"""A file changed less long ago could change again without its time of change moving on."""

_WORKBOOK = ".xlsx"


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise UserError(f"There is no file {path}. Check the name in audit.toml.") from None


def json_hash(value: Any) -> str:
    """SHA-256 of a value's JSON with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a kill leaves the old one or the new one, never half."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def keep_notes(path: Path, notes: Any) -> None:
    """Keep what JSON may hold, with its hash, making the folder if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps({"sha256": json_hash(notes), "notes": notes}))


def kept_notes(path: Path) -> Any:
    """What ``keep_notes`` kept; None where it is lost or not as it was written."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept["notes"] if kept["sha256"] == json_hash(kept["notes"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_instead(path: Path, content: bytes, others: str) -> bool:
    """Keep a file that may be lost at any time, in place of those beside it that match ``others``; whether
    its folder could be written to. Several processes may do so at once."""
    beside = path.with_name(f"{path.stem}-{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
        for other in set(path.parent.glob(others)) - {path}:
            other.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        return False
    return True


class HashBook:
    """Hashes of files, remembered by size, time of change and inode, so that no file is read twice.

    ``page`` is where they are kept from run to run; losing it costs time and nothing else.
    """

    def __init__(self, page: Path) -> None:
        self._page = page
        self._known = _known_hashes(page)
        self._changed = False

    def hash(self, path: Path) -> str:
        """As ``file_hash``."""
        try:
            stat = path.stat()
        except FileNotFoundError:
            return file_hash(path)
        return self._hash(str(path), stat)

    def hashes_in(self, folder: Path, ending: str) -> dict[str, str]:
        """The hash of every file with this ending in a folder, by its name without it, in the order of names;
        none where there is no such folder."""
        try:
            with os.scandir(folder) as entries:
                there = sorted(
                    (each for each in entries if each.name.endswith(ending)), key=attrgetter("name")
                )
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return {each.name.removesuffix(ending): self._hash(each.path, each.stat()) for each in there}

    def _hash(self, path: str, stat: os.stat_result) -> str:
        mark = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        known = self._known.get(path)
        if known is not None and known[:3] == mark:
            return str(known[3])
        found = file_hash(Path(path))
        if time.time() - stat.st_mtime > _SETTLED_SECONDS:
            self._known[path] = [*mark, found]
            self._changed = True
        return found

    def learn(self, path: Path, found: str) -> None:
        """Remember the hash of a file that was just written and moved into place, whole."""
        stat = path.stat()
        self._known[str(path)] = [stat.st_size, stat.st_mtime_ns, stat.st_ino, found]
        self._changed = True

    def keep(self) -> None:
        """Write what is known down, where its folder is there."""
        if self._changed and self._page.parent.is_dir():
            there = {name: known for name, known in self._known.items() if os.path.exists(name)}  # noqa: PTH110
            write_whole(self._page, json.dumps(there))
            self._changed = False


def _known_hashes(page: Path) -> dict[str, list[Any]]:
    """What a page of hashes says; nothing where it is lost or spoiled."""
    try:
        known = json.loads(page.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    sound = isinstance(known, dict) and all(
        isinstance(each, list) and len(each) == 4 for each in known.values()
    )
    return known if sound else {}


def standing_documents(target: Path, before: Mapping[str, str], hashes: HashBook) -> set[str]:
    """Those of some documents that nobody has changed since they were written; ``before`` gives the hash of
    each."""
    return {
        name
        for name, written in before.items()
        if (target / name).exists() and hashes.hash(target / name) == written
    }


def replace_documents(
    fresh: Path,
    target: Path,
    before: Mapping[str, str],
    standing: Collection[str],
    left: Collection[str],
    hashes: HashBook,
) -> dict[str, str]:
    """Move new documents into place and remove the ones no longer made; give the hash of each.

    ``before`` gives the hashes of those written the time before, of which ``left`` are to stay. One that is
    not among ``standing`` was changed by a person since (a worklist with verdicts typed in) and is kept
    beside the new one under a name that says so; but where it is the new one, a run was killed between moving
    it and writing that down. A workbook of which nothing is written down (the record was lost) may hold a
    person's words as well.
    """
    made = {
        str(path.relative_to(fresh)): file_hash(path) for path in sorted(fresh.rglob("*")) if path.is_file()
    }
    target.mkdir(exist_ok=True)
    unknown = {name for name in made if name.endswith(_WORKBOOK)} - set(before)
    for name in unknown | (set(before) - set(left)):
        old = target / name
        if name not in standing and old.exists() and (found := file_hash(old)) != made.get(name):
            old.replace(old.with_name(f"{old.stem}-changed-{found[:8]}{old.suffix}"))
        elif name not in made:
            old.unlink(missing_ok=True)
    _move_in(fresh, target)
    for name, found in made.items():
        hashes.learn(target / name, found)
    return {**made, **{name: before[name] for name in left}}


def _move_in(fresh: Path, target: Path) -> None:
    """Move folders that are new there as a whole, and all other documents one by one."""
    for folder in [each for each in fresh.iterdir() if each.is_dir()]:
        if not (target / folder.name).exists():
            folder.replace(target / folder.name)
    for path in [each for each in fresh.rglob("*") if each.is_file()]:
        place = target / path.relative_to(fresh)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


@contextmanager
def one_run(root: Path) -> Iterator[None]:
    """Hold a folder for one run. Raises ``UserError`` where another run holds it, or there is none."""
    if not root.is_dir():
        raise UserError(f"There is no folder {root}. Name the folder of an audit, or of a country.")
    with sentence_for_the_disk(root), (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"Another run is working on {root}. Wait until it has ended, then run again."
            ) from None
        yield


@contextmanager
def sentence_for_the_disk(root: Path) -> Iterator[None]:
    """Turn a full disk, too little memory, a folder without write permission, or a file in the place of a
    folder, into a sentence.

    DuckDB and Arrow report both as their own errors, which carry the system's words and not its number.
    """
    try:
        yield
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        number = error.errno if isinstance(error, OSError) else None
        words = str(error)
        if isinstance(error, duckdb.OutOfMemoryException):
            raise UserError(
                f"The memory this run may use is too little for {root}. The tables are as they were; allow "
                "more with --memory, such as 1GB, and run again."
            ) from None
        if number == errno.ENOSPC or os.strerror(errno.ENOSPC) in words:
            raise UserError(
                f"The disk that holds {root} is full. The tables are as they were; make room and run again."
            ) from None
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise UserError(
                f"{error.filename} is a file where a folder of the audit belongs. Move it away and run again."
            ) from None
        if number in (errno.EACCES, errno.EROFS, errno.EPERM) or os.strerror(errno.EACCES) in words:
            raise UserError(
                f"{root} cannot be written to. Give yourself the right to write there, or use another folder."
            ) from None
        raise
