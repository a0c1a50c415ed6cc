"""What every step did: a history that cannot be quietly rewritten."""

from opencdi.ledger.chain import Entry, append, entries, verify
from opencdi.ledger.checkpoint import check, checkpoint
from opencdi.ledger.note import SigningKey

__all__ = ["Entry", "SigningKey", "append", "check", "checkpoint", "entries", "verify"]
