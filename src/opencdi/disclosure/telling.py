"""What a log tells of each offence, before it meets the record of its incident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Told(NamedTuple):
    """One offence as the words tell it.

    ``victims`` and ``sex`` are of the one told first, ``further`` people suffered it too; ``here`` are all
    tags of the clauses that speak of it, ``near`` those of the clauses beside them as well. Pattern ids and
    spans (first character, character after the last) are those of the words it rests on.
    """

    kind: str
    assertion: str
    attempted: bool
    strength: float
    victims: int
    sex: str | None
    further: int
    relationship: str | None
    here: int
    near: int
    pattern_ids: list[str]
    span_starts: list[int]
    span_ends: list[int]


class Account(NamedTuple):
    """All that one log tells: its offences, what stands out first, all its tags, and its count of words."""

    offences: Sequence[Told]
    mask: int
    words: int
    text: str
    """Folded; see ``words.folded``."""
