"""Text by rule, never by guess.

A byte-order mark decides; else strict UTF-8; else strict Windows-1252; else reading stops and names the
byte. (Windows-1252 is the usual other one; Latin-1 would turn its curly quotes into control characters.)
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from opencdi.errors import UserError
from opencdi.records.sources import SourceFile

BY_RULE = "by rule"
CHUNK = 2**22

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MARK_ENCODED_TWICE = codecs.BOM_UTF8.decode("cp1252")
"""What a UTF-8 mark becomes when a program reads it as Windows-1252 and saves it again as UTF-8."""


def charset_of(source: SourceFile, stated: str = BY_RULE) -> str:
    """The Python codec of a text file.

    Raises ``UserError`` naming the byte where the stated character set, or every one of the rule, fails.
    """
    if stated != BY_RULE:
        _check_stated(source, stated)
        return stated
    with source.opened() as file:
        start = file.read(4096)
    for mark, codec in _MARKS:
        if start.startswith(mark):
            _check_decodes(source, codec)
            return codec
    if b"\x00" in start:
        raise UserError(
            f"{source.name} is not text (byte {start.index(0):,} of line "
            f"{start[: start.index(0)].count(10) + 1} "
            "is zero). Export it as CSV; if it is UTF-16 without a mark, say "
            '`charset = "utf-16-le"` in the profile\'s [layout].'
        )
    return _utf_8_or_windows_1252(source)


def _utf_8_or_windows_1252(source: SourceFile) -> str:
    not_utf_8 = first_bad_byte(source, "utf-8")
    if not_utf_8 is None:
        return "utf-8"
    not_windows = first_bad_byte(source, "cp1252")
    if not_windows is None:
        return "cp1252"
    raise UserError(
        f"{source.name} is neither UTF-8 (byte {not_utf_8:,}) nor Windows-1252 (byte {not_windows:,}). "
        "Export it as UTF-8, or state `charset` in the profile's [layout]."
    )


def _check_stated(source: SourceFile, stated: str) -> None:
    try:
        codecs.lookup(stated)
    except LookupError:
        raise UserError(
            f"The profile for {source.name} states the character set `{stated}`, which is not known. "
            "Use utf-8, utf-16 or windows-1252."
        ) from None
    _check_decodes(source, stated)


def _check_decodes(source: SourceFile, codec: str) -> None:
    offset = first_bad_byte(source, codec)
    if offset is not None:
        raise UserError(
            f"{source.name} is not {codec.removesuffix('-sig')} throughout: byte {offset:,} cannot be read. "
            "Export it again, or state its `charset` in the profile's [layout]."
        )


def first_bad_byte(source: SourceFile, codec: str) -> int | None:
    """Offset, from 0, of the first byte a codec cannot read; None where it reads all."""
    decoder = codecs.getincrementaldecoder(codec)()
    read = 0
    with source.opened() as file:
        while True:
            chunk = file.read(CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return read - held + error.start
            if not chunk:
                return None
            read += len(chunk)


def utf_8(file: BinaryIO, codec: str) -> io.BufferedReader:
    """A file of any codec as a stream of UTF-8 without a mark."""
    return io.BufferedReader(_Chunks(_with_line_feeds(_unmarked(_encoded(file, codec)))), CHUNK)


def _encoded(file: BinaryIO, codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    while chunk := file.read(CHUNK):
        yield chunk if codec == "utf-8" else decoder.decode(chunk).encode()


def _unmarked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    yield first.removeprefix(codecs.BOM_UTF8).removeprefix(_MARK_ENCODED_TWICE.encode())
    yield from chunks


def _with_line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Old Macintosh files end their lines with a carriage return alone."""
    first = next(chunks, b"")
    old_macintosh = b"\r" in first and b"\n" not in first
    for chunk in chain((first,), chunks):
        yield chunk.replace(b"\r", b"\n") if old_macintosh else chunk


class _Chunks(io.RawIOBase):
    """An iterator of bytes as a raw stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            try:
                self._left = next(self._chunks)
            except StopIteration:
                return 0
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
