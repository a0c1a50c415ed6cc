"""A log as words: folded to lower case one character for one, so that places stay those of the log."""

from __future__ import annotations

import re
import unicodedata

_WORD_OR_STOP = re.compile(r"[a-z0-9£]+(?:'[a-z]+)?|[.!?;,\n]|[-/](?= )")
_CURLY = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\r": "\n", "|": "/"})


def folded(text: str) -> str:
    """The text in lower case without accents, of exactly the same length."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_one, text.translate(_CURLY)))


def words(folded_text: str) -> list[str]:
    """Words and stops, in order."""
    return _WORD_OR_STOP.findall(folded_text)


def places(folded_text: str) -> list[tuple[int, int]]:
    """Where each of ``words`` begins and ends."""
    return [match.span() for match in _WORD_OR_STOP.finditer(folded_text)]


def _fold_one(character: str) -> str:
    if character < "\x80":
        return character.lower()
    plain = unicodedata.normalize("NFKD", character)[:1].lower()
    return plain if len(plain) == 1 else character
