"""Small things done with columns of text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import DAY
from opencdi.simulation.draws import Integers

_FIRST_DAY, _LAST_DAY = -18_628, 29_219
"""1 January 1919 and 31 December 2049, in days since 1970: all days that any export names."""
EMPTY = pa.scalar("")
NULL = pa.scalar(None, pa.string())


def joined(pieces: Sequence[pa.Array], gap: str) -> pa.Array:
    """The pieces of each row that are not empty, with a gap between them.

    Arrow's own join drops a row all of whose pieces are null, so the gaps are set by hand.
    """
    led = [
        pc.if_else(pc.equal(piece, EMPTY), EMPTY, pc.binary_join_element_wise(pa.scalar(gap), piece, EMPTY))
        for piece in pieces
    ]
    return pc.replace_substring_regex(
        pc.binary_join_element_wise(*led, ""), f"^{gap}".replace(".", r"\."), ""
    )


@lru_cache(maxsize=8)
def _days(pattern: str) -> pa.Array:
    seconds = np.arange(_FIRST_DAY, _LAST_DAY + 1, dtype=np.int64) * DAY
    return pc.strftime(pa.array(seconds, pa.timestamp("s")), pattern)


@lru_cache(maxsize=4)
def _clock(pattern: str) -> pa.Array:
    return pc.strftime(pa.array(np.arange(DAY, dtype=np.int64), pa.timestamp("s")), pattern)


def day_texts(days: Integers, pattern: str) -> pa.Array:
    """Days since 1970 written by a pattern of ``strftime``, from a table of all days."""
    return _days(pattern).take(pa.array(days - _FIRST_DAY))


def instant_texts(local_seconds: Integers, day: str, gap: str, clock: str) -> pa.Array:
    """Wall-clock seconds since 1970 as a day, a gap and a time of day."""
    return pc.binary_join_element_wise(
        day_texts(local_seconds // DAY, day),
        _clock(clock).take(pa.array(local_seconds % DAY)),
        pa.scalar(gap),
    )
