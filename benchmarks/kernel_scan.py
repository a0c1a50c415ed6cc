"""How many phrases the kernel finds in logs; see ``automata``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from opencdi.disclosure.kernel import Tables, read, room_for
from opencdi.disclosure.kernel_rules import note_all_fitting
from opencdi.disclosure.kernel_sets import LIMBS, RULE_LIMBS


def phrases_found(text: NDArray[np.uint8], offsets: NDArray[np.int64], tables: Tables) -> int:
    return int(_found(text, offsets, tables))


@njit(cache=True)
def _found(text: Any, offsets: Any, tables: Any) -> Any:
    room = room_for(offsets)
    tags = np.zeros(LIMBS, np.uint64)
    fitting = np.empty((room.masks.shape[0], RULE_LIMBS), np.uint64)
    found = 0
    for log in range(offsets.size - 1):
        words, clauses = read(text, offsets[log], offsets[log + 1], tables, room, tags)
        note_all_fitting(room.masks, clauses, words, tables.rules, fitting)
        found += room.starts[clauses]
    return found
