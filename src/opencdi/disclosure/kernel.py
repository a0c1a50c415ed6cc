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

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PHRASE = 0xFFFFFFFF
_NODE = ~_PHRASE

_APOSTROPHE, _SPACE, _COMMA, _HYPHEN, _STOP, _SLASH = 39, 32, 44, 45, 46, 47
_SEMICOLON, _QUESTION, _EXCLAMATION, _NEW_LINE = 59, 63, 33, 10
_POUND_1, _POUND_2 = 0xC2, 0xA3


class WordTable(NamedTuple):
    """Every known spelling: an open hash table from its bytes to the symbol of its word."""

    slots: Any
    starts: Any
    ends: Any
    spelled: Any
    symbols: Any


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
    last = np.uint64(table.slots.size - 1)
    slot = _hashed(text, start, end) & last
    while True:
        word = table.slots[slot]
        if word < 0:
            return 0
        begin = table.starts[word]
        if table.ends[word] - begin == end - start:
            same = True
            for place in range(end - start):
                if table.spelled[begin + place] != text[start + place]:
                    same = False
                    break
            if same:
                return table.symbols[word]
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
def place_words(slots, starts, ends, spelled):
    """Fill the empty (-1) slots of a word table."""
    last = np.uint64(slots.size - 1)
    for word in range(starts.size):
        slot = _hashed(spelled, starts[word], ends[word]) & last
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot] = word


@njit(cache=True)
def grow(symbols, ends, trie):
    """Plant phrases, given end to end as symbols, in an empty trie."""
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
def _longest_phrase(symbols, word, length, trie):
    """The longest phrase that begins at a word, and the word after it; -1 where none does."""
    phrase = -1
    after = word + 1
    value = trie.first[symbols[word]]
    reached = word
    while value >= 0:
        reached += 1
        if value & _PHRASE:
            phrase = (value & _PHRASE) - 1
            after = reached
        if reached == length or symbols[reached] == 0:
            break
        slot = _slot(_key(value, symbols[reached]), trie)
        value = trie.slots[slot, 1]
    return phrase, after


@njit(cache=True)
def _open_clause(found, clause, match, mask, cuts):
    """Begin a clause with what the phrase that ended the last one carries beside; gives whether any is."""
    found.clauses[clause, FIRST_MATCH] = match
    carries = False
    for limb in range(LIMBS):
        held = mask[limb] & ~(cuts.boundary[limb] | cuts.question[limb])
        found.clause_masks[clause, limb] = held
        carries = carries or held != 0
    return carries


@njit(cache=True)
def _cut(found, length, tables, match, clause):
    """Write the matches and clauses of one log; gives how many of each there are then."""
    found.clauses[clause, FIRST_MATCH] = match
    found.clause_masks[clause] = np.uint64(0)
    cuts = tables.cuts
    word = 0
    while word < length:
        phrase, after = _longest_phrase(found.symbols, word, length, tables.trie)
        if phrase < 0:
            word = after
            continue
        mask = tables.masks[phrase]
        carries = True
        if _meet(mask, cuts.boundary) or match - found.clauses[clause, FIRST_MATCH] >= cuts.longest:
            for limb in range(LIMBS):
                found.clause_masks[clause, limb] |= mask[limb] & cuts.question[limb]
            clause += 1
            carries = _open_clause(found, clause, match, mask, cuts)
        else:
            for limb in range(LIMBS):
                found.clause_masks[clause, limb] |= mask[limb]
        if carries:
            found.matches[match, 0] = phrase
            found.matches[match, 1] = word
            found.matches[match, 2] = after
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
        match, clause = _cut(found, length, tables, match, clause)
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
