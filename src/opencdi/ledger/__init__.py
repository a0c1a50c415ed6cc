"""What every step did: a history that cannot be quietly rewritten."""

from opencdi.ledger.chain import Entry, append, entries, verify

__all__ = ["Entry", "append", "entries", "verify"]
