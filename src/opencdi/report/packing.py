"""Pieces of a file in an archive, each packed by itself, so that what stays the same is packed once.

Deflated data that ends on a byte may be joined to the next, and the checksum of the whole follows from those
of its pieces (RFC 1951; the reckoning is that of zlib's ``crc32_combine``).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

_LEVEL = 1
"""The usual level would be most of the cost of the report."""
_END = b"\x03\x00"
"""An empty last piece."""
_MADE = (1980, 1, 1, 0, 0, 0)
"""The time inside the archive, always the same so that the same rows give the same bytes."""


@dataclass(frozen=True)
class Packed:
    """A piece: its deflated bytes, and the checksum and length of what they hold."""

    data: bytes
    checksum: int
    length: int

    def as_bytes(self) -> bytes:
        """The same as a file may hold it."""
        return self.checksum.to_bytes(4, "big") + self.length.to_bytes(8, "big") + self.data

    @classmethod
    def from_bytes(cls, kept: bytes) -> Packed:
        """From what ``as_bytes`` gave."""
        return cls(kept[12:], int.from_bytes(kept[:4], "big"), int.from_bytes(kept[4:12], "big"))


def packed(text: bytes) -> Packed:
    """A piece packed so that another may follow."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
    return Packed(data, zlib.crc32(text), len(text))


def write_entry(archive: zipfile.ZipFile, name: str, pieces: Iterable[Packed]) -> None:
    """Write a file into an archive that is being written, one piece at a time."""
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.CRC = 0
    file = archive.fp
    assert file is not None, "an open archive"
    entry.header_offset = file.tell()
    file.write(entry.FileHeader(zip64=True))
    for piece in pieces:
        file.write(piece.data)
        entry.compress_size += len(piece.data)
        entry.file_size += piece.length
        entry.CRC = _joined_checksum(entry.CRC, piece.checksum, piece.length)
    file.write(_END)
    entry.compress_size += len(_END)
    _finish(archive, entry)


def _finish(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Complete the entry's heading and list it: what ``ZipFile`` does for data that it packs itself."""
    file = archive.fp
    assert file is not None, "an open archive"
    archive.start_dir = file.tell()
    file.seek(entry.header_offset)
    file.write(entry.FileHeader(zip64=True))
    file.seek(archive.start_dir)
    archive.filelist.append(entry)
    archive.NameToInfo[entry.filename] = entry
    archive._didModify = True  # type: ignore[attr-defined]


# The checksum of two pieces together: polynomials modulo 2, the lowest power in the highest bit ----------

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


def _joined_checksum(first: int, second: int, length: int) -> int:
    """The checksum of a text from that of its beginning and that of its last so many bytes."""
    return _product(_power(8 * length), first) ^ second


def _product(a: int, b: int) -> int:
    total = 0
    for bit in range(31, -1, -1):
        if a >> bit & 1:
            total ^= b
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
    return total


def _power(exponent: int) -> int:
    """x to a power, from its squares."""
    found = _ONE
    for bit in range(exponent.bit_length()):
        if exponent >> bit & 1:
            found = _product(_square(bit), found)
    return found


@cache
def _square(times: int) -> int:
    """x squared so many times over."""
    if not times:
        return _ONE >> 1
    before = _square(times - 1)
    return _product(before, before)
