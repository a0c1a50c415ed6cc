"""Many logs read at once: what each tells, at a fraction of the cost of reading one after the other.

The compiled kernels do all that looks at single words and clauses; what comes out is in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opencdi.disclosure import kernel
from opencdi.disclosure.book import Outline
from opencdi.disclosure.each_once import each_once
from opencdi.disclosure.kernel_offences import (
    AFTER_PIECE,
    FIRST_PIECE,
    LOG,
    P_END,
    P_OTHER_RULE,
    P_RULE,
    P_START,
    P_TAG,
)
from opencdi.disclosure.kernel_sets import LIMBS
from opencdi.disclosure.kernel_tables import AllTables
from opencdi.disclosure.kernel_telling import tell
from opencdi.disclosure.offences import SAID_FIRST
from opencdi.disclosure.parties import RELATIONSHIPS
from opencdi.disclosure.tables import Limbs
from opencdi.disclosure.telling import Account, Told
from opencdi.disclosure.words import folded
from opencdi.engine.lean import numba_without_scipy

numba_without_scipy()

REMEMBERED_PATTERNS = 100_000
"""Names of patterns (rules and tag), kept as such."""

_MASK_BYTES = 8 * LIMBS
SEXES = (None, "F", "M")
_CONTINUES, _CONTINUING = 0xC0, 0x80
"""The bits that tell a byte that continues a character of UTF-8, and what they are in one."""


class Heard(NamedTuple):
    """What a batch of logs tells: all tags of each log and its count of words; the offences told, for whose
    columns see ``kernel_offences``, each with its strength, the tags of its clauses and of those beside them;
    and the pieces of evidence: the name of the pattern, one of ``names``, and its characters in the log.
    """

    masks: Limbs
    words: NDArray[np.int64]
    columns: NDArray[np.int64]
    strengths: NDArray[np.float64]
    here: Limbs
    near: Limbs
    names: list[str]
    patterns: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


class BatchReader:
    """Reads batches of logs; what it tells of each is what ``Discloser.account`` tells of one."""

    def __init__(self, outline: Outline, tables: AllTables) -> None:
        self._tables = tables
        self.kinds = tuple(sorted(outline.kinds))
        self._rules = outline.rules
        self._tags = sorted(outline.tags)
        self._pattern = lru_cache(maxsize=REMEMBERED_PATTERNS)(self._named)

    def read(self, texts: Sequence[str]) -> list[Account]:
        """What each log tells, in order."""
        low = [folded(text) for text in texts]
        heard = self.hear(pa.array(low, pa.large_string()))
        log_masks = heard.masks.tobytes()
        offences = self._offences(heard)
        return [
            Account(offences.get(log, ()), _mask(log_masks, log), words, text)
            for log, (text, words) in enumerate(zip(low, heard.words.tolist(), strict=True))
        ]

    def hear(self, low: pa.LargeStringArray) -> Heard:
        """What folded logs tell, in columns."""
        text, offsets = bytes_of(low)
        tables = self._tables
        words, masks, columns, strengths, here, near, pieces = tell(
            text, offsets, tables.reading, tables.speech, tables.merging, tables.little
        )
        logs = np.repeat(columns[:, LOG], columns[:, AFTER_PIECE] - columns[:, FIRST_PIECE])
        spans = in_characters(text, offsets[logs], pieces[:, [P_START, P_END]])
        names, patterns = each_once(
            self._pattern, pieces[:, P_RULE], pieces[:, P_OTHER_RULE], pieces[:, P_TAG]
        )
        return Heard(masks, words, columns, strengths, here, near, names, patterns, *spans)

    def words_and_tags(
        self, text: NDArray[np.uint8], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], list[int]]:
        """Where the words of folded logs stand, where those of each begin, and all tags of each log."""
        words, begins, masks = kernel.words_and_tags(text, offsets, self._tables.reading)
        held = masks.tobytes()
        return words, begins, [_mask(held, log) for log in range(offsets.size - 1)]

    def _offences(self, heard: Heard) -> dict[int, list[Told]]:
        """The offences of each log that tells any."""
        here, near = heard.here.tobytes(), heard.near.tobytes()
        patterns = [heard.names[each] for each in heard.patterns.tolist()]
        starts, ends = heard.starts.tolist(), heard.ends.tolist()
        offences: dict[int, list[Told]] = {}
        rows = zip(heard.columns.tolist(), heard.strengths.tolist(), strict=True)
        for place, (row, strength) in enumerate(rows):
            log, kind, said, tried, victims, sex, related, further, first, after = row
            told = Told(
                self.kinds[kind],
                SAID_FIRST[said],
                bool(tried),
                strength,
                victims,
                SEXES[sex],
                further,
                RELATIONSHIPS[related] if related >= 0 else None,
                _mask(here, place),
                _mask(near, place),
                patterns[first:after],
                starts[first:after],
                ends[first:after],
            )
            offences.setdefault(log, []).append(told)
        return offences

    def _named(self, rule: int, other: int, tag: int) -> str:
        joined = self._rules[rule] if other < 0 else f"{self._rules[rule]}+{self._rules[other]}"
        return f"{joined}:{self._tags[tag]}"


def utf_8(low: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts end to end as bytes, and where each begins and the last ends."""
    return bytes_of(pa.array(low, pa.large_string()))


def bytes_of(texts: pa.LargeStringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """``utf_8`` of an array without nulls."""
    _, ends, text = texts.buffers()
    offsets = np.frombuffer(ends, np.int64, len(texts) + 1, 8 * texts.offset)
    if text is None:
        return np.zeros(0, np.uint8), offsets
    return np.frombuffer(text, np.uint8)[offsets[0] :], offsets - offsets[0]


def in_characters(
    text: NDArray[np.uint8], begins: NDArray[np.int64], places: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Places in the bytes of logs as places in their characters, a row for each column of ``places``.

    ``begins`` says where the log of each line of ``places`` begins in the text.
    """
    further = np.flatnonzero((text & _CONTINUES) == _CONTINUING)
    skipped = np.searchsorted(further, begins)
    return np.array([each - (np.searchsorted(further, begins + each) - skipped) for each in places.T])


def _mask(masks: bytes, place: int) -> int:
    return int.from_bytes(masks[place * _MASK_BYTES : (place + 1) * _MASK_BYTES], "little")
