"""The phrases of a log and the clauses they cut it into, compiled to machine code by Numba.

It finds what ``Automaton.find`` does: the longest phrases from the left, none overlapping.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from opencdi.disclosure.kernel_sets import LIMBS, lean

NODE_BITS, SYMBOL_BITS, PHRASE_BITS = 22, 18, 22
_STATE_BITS = PHRASE_BITS + 1
_STATE, _GOES_ON = (1 << _STATE_BITS) - 1, 1
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HOME_BITS, _HOME, _BIT = np.uint64(6), np.uint64(63), np.uint64(1)


class Trie(NamedTuple):
    """All phrases, symbol by symbol: an open hash table from (node, symbol) to node.

    A slot holds in one number, from the highest: the node before, the symbol, one more than the phrase that
    ends there (or 0), and whether any goes on; -1 where empty. A node's number is that of its slot; the root
    is one past the last.
    """

    first: Any
    """Where a phrase stands after each symbol as its first (see ``state_at``), or -1."""
    slots: Any
    shift: Any
    homes: Any
    """A bit for each hash, a little longer than a slot's number: whether any key has it. Most steps lead
    nowhere, and this says so from memory that is near at hand."""
    home_shift: Any


@lean
def _state_at(slots, slot):
    return slot << _STATE_BITS | (slots[slot] & _STATE)


@lean
def phrase_at(state):
    """One more than the phrase that ends at a state; 0 where none does."""
    return (state & _STATE) >> 1


@lean
def _key(node, symbol):
    return node << SYMBOL_BITS | symbol


@lean
def _slot(key, slots, shift):
    """The slot that holds a key, or the empty one where it would stand."""
    last = slots.shape[0] - 1
    slot = np.int64((np.uint64(key) * _GOLDEN) >> shift)
    while slots[slot] >= 0 and slots[slot] >> _STATE_BITS != key:
        slot = (slot + 1) & last
    return slot


@lean
def _has_home(key, homes, shift):
    home = (np.uint64(key) * _GOLDEN) >> shift
    return homes[home >> _HOME_BITS] >> (home & _HOME) & _BIT != 0


@lean
def step(state, symbol, trie):
    """The state that a symbol leads to from another; -1 where no phrase goes on so."""
    if not state & _GOES_ON or symbol == 0:
        return -1
    key = _key(state >> _STATE_BITS, symbol)
    if not _has_home(key, trie.homes, trie.home_shift):
        return -1
    slot = _slot(key, trie.slots, trie.shift)
    return _state_at(trie.slots, slot) if trie.slots[slot] >= 0 else -1


@njit(cache=True)
def grow(symbols, ends, trie):
    """Plant phrases, given end to end as symbols, in an empty trie; gives how many nodes it then has."""
    slots, root = trie.slots, trie.slots.shape[0]
    grown, place = 0, 0
    for phrase in range(ends.size):
        node = root
        while place < ends[phrase]:
            key = _key(node, symbols[place])
            slot = _slot(key, slots, trie.shift)
            if slots[slot] < 0:
                grown += 1
                slots[slot] = key << _STATE_BITS
                home = (np.uint64(key) * _GOLDEN) >> trie.home_shift
                trie.homes[home >> _HOME_BITS] |= _BIT << (home & _HOME)
            if node != root:
                slots[node] |= _GOES_ON
            node = slot
            place += 1
        slots[node] |= (phrase + 1) << 1
    place = 0
    for phrase in range(ends.size):
        slot = _slot(_key(root, symbols[place]), slots, trie.shift)
        trie.first[symbols[place]] = _state_at(slots, slot)
        place = ends[phrase]
    return grown


class Cuts(NamedTuple):
    """Where clauses end."""

    bounds: Any
    """Whether each phrase ends one."""
    boundary: Any
    question: Any
    longest: Any


@lean
def _longest_phrase(symbols, word, length, trie):
    """The longest phrase that begins at a word, and the word after it; -1 where none does."""
    phrase, after = -1, word + 1
    state = trie.first[symbols[word]]
    reached = word
    while state >= 0:
        reached += 1
        if phrase_at(state):
            phrase, after = phrase_at(state) - 1, reached
        if reached == length:
            break
        state = step(state, symbols[reached], trie)
    return phrase, after


@lean
def cut(symbols, length, trie, masks, cuts, matches, starts, clauses):
    """Write the matches of one log (phrase, first word, word after the last), the first match of each clause
    and, in the end, their number, and the tags of each clause; gives how many of each there are."""
    bounds, boundary, question, longest = cuts.bounds, cuts.boundary, cuts.question, cuts.longest
    match, first_match, clause = 0, 0, 0
    starts[0] = 0
    clauses[0, :] = 0
    word = 0
    while word < length:
        phrase, after = _longest_phrase(symbols, word, length, trie)
        if phrase < 0:
            word = after
            continue
        kept = True
        if bounds[phrase] or match - first_match >= longest:
            kept = False
            for limb in range(LIMBS):
                clauses[clause, limb] |= masks[phrase, limb] & question[limb]
                held = masks[phrase, limb] & ~(boundary[limb] | question[limb])
                clauses[clause + 1, limb] = held
                kept = kept or held != 0
            clause += 1
            starts[clause] = match
            first_match = match
        else:
            for limb in range(LIMBS):
                clauses[clause, limb] |= masks[phrase, limb]
        if kept:
            matches[match, 0], matches[match, 1], matches[match, 2] = phrase, word, after
            match += 1
        word = after
    starts[clause + 1] = match
    return match, clause + 1
