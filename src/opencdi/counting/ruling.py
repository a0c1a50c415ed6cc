"""What may be done with a crime already on record."""

from __future__ import annotations

from pydantic import BaseModel


class Ruling(BaseModel):
    """What may be done with the record on one ground."""

    action: str
    """``C1`` to ``C5``, ``reclassify``, ``outcome 1A``, ``record additionally`` or ``stays recorded``."""
    may: bool
    decided_by: str
    independent_of_investigation: bool
    victim_must_be_told_first: bool
    still_needed: list[str]
    statement: str
    page: str
