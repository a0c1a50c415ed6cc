"""The pattern book as flat arrays, for ``kernel``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from opencdi.disclosure.kernel import (
    LENGTH_BITS,
    LIMBS,
    SYMBOL_BITS,
    Cuts,
    Rules,
    Tables,
    Trie,
    WordTable,
    grow,
    place_words,
)
from opencdi.disclosure.reader import LONGEST_CLAUSE, Reader

_LIMB_BYTES = 8 * LIMBS
_NO_LIMIT = 2**31 - 1

Limbs = NDArray[np.uint64]


def tables_of(reader: Reader) -> Tables:
    """All that the kernel needs to read as ``reader`` does."""
    automaton = reader.automaton
    symbols = {
        symbol: number for number, symbol in enumerate(dict.fromkeys(automaton.symbols.values()), start=1)
    }
    spellings = {spelling: symbols[symbol] for spelling, symbol in automaton.symbols.items()}
    phrases = [[spellings[word] for word in phrase] for phrase in automaton.phrases]
    masks = limbs_of(automaton.masks)
    boundary, question = limbs_of([automaton.mask(["boundary"]), automaton.mask(["question"])])
    return Tables(
        word_table(spellings),
        phrase_trie(phrases, len(symbols)),
        masks,
        _rules(reader),
        Cuts((masks & boundary).any(axis=1), boundary, question, LONGEST_CLAUSE),
    )


def limbs_of(masks: Iterable[int]) -> Limbs:
    """Sets of tags as rows of 64-bit numbers, the lowest first."""
    held = b"".join(mask.to_bytes(_LIMB_BYTES, "little") for mask in masks)
    return np.frombuffer(held, dtype="<u8").reshape(-1, LIMBS)


def _rules(reader: Reader) -> Rules:
    rules = reader.rules
    needs = np.zeros((len(rules), max(len(rule.needs) for rule in rules), LIMBS), np.uint64)
    for place, rule in enumerate(rules):
        needs[place, : len(rule.needs)] = limbs_of(rule.needs)
    limits = [rule.rule.longest for rule in rules]
    return Rules(
        needs,
        np.array([len(rule.needs) for rule in rules], np.int64),
        limbs_of(rule.unless for rule in rules),
        np.array([_NO_LIMIT if limit is None else limit for limit in limits], np.int64),
        np.bitwise_or.reduce(needs[:, 0]),
    )


def without_rules(tables: Tables) -> Tables:
    """The same for a reader that asks for words and tags only: no clause has a tag that leads a rule."""
    none = np.zeros(LIMBS, np.uint64)
    none.flags.writeable = tables.rules.leading.flags.writeable  # which tells types apart for Numba
    return tables._replace(rules=tables.rules._replace(leading=none))


def word_table(spellings: dict[str, int]) -> WordTable:
    """A table from each spelling to its number."""
    encoded = [spelling.encode() for spelling in spellings]
    lengths = np.array([len(each) for each in encoded], np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    spelled = np.frombuffer(b"".join(encoded), np.uint8)
    slots = np.full((_room_for(len(encoded)), 2), -1, np.int64)
    symbols = np.array(list(spellings.values()), np.int64)
    assert symbols.max(initial=0) < 1 << SYMBOL_BITS
    assert lengths.max(initial=0) < 1 << LENGTH_BITS
    place_words(slots, starts, ends, spelled, symbols)
    return WordTable(slots, spelled)


def phrase_trie(phrases: Sequence[Sequence[int]], vocabulary: int) -> Trie:
    """A trie of phrases given as symbols from 1 to ``vocabulary``; none stands twice."""
    symbols = np.array([symbol for phrase in phrases for symbol in phrase], np.int32)
    ends = np.cumsum([len(phrase) for phrase in phrases])
    nodes = grow(symbols, ends, _empty_trie(vocabulary, len(symbols)))
    trie = _empty_trie(vocabulary, nodes)
    grow(symbols, ends, trie)
    return trie


def _empty_trie(vocabulary: int, nodes: int) -> Trie:
    size = _room_for(nodes)
    return Trie(
        np.full(vocabulary + 1, -1, np.int64),
        np.full((size, 2), -1, np.int64),
        np.uint64(64 - (size.bit_length() - 1)),
    )


def _room_for(entries: int) -> int:
    """Slots of a hash table at most half full: a power of two."""
    return 1 << (2 * entries).bit_length()
