"""What every step did: a history that cannot be quietly rewritten.

Signed checkpoints are in ``opencdi.ledger.checkpoint``, apart, so that a step need not load cryptography.
"""

from opencdi.ledger.chain import Entry, append, entries, verify

__all__ = ["Entry", "append", "entries", "verify"]
