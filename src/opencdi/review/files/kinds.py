"""Which files are taken, and how each is recognised by its own bytes (ASVS 5.2.2, 5.2.3).

Text documents and sheets are archives inside: their entries are counted and measured before anything is
unpacked, and those with macros are refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 100_000_000
HIGHEST_RATIO = 200


class NotTakenError(Exception):
    """The file is not one that is taken; the text says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """One kind of file: its ending, its media type, and how it is recognised."""

    ending: str
    media_type: str
    is_one: Callable[[bytes], bool]


def recognised(name: str, content: bytes) -> Kind:
    """The kind of a file, by its ending and its bytes together. Raises NotTakenError."""
    ending = name.rpartition(".")[2].lower()
    kind = KINDS.get("jpg" if ending == "jpeg" else ending)
    if kind is None:
        taken = ", ".join(sorted(KINDS))
        raise NotTakenError(f"Files of this kind are not taken. Send one of: {taken}.")
    if not content:
        raise NotTakenError("The file is empty. Check that it was saved, and send it again.")
    if not kind.is_one(content):
        raise NotTakenError(
            f"The file's name ends in .{ending}, but it is not such a file. Save it anew in that form."
        )
    return kind


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(character) < 32 and character not in "\t\r\n\f" for character in text)


def _archive_with(main: str, says: bytes = b"") -> Callable[[bytes], bool]:
    """An archive of a sound size that holds the entry ``main``, with the content ``says`` if given."""

    def is_one(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _refuse_unsound(archive)
                names = archive.namelist()
                return main in names and (not says or archive.read(main).strip() == says)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError):
            return False

    return is_one


def _refuse_unsound(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked / packed > HIGHEST_RATIO:
        raise NotTakenError("The file unpacks to far more than it should. Save it anew without attachments.")
    for entry in entries:
        name = entry.filename.lower()
        if entry.flag_bits & 1:
            raise NotTakenError("The file is locked with a password. Save it without one and send it again.")
        if name.startswith("/") or ".." in name.split("/"):
            raise NotTakenError("The file is not built as it should be. Save it anew and send it again.")
        if "vbaproject" in name or name.startswith(("basic/", "scripts/")):
            raise NotTakenError("The file holds macros. Save it without them and send it again.")


OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "application/vnd.openxmlformats-officedocument"

KINDS = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", _begins(b"%PDF-")),
        Kind("png", "image/png", _begins(b"\x89PNG\r\n\x1a\n")),
        Kind("jpg", "image/jpeg", _begins(b"\xff\xd8\xff")),
        Kind("txt", "text/plain; charset=utf-8", _is_text),
        Kind("csv", "text/csv; charset=utf-8", _is_text),
        Kind("docx", f"{OFFICE}.wordprocessingml.document", _archive_with("word/document.xml")),
        Kind("xlsx", f"{OFFICE}.spreadsheetml.sheet", _archive_with("xl/workbook.xml")),
        Kind("odt", OPEN_TEXT.decode(), _archive_with("mimetype", OPEN_TEXT)),
        Kind("ods", OPEN_SHEET.decode(), _archive_with("mimetype", OPEN_SHEET)),
    )
}
