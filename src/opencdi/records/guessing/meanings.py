"""What codes mean, from their descriptions."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from opencdi.records.profile import VOCABULARIES

_SAME_WORDS = {"opening_group": "group", "closing_group": "group"}


@cache
def meaning_patterns(field: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Meanings a coded field may have, each with a pattern that says it; the first found decides."""
    text = (resources.files(__package__) / "meanings.toml").read_text("utf-8")
    pairs = tomllib.loads(text).get(_SAME_WORDS.get(field, field), [])
    return tuple((meaning, re.compile(pattern)) for meaning, pattern in pairs)


def likely_meaning(field: str, description: str) -> str | None:
    """The meaning of a description (or of a code that speaks for itself); None where nothing says it."""
    plain = description.strip().lower()
    if not plain:
        return None
    canonical = {word: word for word in VOCABULARIES[field]} | {
        word.replace("_", " "): word for word in VOCABULARIES[field]
    }
    if plain in canonical:
        return canonical[plain]
    for meaning, pattern in meaning_patterns(field):
        if pattern.search(plain):
            return meaning
    return None
