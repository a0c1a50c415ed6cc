"""A log as words: folded to lower case one character for one, so that places stay those of the log."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

_WORD_OR_STOP = re.compile(r"[a-z0-9£]+(?:'[a-z]+)?|[.!?;,\n]|[-/](?= )")
_SAME = {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\r": "\n", "|": "/"}


class _Folding(dict[int, str]):
    """What each character becomes: one character, worked out once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = _SAME.get(character) or unicodedata.normalize("NFKD", character)[:1].lower()
        self[code] = plain if len(plain) == 1 else character
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """The text in lower case without accents, of the same length; the stroke of `w/` ends no clause."""
    low = text.lower() if text.isascii() else text.translate(_FOLDING)
    return low.replace(" w/ ", " w  ") if " w/ " in low else low


def words(folded_text: str) -> list[str]:
    """Words and stops, in order."""
    return _WORD_OR_STOP.findall(folded_text)


def places(folded_text: str, most: int | None = None) -> list[tuple[int, int]]:
    """Where each of the first ``most`` of ``words`` begins and ends."""
    return [match.span() for match in islice(_WORD_OR_STOP.finditer(folded_text), most)]
