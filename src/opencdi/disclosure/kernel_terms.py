"""The terms of a vocabulary in many logs, compiled to machine code by Numba."""

from __future__ import annotations

import numpy as np
from numba import njit

from opencdi.disclosure.kernel_phrases import phrase_at, step
from opencdi.disclosure.kernel_sets import lean
from opencdi.disclosure.kernel_words import symbol_of


@lean
def _pair(first, symbol, trie):
    """One more than the term that two words make, given the state of the first in the trie; or 0."""
    state = step(first, symbol, trie) if first >= 0 else -1
    return phrase_at(state) if state >= 0 else 0


@lean
def _note_terms(text, start, words, table, trie, terms):
    """Write the terms of one log, which starts at a place in the text; gives how many there are, and how
    many of its words are terms."""
    count, known = 0, 0
    last = np.int64(-1)
    for word in range(words.shape[0]):
        symbol = symbol_of(text, start + words[word, 0], start + words[word, 1], table)
        pair = _pair(last, symbol, trie)
        if pair:
            terms[count] = pair - 1
            count += 1
        last = trie.first[symbol]
        if last >= 0 and phrase_at(last):
            terms[count] = phrase_at(last) - 1
            count += 1
            known += 1
    return count, known


@njit(cache=True)
def find_terms(text, offsets, words, ends, table, trie):
    """Every word and pair of words that is a term, log by log.

    ``words`` are places in their log; those of log ``n`` stand at ``ends[n]:ends[n + 1]``. Gives the terms,
    where each log's begin and the last end, and how many words of each log are terms.
    """
    logs = offsets.size - 1
    terms = np.empty(2 * words.shape[0], np.int64)
    begins = np.zeros(logs + 1, np.int64)
    known = np.zeros(logs, np.int64)
    for log in range(logs):
        begin = begins[log]
        own = words[ends[log] : ends[log + 1]]
        count, known[log] = _note_terms(text, offsets[log], own, table, trie, terms[begin:])
        begins[log + 1] = begin + count
    return terms[: begins[logs]].copy(), begins, known
