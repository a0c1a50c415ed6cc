"""The part of reading that every word of every log passes through, compiled to machine code by Numba.

It says for each log of a batch what ``words.words``, ``Automaton.find`` and ``Reader`` say of one: where
its words stand, which phrases it holds, where its clauses begin, which tags each carries, and whether a
rule fits in it. Numbers only, in flat arrays; what they mean is in ``tables`` and ``batch``. The tests
hold it equal to the plain reader on any text.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

LIMBS = 6
"""64-bit numbers in a set of tags: up to 384 tags."""

RULE_LIMBS = 6
"""64-bit numbers in a set of rules."""

FIRST_MATCH, FITS = range(2)
"""Columns of a clause."""

SYMBOL_BITS, LENGTH_BITS = 24, 10
"""Of the number in a slot of a word table: the symbol is lowest, then the length, then the place."""

_SYMBOL, _LENGTH = (1 << SYMBOL_BITS) - 1, (1 << LENGTH_BITS) - 1

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PHRASE = 0xFFFFFFFF
_NODE = ~_PHRASE

_APOSTROPHE, _SPACE, _COMMA, _HYPHEN, _STOP, _SLASH = 39, 32, 44, 45, 46, 47
_SEMICOLON, _QUESTION, _EXCLAMATION, _NEW_LINE = 59, 63, 33, 10
_POUND_1, _POUND_2 = 0xC2, 0xA3


class WordTable(NamedTuple):
    """Every known spelling: an open hash table from its bytes to the symbol of its word.

    Each slot holds the hash of a spelling beside where it stands in ``spelled``, its length and its symbol
    in one number (-1 where empty), so that a word no phrase uses is told from one place in memory.
    """

    slots: Any
    spelled: Any


class Trie(NamedTuple):
    """All phrases, symbol by symbol: an open hash table from (node, symbol) to node. Node 0 is the root.

    Each slot holds its key (-1 where empty) beside its value, so that a step touches memory once. A value is
    a node in the upper 32 bits and, in the lower, one more than the phrase that ends there, or 0.
    """

    first: Any
    """The value of each symbol as the first of a phrase, or -1."""
    slots: Any
    shift: Any


class Rules(NamedTuple):
    """What each rule needs and what forbids it, as sets of tags."""

    needs: Any
    needed: Any
    unless: Any
    longest: Any
    leading: Any
    """Any rule's leading tags."""


class Cuts(NamedTuple):
    """Where clauses end."""

    bounds: Any
    """Whether each phrase ends one."""
    boundary: Any
    question: Any
    longest: Any


class Tables(NamedTuple):
    words: WordTable
    trie: Trie
    masks: Any
    rules: Rules
    cuts: Cuts


@njit(cache=True)
def _is_letter(byte):
    return 97 <= byte <= 122


@njit(cache=True)
def _is_plain(byte):
    return 97 <= byte <= 122 or 48 <= byte <= 57


@njit(cache=True)
def _end_of_word(text, place, end):
    """Where the word or stop that begins at ``place`` ends; ``place`` itself where none does."""
    start = place
    while place < end:
        if _is_plain(text[place]):
            place += 1
        elif text[place] == _POUND_1 and place + 1 < end and text[place + 1] == _POUND_2:
            place += 2
        else:
            break
    if place > start:
        if place + 1 < end and text[place] == _APOSTROPHE and _is_letter(text[place + 1]):
            place += 2
            while place < end and _is_letter(text[place]):
                place += 1
        return place
    byte = text[place]
    if byte == _STOP or byte == _COMMA or byte == _NEW_LINE or byte == _SEMICOLON:
        return place + 1
    if byte == _QUESTION or byte == _EXCLAMATION:
        return place + 1
    if (byte == _HYPHEN or byte == _SLASH) and place + 1 < end and text[place + 1] == _SPACE:
        return place + 1
    return place


@njit(cache=True)
def _hashed(text, start, end):
    """FNV-1a of some bytes (Fowler, Noll and Vo), 64 bits."""
    value = _FNV_OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * _FNV_PRIME
    return value ^ (value >> np.uint64(29))


@njit(cache=True)
def _symbol(text, start, end, table):
    """The symbol of a spelling; 0 for a word no phrase uses."""
    slots, spelled = table.slots, table.spelled
    last = np.uint64(slots.shape[0] - 1)
    hashed = _hashed(text, start, end)
    key = np.int64(hashed)
    slot = hashed & last
    while True:
        held = slots[slot, 1]
        if held < 0:
            return 0
        if slots[slot, 0] == key and (held >> SYMBOL_BITS) & _LENGTH == end - start:
            begin = held >> (SYMBOL_BITS + LENGTH_BITS)
            same = True
            for place in range(end - start):
                if spelled[begin + place] != text[start + place]:
                    same = False
                    break
            if same:
                return held & _SYMBOL
        slot = (slot + np.uint64(1)) & last


@njit(cache=True)
def _key(value, symbol):
    return (value & _NODE) | symbol


@njit(cache=True)
def _slot(key, trie):
    """The slot that holds a key, or the empty one where it would stand."""
    last = trie.slots.shape[0] - 1
    slot = np.int64((np.uint64(key) * _GOLDEN) >> trie.shift)
    while trie.slots[slot, 0] != key and trie.slots[slot, 0] >= 0:
        slot = (slot + 1) & last
    return slot


@njit(cache=True)
def _meet(one, other):
    for limb in range(LIMBS):
        if one[limb] & other[limb]:
            return True
    return False


@njit(cache=True)
def _note_fitting(mask, length, rules, fitting):
    """Mark the rules that fit a clause of these tags in a log of so many words; says whether any does."""
    for limb in range(RULE_LIMBS):
        fitting[limb] = 0
    if not _meet(mask, rules.leading):
        return False
    found = False
    for rule in range(rules.needed.size):
        if not _meet(mask, rules.needs[rule, 0]) or length > rules.longest[rule]:
            continue
        fits = not _meet(mask, rules.unless[rule])
        for need in range(1, rules.needed[rule]):
            if not fits:
                break
            fits = _meet(mask, rules.needs[rule, need])
        if fits:
            found = True
            fitting[rule >> 6] |= np.uint64(1) << np.uint64(rule & 63)
    return found


@njit(cache=True)
def place_words(slots, starts, ends, spelled, symbols):
    """Fill the empty slots of a word table."""
    last = np.uint64(slots.shape[0] - 1)
    for word in range(starts.size):
        hashed = _hashed(spelled, starts[word], ends[word])
        slot = hashed & last
        while slots[slot, 1] >= 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot, 0] = np.int64(hashed)
        placed = (starts[word] << LENGTH_BITS) | (ends[word] - starts[word])
        slots[slot, 1] = (placed << SYMBOL_BITS) | symbols[word]


@njit(cache=True)
def grow(symbols, ends, trie):
    """Plant phrases, given end to end as symbols, in an empty trie; gives how many nodes it then has."""
    grown = 0
    place = 0
    for phrase in range(ends.size):
        value = 0
        slot = 0
        start = place
        while place < ends[phrase]:
            key = _key(value, symbols[place])
            slot = _slot(key, trie)
            if trie.slots[slot, 0] < 0:
                grown += 1
                trie.slots[slot, 0] = key
                trie.slots[slot, 1] = grown << 32
            value = trie.slots[slot, 1]
            if place == start:
                trie.first[symbols[place]] = value
            place += 1
        trie.slots[slot, 1] |= phrase + 1
        if place == start + 1:
            trie.first[symbols[start]] = trie.slots[slot, 1]
    return grown


class _Found(NamedTuple):
    """What has been read of a batch so far; see ``read`` for the columns."""

    words: Any
    symbols: Any
    matches: Any
    clauses: Any
    clause_masks: Any
    fitting: Any


@njit(cache=True)
def _split(text, start, end, table, found, count):
    """Write the words of one log after the first ``count``; gives how many there are then."""
    place = start
    first = count
    while place < end:
        after = _end_of_word(text, place, end)
        if after == place:
            place += 1
            continue
        found.symbols[count - first] = _symbol(text, place, after, table)
        found.words[count, 0] = place - start
        found.words[count, 1] = after - start
        count += 1
        place = after
    return count


@njit(cache=True)
def _longest_phrase(symbols, word, length, first, slots, shift):
    """The longest phrase that begins at a word, and the word after it; -1 where none does."""
    phrase = -1
    after = word + 1
    value = first[symbols[word]]
    reached = word
    last = slots.shape[0] - 1
    while value >= 0:
        reached += 1
        if value & _PHRASE:
            phrase = (value & _PHRASE) - 1
            after = reached
        if reached == length or symbols[reached] == 0:
            break
        key = _key(value, symbols[reached])
        slot = np.int64((np.uint64(key) * _GOLDEN) >> shift)
        while slots[slot, 0] != key and slots[slot, 0] >= 0:
            slot = (slot + 1) & last
        value = slots[slot, 1]
    return phrase, after


@njit(cache=True)
def _cut(symbols, matches, clauses, clause_masks, length, trie, masks, cuts, match, clause):
    """Write the matches and clauses of one log; gives how many of each there are then.

    All arrays are taken apart first: to reach into a tuple of arrays costs more than a step of the trie.
    """
    first, slots, shift = trie.first, trie.slots, trie.shift
    bounds, boundary, question, longest = cuts.bounds, cuts.boundary, cuts.question, cuts.longest
    first_match = match
    clauses[clause, FIRST_MATCH] = match
    for limb in range(LIMBS):
        clause_masks[clause, limb] = 0
    word = 0
    while word < length:
        phrase, after = _longest_phrase(symbols, word, length, first, slots, shift)
        if phrase < 0:
            word = after
            continue
        if bounds[phrase] or match - first_match >= longest:
            for limb in range(LIMBS):
                clause_masks[clause, limb] |= masks[phrase, limb] & question[limb]
            clause += 1
            clauses[clause, FIRST_MATCH] = match
            first_match = match
            kept = False
            for limb in range(LIMBS):
                held = masks[phrase, limb] & ~(boundary[limb] | question[limb])
                clause_masks[clause, limb] = held
                kept = kept or held != 0
        else:
            for limb in range(LIMBS):
                clause_masks[clause, limb] |= masks[phrase, limb]
            kept = True
        if kept:
            matches[match, 0] = phrase
            matches[match, 1] = word
            matches[match, 2] = after
            match += 1
        word = after
    return match, clause + 1


@njit(cache=True)
def read(text, offsets, tables):
    """Read every log of a batch.

    ``text`` holds the folded logs end to end as bytes of UTF-8; log ``n`` is
    ``text[offsets[n]:offsets[n + 1]]``. Gives words (first byte, byte after the last, in the log), matches
    (phrase, first word, word after the last), clauses (first match, whether a rule fits) with one row more,
    the tags of each clause, the rules that fit in it, the tags of each log, and where each log's words,
    matches and clauses begin.
    """
    logs = offsets.size - 1
    longest = 0
    for log in range(logs):
        longest = max(longest, offsets[log + 1] - offsets[log])
    most = text.size + logs + 1
    found = _Found(
        np.empty((most, 2), np.int32),
        np.empty(longest + 1, np.int32),
        np.empty((most, 3), np.int32),
        np.empty((most, 2), np.int32),
        np.empty((most, LIMBS), np.uint64),
        np.empty((most, RULE_LIMBS), np.uint64),
    )
    log_masks = np.zeros((logs, LIMBS), np.uint64)
    begins = np.zeros((logs + 1, 3), np.int64)
    word, match, clause = 0, 0, 0
    for log in range(logs):
        begins[log, 0], begins[log, 1], begins[log, 2] = word, match, clause
        first_word, first_clause = word, clause
        word = _split(text, offsets[log], offsets[log + 1], tables.words, found, word)
        length = word - first_word
        match, clause = _cut(
            found.symbols,
            found.matches,
            found.clauses,
            found.clause_masks,
            length,
            tables.trie,
            tables.masks,
            tables.cuts,
            match,
            clause,
        )
        for each in range(first_clause, clause):
            mask = found.clause_masks[each]
            found.clauses[each, FITS] = _note_fitting(mask, length, tables.rules, found.fitting[each])
            for limb in range(LIMBS):
                log_masks[log, limb] |= mask[limb]
    begins[logs, 0], begins[logs, 1], begins[logs, 2] = word, match, clause
    found.clauses[clause, FIRST_MATCH] = match
    return (
        found.words[:word].copy(),
        found.matches[:match].copy(),
        found.clauses[: clause + 1].copy(),
        found.clause_masks[:clause].copy(),
        found.fitting[:clause].copy(),
        log_masks,
        begins,
    )
