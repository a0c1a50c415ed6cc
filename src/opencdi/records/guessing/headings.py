"""What a heading says, in the words of the field.

``INC_NO``, ``Incident Ref`` and ``incidentNumber`` all say *incident number*. A heading is cut into
words, abbreviations are written out, and the words are compared with the phrases of a field.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

Words = tuple[str, ...]

GENERIC = {"number": 0.7, "code": 0.7, "date": 0.5, "time": 0.4, "name": 0.6, "title": 0.7, "call": 0.7}
"""Weight of words that many headings share; every other word weighs 1."""

UNASKED = 0.45
"""How much a word of the heading that the phrase does not have counts against it."""

_SPELT = re.compile(r"'|(?<=\b[A-Za-z])\.")
"""What is inside a word and not between words: an apostrophe, the points of D.O.B."""

_COMMON_SHARE = 0.5
_COMMON_WEIGHT = 0.25


@cache
def abbreviations() -> dict[str, Words]:
    """Each known word or abbreviation, with the words it stands for."""
    text = (resources.files(__package__) / "abbreviations.toml").read_text("utf-8")
    return {short: tuple(long.split()) for short, long in tomllib.loads(text)["words"].items()}


@cache
def words_of(heading: str) -> Words:
    """The words of a heading, abbreviations written out, each once, in order."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|#", _SPELT.sub("", heading))
    found = [word for part in parts for word in _words_of_part(part.lower())]
    return tuple(dict.fromkeys(found))


def _words_of_part(part: str) -> Words:
    known = abbreviations()
    if part == "#":
        return ("number",)
    for form in (part, part.removesuffix("s")):
        if form in known:
            return known[form]
    return _run_together(part) or (part,)


@cache
def _run_together(part: str) -> Words:
    """``crimeno`` as *crime number*: the longest known words first; nothing where a rest remains."""
    known = abbreviations()
    for end in range(len(part) - 1, 1, -1):
        head, tail = part[:end], part[end:]
        if head not in known or len(tail) < 2:
            continue
        rest = known.get(tail) or known.get(tail.removesuffix("s")) or _run_together(tail)
        if rest:
            return (*known[head], *rest)
    return ()


def numbered_family(heading: str) -> str:
    """A heading without its numbers: ``Closing Code 2`` and ``Closing Code 1`` are one family."""
    return re.sub(r"[0-9]+", "", heading).strip(" _-.").lower()


def weights_of(headings: Sequence[str]) -> dict[str, float]:
    """The weight of each word in one file: a word most headings share (a prefix) says little."""
    counts = Counter(word for heading in headings for word in words_of(heading))
    common = {word for word, count in counts.items() if count > _COMMON_SHARE * len(headings) and count > 4}
    return {
        word: _COMMON_WEIGHT if word in common else GENERIC.get(word, 1.0) for word in (*counts, *GENERIC)
    }


def likeness(heading: Words, phrase: Words, weights: Mapping[str, float]) -> float:
    """How well a heading says a phrase, 0 to 1.

    The weight of the words they share, over that of the phrase and a part of that of the words the
    heading has beyond it.
    """
    shared = sum(weights.get(word, 1.0) for word in phrase if word in heading)
    if not shared:
        return 0.0
    asked = sum(weights.get(word, 1.0) for word in phrase)
    unasked = sum(weights.get(word, 1.0) for word in heading if word not in phrase)
    return shared / (asked + UNASKED * unasked)
