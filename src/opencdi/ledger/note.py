"""Signed notes, as C2SP signed-note defines them: a text, a blank line, and signature lines.

Other people's tools verify them: the format is that of Go's checksum database and of transparency
logs (C2SP signed-note v1.0.0). Only Ed25519 (algorithm byte 1) is written and read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opencdi.errors import UserError

ED25519 = b"\x01"


@dataclass(frozen=True)
class SigningKey:
    """A named private key. ``encoded`` is what its file holds; keep it secret."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """Raises ``UserError`` for a name that cannot stand in a signature line."""
        if not name or any(character.isspace() or character == "+" for character in name):
            raise UserError(
                f"A key's name may hold neither spaces nor `+`: {name!r}. Use one like force.police.uk."
            )
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def decode(cls, text: str) -> SigningKey:
        """Raises ``UserError`` where the text is not a key this class wrote."""
        try:
            marker, name, secret = text.strip().split("+", 2)
            if marker != "PRIVATE":
                raise ValueError
            return cls(name, Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret, validate=True)))
        except ValueError:
            raise UserError("The signing key is not one that `opencdi ledger keygen` wrote.") from None

    @property
    def encoded(self) -> str:
        return f"PRIVATE+{self.name}+{base64.b64encode(self.key.private_bytes_raw()).decode()}"

    @property
    def verifier(self) -> str:
        """The public key as a C2SP verifier key: name+hash+base64; publish it."""
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        encoded = base64.b64encode(ED25519 + public).decode()
        return f"{self.name}+{_key_hash(self.name, public).hex()}+{encoded}"


def sign(text: str, key: SigningKey) -> str:
    """``text`` (which must end in a line break) as a note signed by ``key``."""
    public = key.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = _key_hash(key.name, public) + key.key.sign(text.encode())
    return f"{text}\n\u2014 {key.name} {base64.b64encode(signature).decode()}\n"


def verified_text(note: str, verifier: str) -> str:
    """The text of a note. Raises ``UserError`` where no signature by ``verifier`` holds."""
    name, public = _decode_verifier(verifier)
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    expected = _key_hash(name, public)
    for line in signatures.splitlines() if separator else []:
        marker, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        signature = _decoded(encoded)
        if marker == "\u2014" and signer == name and signature[:4] == expected:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text.encode())
            except InvalidSignature:
                break
            return text
    raise UserError(
        f"The note carries no valid signature by {name}. It was changed, or signed with another key."
    )


def _decode_verifier(verifier: str) -> tuple[str, bytes]:
    try:
        name, key_hash, encoded = verifier.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise UserError(
            "The verifier key must read name+hash+key, as `opencdi ledger keygen` prints it."
        ) from None
    if raw[:1] != ED25519 or _key_hash(name, raw[1:]).hex() != key_hash:
        raise UserError(f"The verifier key of {name} does not fit its own hash. Copy it again, whole.")
    return name, raw[1:]


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]
