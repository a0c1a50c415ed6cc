"""The words, tags and terms of many logs at once, by the compiled reader.

A vocabulary's terms are words and pairs of words. They are held as the reader holds its phrases, in a table
of spellings and a trie, so that the terms of a log are found by passing over its words once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opencdi.disclosure.batch import utf_8
from opencdi.disclosure.disclosing import the_batch_reader
from opencdi.disclosure.kernel_terms import find_terms
from opencdi.disclosure.tables import phrase_trie, word_table
from opencdi.disclosure.words import folded

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Read:
    """Where the words of some logs stand, and all tags of each log as a set."""

    logs: Sequence[str]
    """Folded; ``text`` holds them end to end as bytes, log ``n`` at ``offsets[n]:offsets[n + 1]``."""
    text: NDArray[np.uint8]
    offsets: Ints
    places: NDArray[np.int32]
    """First byte and byte after the last of each word, in its log."""
    ends: Ints
    """The words of log ``n`` stand at ``ends[n]:ends[n + 1]``."""
    tags: list[int]

    @property
    def lengths(self) -> Ints:
        """How many words each log has."""
        return np.diff(self.ends)

    @classmethod
    def joined(cls, reads: Sequence[Read]) -> Read:
        """Several readings as one, in their order."""
        return cls(
            [log for each in reads for log in each.logs],
            np.concatenate([each.text for each in reads]),
            _end_to_end([each.offsets for each in reads]),
            np.concatenate([each.places for each in reads]),
            _end_to_end([each.ends for each in reads]),
            [tags for each in reads for tags in each.tags],
        )

    def words(self) -> list[list[str]]:
        """The words of each log."""
        return [
            _cut(log, self.places[first:after].tolist())
            for log, first, after in zip(self.logs, self.ends[:-1], self.ends[1:], strict=True)
        ]


def read(texts: Iterable[str | None]) -> Read:
    """The words and tags of logs, without working out what they say (quick)."""
    low = [folded(text or "") for text in texts]
    text, offsets = utf_8(low)
    return Read(low, text, offsets, *the_batch_reader().words_and_tags(text, offsets))


def _end_to_end(ends: Sequence[Ints]) -> Ints:
    """Running totals, each from 0, as one."""
    return np.concatenate([[0], np.cumsum(np.concatenate([np.diff(each) for each in ends]))])


def _cut(log: str, places: list[list[int]]) -> list[str]:
    if log.isascii():
        return [log[start:end] for start, end in places]
    held = log.encode()
    return [held[start:end].decode() for start, end in places]


class TermFinder:
    """Finds the terms of one vocabulary, given in the order of their columns."""

    def __init__(self, terms: Sequence[str]) -> None:
        phrases = [term.split(" ") for term in terms]
        numbers = {
            word: place
            for place, word in enumerate(dict.fromkeys(w for phrase in phrases for w in phrase), start=1)
        }
        self._words = word_table(numbers)
        self._trie = phrase_trie([[numbers[word] for word in phrase] for phrase in phrases], len(numbers))

    def find(self, logs: Read) -> tuple[Ints, Ints, Ints]:
        """Columns of the terms in each log, where each log's begin and the last end, and its known words."""
        columns, ends, known = find_terms(
            logs.text, logs.offsets, logs.places, logs.ends, self._words, self._trie
        )
        return columns, ends, known
