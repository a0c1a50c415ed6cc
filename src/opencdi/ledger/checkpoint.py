"""Checkpoints: signed statements of how long the ledger was and what it held (C2SP tlog-checkpoint).

A checkpoint kept outside the folder (with the inspectorate, in a publication) shows any later
rewriting of the history before it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from opencdi.errors import UserError
from opencdi.ledger.chain import Entry
from opencdi.ledger.merkle import root
from opencdi.ledger.note import SigningKey, sign, verified_text


def checkpoint(entries: Sequence[Entry], key: SigningKey) -> str:
    """A signed note: origin (the key's name), number of entries, root of their Merkle tree."""
    return sign(_body(entries, key.name), key)


def check(note: str, verifier: str, entries: Sequence[Entry]) -> list[str]:
    """Sentences about what does not hold between a checkpoint and a ledger; empty when all does.

    Raises ``UserError`` where the signature does not hold or the note is not a checkpoint.
    """
    text = verified_text(note, verifier)
    lines = text.splitlines()
    if len(lines) < 3 or not lines[1].isdecimal():
        raise UserError("The signed note is not a checkpoint: it must hold an origin, a number and a root.")
    size = int(lines[1])
    if size > len(entries):
        return [
            f"The checkpoint saw {size} entries, but the ledger has only {len(entries)}: entries are gone."
        ]
    if text != _body(entries[:size], lines[0]):
        return [f"The first {size} entries of the ledger are not the ones the checkpoint was signed over."]
    return []


def _body(entries: Sequence[Entry], origin: str) -> str:
    head = base64.b64encode(root([entry.canonical for entry in entries])).decode()
    return f"{origin}\n{len(entries)}\n{head}\n"
