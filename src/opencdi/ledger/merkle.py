"""The root of a Merkle tree over the ledger's entries (RFC 9162, section 2.1.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head of the leaves, 32 bytes: SHA-256 of nothing for none, else by halves.

    A leaf is hashed behind a zero byte and a node behind a one, so that neither can pass for the other.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _subtree([hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves])


def _subtree(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + _subtree(hashes[:split]) + _subtree(hashes[split:])).digest()
