"""The small language of the pattern files, written out in full.

``word~`` stands for a verb in all its forms, ``noun+`` for a noun and its plural, ``[a|b|c]`` for a
choice of words (an empty choice may be left out).
"""

from __future__ import annotations

import itertools
import re

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

_PLURAL = {"knife": "knives", "thief": "thieves", "woman": "women", "man": "men", "baby": "babies"}


def written_out(phrase: str) -> list[tuple[str, ...]]:
    """Every sequence of words a phrase stands for."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    sequences: dict[tuple[str, ...], None] = {}
    for chosen in itertools.product(*choices):
        forms = [_forms(word) for word in " ".join(chosen).split()]
        for words_chosen in itertools.product(*forms):
            sequence = _stops_kept(" ".join(words_chosen))
            if sequence:
                sequences[sequence] = None
    if phrase in {"\n", "-", "/"}:
        return [(phrase,)]
    return list(sequences)


def _stops_kept(text: str) -> tuple[str, ...]:
    return tuple(words(text))


def _forms(word: str) -> list[str]:
    if word.endswith("~"):
        return verb_forms(word[:-1])
    if word.endswith("+"):
        return [word[:-1], plural(word[:-1])]
    return [word]


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
