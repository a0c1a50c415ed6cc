"""Where the words of a log stand and what each is, compiled to machine code by Numba.

It cuts as ``words.words`` does; ``WordTable`` says of each spelling which word it is. The tests hold it
equal to the plain reader on any text.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from opencdi.disclosure.kernel_sets import lean

SYMBOL_BITS, LENGTH_BITS = 24, 10
"""Of the number that tells a long spelling: the symbol is lowest, then the length, then the place."""

SHORT = 8
"""Bytes of a spelling that are held in one number."""

_SYMBOL, _LENGTH = (1 << SYMBOL_BITS) - 1, (1 << LENGTH_BITS) - 1

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)

_APOSTROPHE, _SPACE = 39, 32
_POUND_1, _POUND_2 = 0xC2, 0xA3

_OTHER, _PLAIN, _STOP, _DASH, _POUND = range(5)
_WHAT = np.full(256, _OTHER, np.uint8)
"""What each byte is: of a word, a stop, a stop before a space, the first of a pound sign."""
_WHAT[list(b"abcdefghijklmnopqrstuvwxyz0123456789")] = _PLAIN
_WHAT[list(b".,;?!\n")] = _STOP
_WHAT[list(b"-/")] = _DASH
_WHAT[_POUND_1] = _POUND


class WordTable(NamedTuple):
    """Every known spelling: two open hash tables from its bytes to the symbol of its word.

    A slot of ``short`` holds the bytes of a spelling as one number (0 where empty) beside its symbol, so that
    a word is told in one place in memory. A slot of ``long`` holds the hash of a spelling beside where it
    stands in ``spelled``, its length and its symbol in one number (-1 where empty).
    """

    short: Any
    shift: Any
    long: Any
    spelled: Any


@lean
def _is_letter(byte):
    return 97 <= byte <= 122


@lean
def _end_of_word(text, place, end):
    """Where the word that begins at ``place`` ends; ``place`` itself where none does."""
    start = place
    while place < end:
        if _WHAT[text[place]] == _PLAIN:
            place += 1
        elif text[place] == _POUND_1 and place + 1 < end and text[place + 1] == _POUND_2:
            place += 2
        else:
            break
    if place > start and place + 1 < end and text[place] == _APOSTROPHE and _is_letter(text[place + 1]):
        place += 2
        while place < end and _is_letter(text[place]):
            place += 1
    return place


@lean
def _packed(text, start, end):
    """The last bytes of a spelling as one number: all of a short one."""
    spelled = np.int64(0)
    for place in range(start, end):
        spelled = spelled << 8 | np.int64(text[place])
    return spelled


@lean
def _hashed(text, start, end):
    """FNV-1a of some bytes (Fowler, Noll and Vo), 64 bits."""
    value = _FNV_OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(text[place])) * _FNV_PRIME
    return value ^ (value >> np.uint64(29))


@lean
def _short_slot(spelled, short, shift):
    """The slot that holds a short spelling, or the empty one where it would stand."""
    last = short.shape[0] - 1
    slot = np.int64((np.uint64(spelled) * _GOLDEN) >> shift)
    while short[slot, 0] != spelled and short[slot, 0] != 0:
        slot = (slot + 1) & last
    return slot


@lean
def _long_symbol(text, start, end, table):
    slots, spelled = table.long, table.spelled
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


@lean
def _symbol(text, start, end, spelled, table):
    """The symbol of a spelling whose last bytes are packed."""
    if end - start > SHORT:
        return _long_symbol(text, start, end, table)
    return table.short[_short_slot(spelled, table.short, table.shift), 1]


@lean
def symbol_of(text, start, end, table):
    """The symbol of a spelling; 0 for a word no phrase uses."""
    return _symbol(text, start, end, _packed(text, start, end), table)


@njit(cache=True)
def place_words(table, starts, ends, symbols):
    """Fill the empty slots of a word table; spellings stand in ``table.spelled``."""
    slots, spelled = table.long, table.spelled
    last = np.uint64(slots.shape[0] - 1)
    for word in range(starts.size):
        if ends[word] - starts[word] <= SHORT:
            packed = _packed(spelled, starts[word], ends[word])
            place = _short_slot(packed, table.short, table.shift)
            table.short[place, 0], table.short[place, 1] = packed, symbols[word]
            continue
        hashed = _hashed(spelled, starts[word], ends[word])
        slot = hashed & last
        while slots[slot, 1] >= 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot, 0] = np.int64(hashed)
        placed = (starts[word] << LENGTH_BITS) | (ends[word] - starts[word])
        slots[slot, 1] = (placed << SYMBOL_BITS) | symbols[word]


@lean
def _cut_into_words(text, start, end, words, spellings):
    """Write where the words and stops of one log stand in it, and the last bytes of each as one number; gives
    how many there are."""
    count = 0
    place = start
    while place < end:
        what = _WHAT[text[place]]
        if what == _OTHER:
            place += 1
            continue
        begin, spelled = place, np.int64(0)
        while place < end and _WHAT[text[place]] == _PLAIN:
            spelled = spelled << 8 | np.int64(text[place])
            place += 1
        if place < end and (what == _PLAIN or what == _POUND):
            if text[place] == _APOSTROPHE or text[place] == _POUND_1:
                place = _end_of_word(text, begin, end)
                spelled = _packed(text, begin, place)
        elif what == _STOP or (what == _DASH and place + 1 < end and text[place + 1] == _SPACE):
            spelled = np.int64(text[place])
            place += 1
        if place == begin:
            place += 1
            continue
        words[count, 0], words[count, 1] = begin - start, place - start
        spellings[count] = spelled
        count += 1
    return count


@lean
def split(text, start, end, table, words, spellings, symbols):
    """Write where the words and stops of one log stand in it and what each is; gives how many there are.

    All words are cut before any is looked up: so the processor asks memory for many slots at a time, and does
    not wait for each.
    """
    count = _cut_into_words(text, start, end, words, spellings)
    for word in range(count):
        begin, after = start + words[word, 0], start + words[word, 1]
        symbols[word] = _symbol(text, begin, after, spellings[word], table)
    return count
