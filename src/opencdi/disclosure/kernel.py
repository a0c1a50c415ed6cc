"""The part of reading that every word of every log passes through, compiled to machine code by Numba.

It says of a log what ``words.words``, ``Automaton.find`` and ``Reader`` say: where its words stand, which
phrases it holds, where its clauses begin and which tags each carries. Numbers only, in flat arrays; what
they mean is in ``tables`` and ``batch``. The tests hold it equal to the plain reader on any text.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from opencdi.disclosure.kernel_phrases import Cuts, Trie, cut
from opencdi.disclosure.kernel_rules import Rules
from opencdi.disclosure.kernel_sets import LIMBS, lean
from opencdi.disclosure.kernel_words import WordTable, split


class Tables(NamedTuple):
    words: WordTable
    trie: Trie
    masks: Any
    rules: Rules
    cuts: Cuts


class Room(NamedTuple):
    """Room for what is read of one log."""

    words: Any
    """First byte and byte after the last of each, in the log."""
    spellings: Any
    """The last bytes of each as one number."""
    symbols: Any
    matches: Any
    """Phrase, first word and word after the last of each."""
    starts: Any
    """First match of each clause, and the match after the last."""
    masks: Any
    """The tags of each clause."""


@njit(cache=True)
def room_for(offsets):
    """Room for any of the logs that begin and end at some places."""
    most = 0
    for log in range(offsets.size - 1):
        most = max(most, offsets[log + 1] - offsets[log])
    return Room(
        np.empty((most, 2), np.int32),
        np.empty(most, np.int64),
        np.empty(most, np.int32),
        np.empty((most, 3), np.int32),
        np.empty(most + 2, np.int64),
        np.empty((most + 1, LIMBS), np.uint64),
    )


@lean
def read(text, start, end, tables, room, tags):
    """Read the log that stands in the bytes of a text from ``start`` to ``end``, and add all its tags.

    Gives how many words and clauses it has.
    """
    words = split(text, start, end, tables.words, room.words, room.spellings, room.symbols)
    _, clauses = cut(
        room.symbols,
        words,
        tables.trie,
        tables.masks,
        tables.cuts,
        room.matches,
        room.starts,
        room.masks,
    )
    for clause in range(clauses):
        for limb in range(LIMBS):
            tags[limb] |= room.masks[clause, limb]
    return words, clauses


@njit(cache=True)
def words_and_tags(text, offsets, tables):
    """The words of every log of a batch, where those of each begin and the last end, and all tags of each.

    ``text`` holds the folded logs end to end as bytes of UTF-8; log ``n`` is
    ``text[offsets[n]:offsets[n + 1]]``.
    """
    logs = offsets.size - 1
    room = room_for(offsets)
    found = np.empty((text.size, 2), np.int32)
    begins = np.zeros(logs + 1, np.int64)
    tags = np.zeros((logs, LIMBS), np.uint64)
    for log in range(logs):
        words, _ = read(text, offsets[log], offsets[log + 1], tables, room, tags[log])
        begin = begins[log]
        found[begin : begin + words] = room.words[:words]
        begins[log + 1] = begin + words
    return found[: begins[logs]].copy(), begins, tags
