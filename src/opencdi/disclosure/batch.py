"""Many logs read at once: what ``Reader.read`` says of each, at a fraction of its cost.

The compiled kernel passes over every word; only clauses in which a rule fits come to Python.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

import numpy as np
import pyarrow as pa

from opencdi.disclosure import kernel
from opencdi.disclosure.automaton import Match
from opencdi.disclosure.kernel import FIRST_MATCH, FITS, LIMBS, RULE_LIMBS, Tables
from opencdi.disclosure.reader import Clause, CompiledRule, Event, Reader, Reading
from opencdi.disclosure.tables import tables_of
from opencdi.disclosure.words import folded

REMEMBERED_SETS = 10_000
"""Sets of rules that fit together, kept as such."""

_MATCH_BYTES = 12
_MASK_BYTES = 8 * LIMBS
_RULE_BYTES = 8 * RULE_LIMBS


class BatchReader:
    """Reads batches of logs as ``reader`` reads one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tables = tables_of(reader)
        self._turns = reader.turns
        self._rules = lru_cache(maxsize=REMEMBERED_SETS)(self._rules_of)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """What each log says, in order."""
        low = [folded(text) for text in texts]
        found = found_in(low, self._tables)
        events = self._events(found)
        return [self._reading(found, log, text, events.get(log)) for log, text in enumerate(low)]

    def _reading(self, found: Found, log: int, text: str, events: list[Event] | None) -> Reading:
        mask = found.log_mask(log)
        if not events:
            said: tuple[Event, ...] = ()
        elif mask & self._turns:
            said = self._reader.settled(events, found.clause_masks_of(log))
        else:
            said = tuple(events)
        return _BatchReading(said, _Clauses(found, log), mask, text, _Words(found, log, text))

    def _events(self, found: Found) -> dict[int, list[Event]]:
        """The events of each log that has any, none of them taken back yet."""
        events: dict[int, list[Event]] = {}
        for place, log in found.fitting():
            clause, number = found.clause(place), place - found.begins[log][2]
            for rule in self._rules(found.rules(place)):
                event = self._reader.event(rule, clause, number)
                if event is not None:
                    events.setdefault(log, []).append(event)
        return events

    def _rules_of(self, chosen: bytes) -> tuple[CompiledRule, ...]:
        bits = int.from_bytes(chosen, "little")
        return tuple(rule for place, rule in enumerate(self._reader.rules) if bits >> place & 1)


@dataclass(frozen=True, slots=True)
class Found:
    """What the kernel found in one batch, to look up single words and clauses in. See ``kernel.read``."""

    words: memoryview[Any]
    matches: bytes
    clauses: memoryview
    clause_masks: bytes
    fits: bytes
    log_masks: bytes
    begins: list[list[int]]
    made: dict[int, Clause]
    """Clauses that have been asked for."""

    def fitting(self) -> Iterator[tuple[int, int]]:
        """Clauses in which a rule fits, each with its log."""
        begins = np.array(self.begins)
        fitting = np.flatnonzero(np.asarray(self.clauses)[:-1, FITS])
        logs = np.searchsorted(begins[:, 2], fitting, side="right") - 1
        return zip(fitting.tolist(), logs.tolist(), strict=True)

    def rules(self, clause: int) -> bytes:
        """The rules that fit in a clause, as bits."""
        return self.fits[clause * _RULE_BYTES : (clause + 1) * _RULE_BYTES]

    def clause(self, clause: int) -> Clause:
        if clause not in self.made:
            self.made[clause] = self._clause(clause)
        return self.made[clause]

    def _clause(self, clause: int) -> Clause:
        first, after = self.clauses[clause, FIRST_MATCH], self.clauses[clause + 1, FIRST_MATCH]
        return Clause(
            _matches(self.matches[first * _MATCH_BYTES : after * _MATCH_BYTES]),
            _mask(self.clause_masks, clause),
        )

    def clause_masks_of(self, log: int) -> list[int]:
        """The tags of each clause of a log."""
        return [
            _mask(self.clause_masks, clause) for clause in range(self.begins[log][2], self.begins[log + 1][2])
        ]

    def log_mask(self, log: int) -> int:
        return _mask(self.log_masks, log)


def found_in(low: list[str], tables: Tables) -> Found:
    column = pa.array(low, pa.large_string())
    _, ends, text = column.buffers()
    offsets = np.frombuffer(ends, np.int64)[: len(low) + 1]
    held = np.frombuffer(text, np.uint8) if text is not None else np.zeros(0, np.uint8)
    words, matches, clauses, clause_masks, fits, log_masks, begins = kernel.read(held, offsets, tables)
    return Found(
        memoryview(words),
        matches.tobytes(),
        memoryview(clauses),
        clause_masks.tobytes(),
        fits.tobytes(),
        log_masks.tobytes(),
        begins.tolist(),
        {},
    )


def _mask(masks: bytes, place: int) -> int:
    return int.from_bytes(masks[place * _MASK_BYTES : (place + 1) * _MASK_BYTES], "little")


def _matches(held: bytes) -> list[Match]:
    numbers = memoryview(held).cast("i").tolist()
    return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))


class _BatchReading(Reading):
    """A reading whose words have places already."""

    def places(self) -> list[tuple[int, int]]:
        if isinstance(self.words, _Words) and self.text.isascii():
            return self.words.places(self.last_evidence())
        return Reading.places(self)


class _Clauses(Sequence[Clause]):
    """The clauses of one log, each made when it is asked for."""

    __slots__ = ("_after", "_first", "_found")

    def __init__(self, found: Found, log: int) -> None:
        self._found = found
        self._first = found.begins[log][2]
        self._after = found.begins[log + 1][2]

    def __len__(self) -> int:
        return self._after - self._first

    @overload
    def __getitem__(self, place: int) -> Clause: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Clause]: ...
    def __getitem__(self, place: int | slice) -> Clause | Sequence[Clause]:
        chosen = range(self._first, self._after)[place]
        if isinstance(chosen, int):
            return self._found.clause(chosen)
        return [self._found.clause(each) for each in chosen]


class _Words(Sequence[str]):
    """The words of one log, each cut out of its text when it is asked for."""

    __slots__ = ("_after", "_first", "_found", "_text")

    def __init__(self, found: Found, log: int, text: str) -> None:
        self._found = found
        self._first = found.begins[log][0]
        self._after = found.begins[log + 1][0]
        self._text = text

    def __len__(self) -> int:
        return self._after - self._first

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        if isinstance(place, int):
            return self._cut(self._places(range(len(self))[place], 1))[0]
        start, after, step = place.indices(len(self))
        return self._cut(self._places(start, after - start))[::step]

    def places(self, most: int) -> list[tuple[int, int]]:
        """Where each of the first words begins and ends in the bytes of the log."""
        return [(start, end) for start, end in self._places(0, most)]

    def _places(self, first: int, count: int) -> list[list[int]]:
        start = self._first + first
        rows: list[Any] = self._found.words[start : start + max(0, count)].tolist()
        return rows

    def _cut(self, places: list[list[int]]) -> tuple[str, ...]:
        if self._text.isascii():
            return tuple([self._text[start:end] for start, end in places])
        held = self._text.encode()
        return tuple([held[start:end].decode() for start, end in places])
