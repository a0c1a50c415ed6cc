"""All phrases of the pattern book as one automaton.

A log is turned into a string with one character a word (words no phrase uses share one), and the
Aho-Corasick automaton runs over that. A phrase can then only begin and end where a word does, a
spelling slip is one more entry in the word table, and the cost is linear in the length of the log
(Aho and Corasick 1975, Communications of the ACM 18(6)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import repeat

from ahocorasick_rs import AhoCorasick, MatchKind

from opencdi.disclosure.book import SCOPES, Book
from opencdi.disclosure.slips import slips_of

_FIRST_SYMBOL = 0x3400
_OTHER_WORD = "\u0001"

Match = tuple[int, int, int]
"""Phrase number, first word, word after the last."""


class MaskBook(dict[tuple[str, ...], int]):
    """Tags to bits, each set of tags worked out once."""

    def __init__(self, bit: Mapping[str, int]) -> None:
        self.bit = bit

    def __missing__(self, tags: tuple[str, ...]) -> int:
        self[tags] = sum(self.bit[tag] for tag in set(tags))
        return self[tags]


class Tags:
    """A set of tags, held as bits."""

    __slots__ = ("_bits", "mask")

    def __init__(self, mask: int, bits: MaskBook) -> None:
        self.mask = mask
        self._bits = bits

    def any(self, *tags: str) -> bool:
        """Whether at least one of the tags is in the set."""
        return bool(self.mask & self._bits[tags])

    def __iter__(self) -> Iterator[str]:
        return (tag for tag, bit in self._bits.bit.items() if self.mask & bit)


class Automaton:
    """The compiled book: ``find`` gives the longest phrases from the left, none overlapping."""

    def __init__(self, book: Book) -> None:
        phrases: dict[tuple[str, ...], set[str]] = {}
        for tag, sequences in book.tags.items():
            for sequence in sequences:
                phrases.setdefault(sequence, set()).add(tag)
        _inherit(phrases)
        self.bit: Mapping[str, int] = {tag: 1 << place for place, tag in enumerate(sorted(book.tags))}
        self._masks_of = MaskBook(self.bit)
        self.phrases: tuple[tuple[str, ...], ...] = tuple(sorted(phrases))
        self.masks: tuple[int, ...] = tuple(
            sum(self.bit[tag] for tag in phrases[sequence]) for sequence in self.phrases
        )
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

    def tags(self, mask: int) -> Tags:
        """The tags of a mask."""
        return Tags(mask, self._masks_of)

    def mask(self, tags: Iterable[str]) -> int:
        """A set of tags as bits."""
        return self._masks_of[tuple(sorted(tags))]


def _inherit(phrases: dict[tuple[str, ...], set[str]]) -> None:
    """A longer phrase means what the shorter ones inside it mean, unless it is there to unsay them."""
    short = {
        sequence: frozenset(tags - SCOPES) for sequence, tags in phrases.items() if "neutral" not in tags
    }
    for sequence, tags in phrases.items():
        if "neutral" in tags:
            continue
        size = len(sequence)
        for start in range(size):
            for end in range(start + 1, size + 1):
                if end - start < size:
                    tags |= short.get(sequence[start:end], frozenset())


def _symbols(vocabulary: set[str]) -> dict[str, str]:
    symbols = {word: chr(_FIRST_SYMBOL + place) for place, word in enumerate(sorted(vocabulary))}
    spelled = dict(symbols)
    for word, symbol in symbols.items():
        if word.isalpha():
            spelled.setdefault(word + "'s", symbol)
    for slip, word in slips_of(vocabulary).items():
        spelled.setdefault(slip, symbols[word])
    return spelled
