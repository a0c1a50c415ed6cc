"""The terms of a vocabulary in many logs, compiled to machine code by Numba."""

from __future__ import annotations

import numpy as np
from numba import njit

from opencdi.disclosure.kernel import _NODE, _PHRASE, _key, _slot, _symbol


@njit(cache=True)
def _pair(first, symbol, trie):
    """One more than the term that two words make, given the value of the first in the trie; or 0."""
    if first < 0 or symbol == 0:
        return 0
    value = trie.slots[_slot(_key(first, symbol), trie), 1]
    return value & _PHRASE if value >= 0 else 0


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
    count = 0
    for log in range(logs):
        last = np.int64(-1)
        for word in range(ends[log], ends[log + 1]):
            symbol = _symbol(text, offsets[log] + words[word, 0], offsets[log] + words[word, 1], table)
            pair = _pair(last & _NODE if last >= 0 else last, symbol, trie)
            if pair:
                terms[count] = pair - 1
                count += 1
            last = trie.first[symbol]
            if last >= 0 and last & _PHRASE:
                terms[count] = (last & _PHRASE) - 1
                count += 1
                known[log] += 1
        begins[log + 1] = count
    return terms[:count].copy(), begins, known
