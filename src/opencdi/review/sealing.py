"""Narratives and other free text are kept sealed: AES-256-GCM, bound to the row and column they stand in.

A sealed text moved to another row or column does not open (the place is the associated data). Each carries
the name of its key, so that keys can be changed: the first of ``settings.SEALING_KEYS`` seals, all open, and
``resealed`` moves a text to the first. Format: length of the key's name (1 byte), name, nonce (12 bytes),
ciphertext.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from functools import lru_cache
from typing import Protocol, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from opencdi.errors import UserError

NONCE = 12


class SealBrokenError(Exception):
    """A sealed text does not open: it was changed or moved, or its key is not among the keys."""


class HasKey(Protocol):
    key: UUID


def new_key(name: str) -> str:
    """A fresh key as ``name:base64``, the form it has in the settings."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def seal(text: str, place: str) -> bytes:
    """The text sealed with the first key. ``place`` says where it stands, such as table/column/row."""
    return seal_bytes(text.encode(), place)


def seal_bytes(content: bytes, place: str) -> bytes:
    """The same for what is not text."""
    name, cipher = next(iter(_keys(tuple(settings.SEALING_KEYS)).items()))
    nonce = secrets.token_bytes(NONCE)
    label = name.encode()
    return bytes([len(label)]) + label + nonce + cipher.encrypt(nonce, content, place.encode())


def unseal(sealed: bytes, place: str) -> str:
    """Raises ``SealBrokenError`` where it was changed, moved, or sealed with a key that is not there."""
    return unseal_bytes(sealed, place).decode()


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """The same for what is not text."""
    keys = _keys(tuple(settings.SEALING_KEYS))
    length = sealed[0] if sealed else 0
    name, rest = sealed[1 : 1 + length].decode(errors="replace"), sealed[1 + length :]
    if name not in keys:
        raise SealBrokenError(f"A text at {place} was sealed with a key that is not configured.")
    try:
        return keys[name].decrypt(rest[:NONCE], rest[NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise SealBrokenError(f"The text at {place} does not open: it was changed or moved.") from None


def resealed(sealed: bytes, place: str) -> bytes:
    """The same under the first key. Raises ``SealBrokenError`` as ``unseal`` does."""
    return seal_bytes(unseal_bytes(sealed, place), place)


def name_of_key(sealed: bytes) -> str:
    """The name of the key it was sealed with."""
    return sealed[1 : 1 + sealed[0]].decode(errors="replace") if sealed else ""


def first_key() -> str:
    """The name of the key that seals."""
    return next(iter(_keys(tuple(settings.SEALING_KEYS))))


class Sealed:
    """A text attribute of a model that is kept sealed in the binary column ``column``; empty stays empty."""

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type) -> Sealed: ...
    @overload
    def __get__(self, row: HasKey, owner: type) -> str: ...
    def __get__(self, row: HasKey | None, owner: type) -> Sealed | str:
        if row is None:
            return self
        stored = bytes(getattr(row, self.column) or b"")
        return unseal(stored, self.place(row)) if stored else ""

    def __set__(self, row: HasKey, text: str) -> None:
        setattr(row, self.column, seal(text, self.place(row)) if text else b"")

    def place(self, row: HasKey) -> str:
        return f"{type(row).__name__}/{self.column}/{row.key}"


@lru_cache(maxsize=4)
def _keys(configured: tuple[str, ...]) -> dict[str, AESGCM]:
    found = {}
    for each in configured:
        name, _, secret = each.partition(":")
        try:
            key = base64.b64decode(secret, validate=True)
        except binascii.Error:
            key = b""
        if not name or len(name) > 40 or len(key) != 32:
            raise UserError(
                "A sealing key must read name:key with 32 bytes in base64. Make one with "
                "`opencdi review sealing-key`."
            )
        found[name] = AESGCM(key)
    if not found:
        raise UserError(
            "There is no sealing key. Make one with `opencdi review sealing-key` and configure it."
        )
    return found
