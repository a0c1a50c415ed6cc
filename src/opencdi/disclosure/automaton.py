"""All phrases of the pattern book as one automaton.

A log is turned into a string with one character a word (words no phrase uses share one), and the
Aho-Corasick automaton runs over that. A phrase can then only begin and end where a word does, a
spelling slip is one more entry in the word table, and the cost is linear in the length of the log
(Aho and Corasick 1975, Communications of the ACM 18(6)).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import repeat

from ahocorasick_rs import AhoCorasick, MatchKind

from opencdi.disclosure.book import SCOPES, Book
from opencdi.disclosure.phrases import SHORT_FOR
from opencdi.disclosure.slips import slips_of
from opencdi.disclosure.tags import TagBook

_FIRST_SYMBOL = 0x3400
_OTHER_WORD = "\u0001"

Phrase = tuple[str, ...]
"""Words in their order."""

Match = tuple[int, int, int]
"""Phrase number, first word, word after the last."""


class Automaton(TagBook):
    """The compiled book: ``find`` gives the longest phrases from the left, none overlapping."""

    def __init__(self, book: Book) -> None:
        super().__init__(book.tags)
        own: dict[Phrase, int] = {}
        for tag, phrases in book.tags.items():
            for phrase in phrases:
                own[phrase] = own.get(phrase, 0) | self.bit[tag]
        inherited = _Inherited(own, self.mask(SCOPES & book.tags.keys()), self.bit["neutral"])
        self.phrases: tuple[Phrase, ...] = tuple(sorted(own))
        self.masks: tuple[int, ...] = tuple(own[phrase] | inherited.by(phrase) for phrase in self.phrases)
        self.symbols = _symbols({word for sequence in self.phrases for word in sequence})

    @cached_property
    def _finder(self) -> AhoCorasick:
        patterns = ["".join(self.symbols[word] for word in sequence) for sequence in self.phrases]
        return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest, store_patterns=False)

    def find(self, words: list[str]) -> list[Match]:
        """Every phrase in a list of words, in order."""
        text = "".join(map(self.symbols.get, words, repeat(_OTHER_WORD)))
        found: list[Match] = self._finder.find_matches_as_indexes(text)
        return found


class _Inherited(dict[Phrase, int]):
    """What any run of words means by the phrases in it, worked out once for all longer ones.

    A longer phrase means what the shorter ones inside it mean, unless it is there to unsay them, or one
    that unsays them is inside it.
    """

    def __init__(self, own: Mapping[Phrase, int], scopes: int, neutral: int) -> None:
        self._own = own
        self._scopes = scopes
        self._neutral = neutral
        self[()] = 0

    def by(self, phrase: Phrase) -> int:
        """The tags a phrase takes on from the shorter ones inside it."""
        if self._own[phrase] & self._neutral:
            return 0
        inherited = self[phrase[:-1]] | self[phrase[1:]]
        return self._but_unsaid(phrase) if inherited & self._neutral else inherited

    def _but_unsaid(self, phrase: Phrase) -> int:
        size = len(phrase)
        parts = [(start, end) for start in range(size) for end in range(start + 1, size + 1)]
        own = {part: self._own.get(phrase[slice(*part)], 0) for part in parts if part != (0, size)}
        unsaying = [part for part, mask in own.items() if mask & self._neutral]
        inherited = 0
        for (start, end), mask in own.items():
            if not any(first <= start and end <= after for first, after in unsaying):
                inherited |= mask & ~self._scopes
        return inherited

    def __missing__(self, run: Phrase) -> int:
        own = self._own.get(run, 0)
        handed_on = self._neutral if own & self._neutral else own & ~self._scopes
        self[run] = handed_on | self[run[:-1]] | self[run[1:]]
        return self[run]


def _symbols(vocabulary: set[str]) -> dict[str, str]:
    symbols = {word: chr(_FIRST_SYMBOL + place) for place, word in enumerate(sorted(vocabulary))}
    spelled = dict(symbols)
    for word, symbol in symbols.items():
        if word.isalpha():
            spelled.setdefault(word + "'s", symbol)
    for short, word in SHORT_FOR.items():
        if word in symbols:
            spelled[short] = symbols[word]
    for slip, word in slips_of(vocabulary).items():
        spelled.setdefault(slip, symbols[word])
    return spelled
