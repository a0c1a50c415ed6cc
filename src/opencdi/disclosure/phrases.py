"""The small language of the pattern files, written out in full.

``word~`` stands for a verb in all its forms, ``noun+`` for a noun and its plural, ``[a|b|c]`` for a
choice of words (an empty choice may be left out).
"""

from __future__ import annotations

import itertools
import math
import re
from functools import cache
from typing import NamedTuple

from opencdi.disclosure.words import words

_CHOICE = re.compile(r"\[([^\]]*)\]")
_SHORT_VOWEL = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]$")

_IRREGULAR = {
    "break": ("broke", "broken"),
    "come": ("came",),
    "com": ("come", "comes", "came"),
    "drive": ("drove", "driven"),
    "driv": ("drive", "drives", "drove"),
    "grow": ("grew", "grown"),
    "keep": ("kept",),
    "run": ("ran",),
    "sell": ("sold",),
    "send": ("sent",),
    "steal": ("stole", "stolen"),
    "swear": ("swore", "sworn"),
    "tear": ("tore", "torn"),
    "think": ("thought",),
    "throw": ("threw", "thrown"),
    "put": ("put",),
    "spit": ("spat",),
}

SHORT_FOR = {"w": "with"}
"""What call takers write for a word, read as the word itself."""

_PLURAL = {"knife": "knives", "thief": "thieves", "woman": "women", "man": "men", "baby": "babies"}


def how_many(phrase: str, at_most: int) -> int:
    """How many ways a phrase may be written; counting ends above ``at_most``."""
    choices = _choices(phrase)
    found = math.prod(map(len, choices))
    if found > at_most:
        return found
    found = 0
    for chosen in itertools.product(*choices):
        found += math.prod(len(_forms(word).spelled) for word in " ".join(chosen).split())
        if found > at_most:
            break
    return found


def written_out(phrase: str) -> list[tuple[str, ...]]:
    """Every sequence of words a phrase stands for."""
    sequences: dict[tuple[str, ...], None] = {}
    for chosen in itertools.product(*_choices(phrase)):
        forms = [_forms(word) for word in " ".join(chosen).split()]
        plain = all(each.plain for each in forms)
        for written in itertools.product(*(each.spelled for each in forms)):
            sequence = written if plain else tuple(words(" ".join(written)))
            if sequence:
                sequences[tuple(SHORT_FOR.get(word, word) for word in sequence)] = None
    if phrase in {"\n", "-", "/"}:
        return [(phrase,)]
    return list(sequences)


def _choices(phrase: str) -> list[list[str]]:
    """What may stand in each place of a phrase."""
    parts = _CHOICE.split(phrase)
    return [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]


class _Forms(NamedTuple):
    spelled: tuple[str, ...]
    plain: bool
    """Whether each form is one word and nothing else, so that a phrase of such words needs no cutting."""


@cache
def _forms(word: str) -> _Forms:
    if word.endswith("~"):
        spelled = verb_forms(word[:-1])
    elif word.endswith("+"):
        spelled = [word[:-1], plural(word[:-1])]
    else:
        spelled = [word]
    return _Forms(tuple(spelled), all(words(form) == [form] for form in spelled))


def verb_forms(stem: str) -> list[str]:
    """A verb's forms. A stem may leave out its final e (``grop``): both are then made."""
    forms = [stem, *_IRREGULAR.get(stem, ())]
    if stem.endswith("e"):
        forms += [stem + "s", stem + "d", stem[:-1] + "ing"]
    elif re.search(r"[^aeiou]y$", stem):
        forms += [stem[:-1] + "ies", stem[:-1] + "ied", stem + "ing"]
    else:
        doubled = stem + stem[-1] if _SHORT_VOWEL.match(stem) else stem
        ending = "es" if re.search(r"(?:s|x|z|ch|sh)$", stem) else "s"
        forms += [
            stem + ending,
            stem + "e",
            stem + "es",
            doubled + "ed",
            doubled + "ing",
            stem + "ed",
            stem + "ing",
        ]
    return list(dict.fromkeys(forms))


def plural(noun: str) -> str:
    """A noun's plural."""
    if noun in _PLURAL:
        return _PLURAL[noun]
    if re.search(r"(?:s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"
