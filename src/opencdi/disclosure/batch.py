"""Many logs read at once: what each tells, at a fraction of the cost of reading one after the other.

The compiled kernels do all that looks at single words and clauses; what comes to Python is one row an
offence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from opencdi.disclosure import kernel, kernel_offences
from opencdi.disclosure.book import Outline
from opencdi.disclosure.kernel import LIMBS
from opencdi.disclosure.kernel_tables import AllTables
from opencdi.disclosure.offences import SAID_FIRST
from opencdi.disclosure.parties import RELATIONSHIPS
from opencdi.disclosure.tables import without_rules
from opencdi.disclosure.telling import Account, Told
from opencdi.disclosure.words import folded
from opencdi.engine.lean import numba_without_scipy

numba_without_scipy()

REMEMBERED_PATTERNS = 100_000
"""Names of patterns (rules and tag), kept as such."""

_MASK_BYTES = 8 * LIMBS
_SEXES = (None, "F", "M")
_CONTINUES, _CONTINUING = 0xC0, 0x80
"""The bits that tell a byte that continues a character of UTF-8, and what they are in one."""


class BatchReader:
    """Reads batches of logs; what it tells of each is what ``Discloser.account`` tells of one."""

    def __init__(self, outline: Outline, tables: AllTables) -> None:
        self._tables = tables
        self._without_rules = without_rules(tables.reading)
        self._kinds = sorted(outline.kinds)
        self._rules = outline.rules
        self._tags = sorted(outline.tags)
        self._pattern = lru_cache(maxsize=REMEMBERED_PATTERNS)(self._named)

    def read(self, texts: Sequence[str]) -> list[Account]:
        """What each log tells, in order."""
        low = [folded(text) for text in texts]
        text, offsets = utf_8(low)
        tables = self._tables
        found = kernel.read(text, offsets, tables.reading)
        log_masks, begins = found[5].tobytes(), found[6]
        told = kernel_offences.tell(
            text, offsets, found, tables.reading, tables.speech, tables.merging, tables.little
        )
        offences = self._offences(low, *told)
        words = np.diff(begins[:, 0]).tolist()
        return [
            Account(offences.get(log, ()), _mask(log_masks, log), words[log], text)
            for log, text in enumerate(low)
        ]

    def words_and_tags(
        self, text: NDArray[np.uint8], offsets: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], list[int]]:
        """Where the words of folded logs stand, where those of each begin, and all tags of each log."""
        words, *_, masks, begins = kernel.read(text, offsets, self._without_rules)
        held = masks.tobytes()
        return words, begins[:, 0].copy(), [_mask(held, log) for log in range(offsets.size - 1)]

    def _offences(
        self,
        low: Sequence[str],
        columns: NDArray[np.int64],
        strengths: NDArray[np.float64],
        here: NDArray[np.uint64],
        near: NDArray[np.uint64],
        pieces: NDArray[np.int32],
    ) -> dict[int, list[Told]]:
        """The offences of each log that tells any."""
        kinds, here_bytes, near_bytes = self._kinds, here.tobytes(), near.tobytes()
        *patterns, starts, ends = pieces.T.tolist()
        names = list(map(self._pattern, *patterns))
        offences: dict[int, list[Told]] = {}
        for place, (row, strength) in enumerate(zip(columns.tolist(), strengths.tolist(), strict=True)):
            log, kind, said, tried, victims, sex, related, further, first, after = row
            spans = [starts[first:after], ends[first:after]]
            if not low[log].isascii():
                spans = _in_characters(low[log], spans)
            told = Told(
                kinds[kind],
                SAID_FIRST[said],
                bool(tried),
                strength,
                victims,
                _SEXES[sex],
                further,
                RELATIONSHIPS[related] if related >= 0 else None,
                _mask(here_bytes, place),
                _mask(near_bytes, place),
                names[first:after],
                *spans,
            )
            offences.setdefault(log, []).append(told)
        return offences

    def _named(self, rule: int, other: int, tag: int) -> str:
        joined = self._rules[rule] if other < 0 else f"{self._rules[rule]}+{self._rules[other]}"
        return f"{joined}:{self._tags[tag]}"


def utf_8(low: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts end to end as bytes, and where each begins and the last ends."""
    column = pa.array(low, pa.large_string())
    _, ends, text = column.buffers()
    offsets = np.frombuffer(ends, np.int64)[: len(low) + 1]
    return np.frombuffer(text, np.uint8) if text is not None else np.zeros(0, np.uint8), offsets


def _mask(masks: bytes, place: int) -> int:
    return int.from_bytes(masks[place * _MASK_BYTES : (place + 1) * _MASK_BYTES], "little")


def _in_characters(text: str, places: Sequence[list[int]]) -> list[list[int]]:
    """Places in the bytes of a text as places in its characters."""
    held = np.frombuffer(text.encode(), np.uint8)
    before = np.concatenate([[0], np.cumsum((held & _CONTINUES) != _CONTINUING)])
    return [before[each].tolist() for each in places]
