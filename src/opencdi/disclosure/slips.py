"""Common spelling slips of the words that matter: a letter left out, doubled or swapped.

Only long words, whose slips are hardly ever words of their own; those that are stand in ``_REAL``.
"""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 7
_REAL = frozenset(
    {
        "treating",
        "treaten",
        "staring",
        "starring",
        "causing",
        "tanned",
        "fining",
        "posing",
        "closing",
        "raining",
    }
)


def slips_of(vocabulary: Iterable[str]) -> dict[str, str]:
    """Slip to word, for slips that belong to one word only and are not words themselves."""
    known = set(vocabulary)
    owners: dict[str, set[str]] = {}
    for word in known:
        if len(word) >= _SHORTEST and word.isalpha():
            for slip in _slips(word):
                owners.setdefault(slip, set()).add(word)
    return {
        slip: next(iter(words))
        for slip, words in owners.items()
        if len(words) == 1 and slip not in known and slip not in _REAL
    }


def _slips(word: str) -> set[str]:
    inner = range(1, len(word))
    left_out = {word[:place] + word[place + 1 :] for place in inner}
    doubled = {word[:place] + word[place] + word[place:] for place in inner}
    swapped = {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 1)
    }
    return (left_out | doubled | swapped) - {word}
