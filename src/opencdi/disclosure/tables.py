"""The pattern book as flat arrays, for ``kernel``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from opencdi.disclosure.kernel import Tables
from opencdi.disclosure.kernel_phrases import NODE_BITS, PHRASE_BITS, SYMBOL_BITS, Cuts, Trie, grow
from opencdi.disclosure.kernel_rules import Rules
from opencdi.disclosure.kernel_sets import LIMBS, RULE_LIMBS
from opencdi.disclosure.kernel_words import LENGTH_BITS, SHORT, WordTable, place_words
from opencdi.disclosure.kernel_words import SYMBOL_BITS as WORD_BITS
from opencdi.disclosure.reader import LONGEST_CLAUSE, Reader

_LIMB_BYTES = 8 * LIMBS
_NO_LIMIT = 2**31 - 1

_HOMES = 2
"""Bits of ``Trie.homes`` a slot."""

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
        _led([rule.needs[0] for rule in rules]),
    )


def _led(leading: Sequence[int]) -> Limbs:
    """The rules that each tag leads, given the leading tags of each rule."""
    led = np.zeros((64 * LIMBS, RULE_LIMBS), np.uint64)
    for rule, tags in enumerate(leading):
        limb, bit = divmod(rule, 64)
        for tag in range(64 * LIMBS):
            if tags >> tag & 1:
                led[tag, limb] |= np.uint64(1 << bit)
    return led


def word_table(spellings: dict[str, int]) -> WordTable:
    """A table from each spelling to its number."""
    encoded = [spelling.encode() for spelling in spellings]
    lengths = np.array([len(each) for each in encoded], np.int64)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    spelled = np.frombuffer(b"".join(encoded), np.uint8)
    symbols = np.array(list(spellings.values()), np.int64)
    assert symbols.max(initial=0) < 1 << WORD_BITS
    assert lengths.max(initial=0) < 1 << LENGTH_BITS
    short = _room_for(int((lengths <= SHORT).sum()))
    long = _room_for(int((lengths > SHORT).sum()))
    table = WordTable(
        np.zeros((short, 2), np.int64), _shift(short), np.full((long, 2), -1, np.int64), spelled
    )
    place_words(table, starts, ends, symbols)
    return table


def phrase_trie(phrases: Sequence[Sequence[int]], vocabulary: int) -> Trie:
    """A trie of phrases given as symbols from 1 to ``vocabulary``; none stands twice."""
    symbols = np.array([symbol for phrase in phrases for symbol in phrase], np.int32)
    ends = np.cumsum([len(phrase) for phrase in phrases])
    assert len(phrases) + 1 < 1 << PHRASE_BITS
    nodes = grow(symbols, ends, _empty_trie(vocabulary, len(symbols)))
    trie = _empty_trie(vocabulary, nodes)
    grow(symbols, ends, trie)
    return trie


def _empty_trie(vocabulary: int, nodes: int) -> Trie:
    size = _room_for(nodes)
    homes = _HOMES * size
    assert size < 1 << NODE_BITS
    assert vocabulary < 1 << SYMBOL_BITS
    return Trie(
        np.full(vocabulary + 1, -1, np.int64),
        np.full(size, -1, np.int64),
        _shift(size),
        np.zeros(max(1, homes // 64), np.uint64),
        _shift(homes),
    )


def _shift(size: int) -> np.uint64:
    """How far a hash of 64 bits is shifted for the number of one of so many slots, a power of two."""
    return np.uint64(64 - (size.bit_length() - 1))


def _room_for(entries: int) -> int:
    """Slots of a hash table at most half full: a power of two, and two at the least."""
    return 1 << max(1, (2 * entries - 1).bit_length())
