"""Sets of tags and of rules as rows of 64-bit numbers, compiled to machine code by Numba."""

from __future__ import annotations

import numpy as np
from numba import njit

LIMBS = 6
"""64-bit numbers in a set of tags, the lowest first: up to 384 tags."""

RULE_LIMBS = 6
"""64-bit numbers in a set of rules."""

ONE = np.uint64(1)
_DE_BRUIJN = 0x03F79D71B4CB0A89
"""Its windows of six bits are all different (Leiserson, Prokop and Randall 1998)."""

_PLACES = np.empty(64, np.int64)
for _place in range(64):
    _PLACES[(_DE_BRUIJN << _place & 0xFFFFFFFFFFFFFFFF) >> 58] = _place
_MULTIPLIER = np.uint64(_DE_BRUIJN)
_WINDOW = np.uint64(58)


lean = njit(cache=True, _nrt=False)
"""For functions that make no array: to count who holds those they are given would cost more than the work."""


@lean
def meet(one, other):
    """Whether two sets share anything."""
    for limb in range(LIMBS):
        if one[limb] & other[limb]:
            return True
    return False


@lean
def lowest(bits):
    """The place of the lowest bit of a number that is not 0."""
    return _PLACES[((bits & (~bits + ONE)) * _MULTIPLIER) >> _WINDOW]
