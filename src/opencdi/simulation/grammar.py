"""A grammar of phrases, expanded for many rows at once.

A grammar file holds sections ``[symbol]``, each with one alternative a line. In an alternative,
``{name}`` stands for another symbol or for a column the batch gives (who did it, to whom, where), and
``{name?}`` for one that half the rows have. A line may begin with ``3|``: three times as likely.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.draws import Integers, Keys, mixed, salt_of, uniform_of

Phrases = Literal["all", "first", "second"]

_SLOT = re.compile(r"\{(\w+)(\?)?\}")
_WEIGHT = re.compile(r"^(\d+)\|")


@dataclass(frozen=True)
class Slot:
    """A place in an alternative that another symbol or a column fills."""

    name: str
    optional: bool
    salt: np.uint64


Part = str | Slot


@dataclass(frozen=True)
class Symbol:
    """A symbol with its alternatives; ``words`` is set where none of them has a slot."""

    name: str
    salt: np.uint64
    choices: Integers
    alternatives: tuple[tuple[Part, ...], ...]
    words: pa.Array | None


@dataclass(frozen=True)
class Batch:
    """What a batch of rows brings along.

    ``columns`` are texts, one a row. ``routes`` say which symbol a slot means in each row: a column of
    positions in a tuple of symbol names.
    """

    columns: Mapping[str, pa.Array]
    routes: Mapping[str, tuple[Integers, tuple[str, ...]]]


class Grammar:
    """All symbols of all grammar files."""

    def __init__(self, symbols: Mapping[str, Symbol]) -> None:
        self.symbols = symbols

    def expand(self, name: str, batch: Batch, rows: Integers, keys: Keys) -> pa.Array:
        """One text for each of ``rows`` (positions in the batch), drawn by ``keys``."""
        if name in batch.columns:
            return batch.columns[name].take(pa.array(rows))
        if name in batch.routes:
            return self._routed(name, batch, rows, keys)
        symbol = self.symbols[name]
        keys = mixed(keys ^ symbol.salt)
        chosen = symbol.choices[np.floor(uniform_of(keys) * len(symbol.choices)).astype(np.int64)]
        if symbol.words is not None:
            return symbol.words.take(pa.array(chosen))
        if len(symbol.alternatives) == 1:
            return self._joined(symbol.alternatives[0], batch, rows, keys)
        return _in_groups(
            chosen, lambda value, at: self._joined(symbol.alternatives[value], batch, rows[at], keys[at])
        )

    def _routed(self, name: str, batch: Batch, rows: Integers, keys: Keys) -> pa.Array:
        codes, names = batch.routes[name]
        return _in_groups(codes[rows], lambda value, at: self.expand(names[value], batch, rows[at], keys[at]))

    def _joined(self, parts: tuple[Part, ...], batch: Batch, rows: Integers, keys: Keys) -> pa.Array:
        texts: list[pa.Array | str] = []
        for part in parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            below = mixed(keys ^ part.salt)
            text = self.expand(part.name, batch, rows, below)
            if part.optional:
                text = pc.if_else(pa.array((below >> np.uint64(5)) & np.uint64(1) == 1), text, "")
            texts.append(text)
        if len(texts) == 1:
            return texts[0] if isinstance(texts[0], pa.Array) else pa.repeat(texts[0], len(rows))
        return pc.binary_join_element_wise(*texts, "")


def _in_groups(codes: Integers, make: object) -> pa.Array:
    """Texts made a group of equal codes at a time, in the order of ``codes``."""
    order = np.argsort(codes, kind="stable")
    sorted_codes = codes[order]
    edges = np.flatnonzero(np.diff(sorted_codes)) + 1
    groups = np.split(order, edges)
    texts = [make(int(codes[group[0]]), group) for group in groups if len(group)]  # type: ignore[operator]
    if not texts:
        return pa.array([], pa.string())
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(texts).take(pa.array(back))


def _parts(symbol: str, line: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    place = 0
    for number, match in enumerate(_SLOT.finditer(line)):
        if match.start() > place:
            parts.append(line[place : match.start()])
        parts.append(Slot(match[1], match[2] is not None, salt_of(f"{symbol}:{number}:{match[1]}")))
        place = match.end()
    if place < len(line) or not parts:
        parts.append(line[place:])
    return tuple(parts)


def _symbol(name: str, lines: list[str], phrases: Phrases) -> Symbol:
    weights = [int(match[1]) if (match := _WEIGHT.match(line)) else 1 for line in lines]
    alternatives = tuple(_parts(name, _WEIGHT.sub("", line)) for line in lines)
    allowed = [place for place in range(len(lines)) if _in_half(place, len(lines), phrases)]
    choices = np.repeat(np.array(allowed, dtype=np.int64), [weights[place] for place in allowed])
    plain = all(isinstance(part, str) for parts in alternatives for part in parts)
    words = pa.array(["".join(map(str, parts)) for parts in alternatives]) if plain else None
    return Symbol(name, salt_of(name), choices, alternatives, words)


def _in_half(place: int, count: int, phrases: Phrases) -> bool:
    return phrases == "all" or count == 1 or (place % 2 == 0) == (phrases == "first")


def sections(text: str) -> dict[str, list[str]]:
    """The sections of a grammar file: lines under each ``[symbol]``; ``#`` begins a remark."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[] "), [])
        elif line.strip() and not line.startswith("#"):
            current.append(line.strip().replace("~", " "))
    return found


@lru_cache(maxsize=8)
def load(style: str, phrases: Phrases) -> Grammar:
    """The grammar of one style: the common files, then those of the style, whose symbols win."""
    found: dict[str, list[str]] = {}
    folder = files("opencdi.simulation") / "grammar"
    for place in (folder / "common", folder / style):
        for file in sorted(
            (entry for entry in place.iterdir() if entry.name.endswith(".txt")), key=lambda entry: entry.name
        ):
            found.update(sections(file.read_text(encoding="utf-8")))
    return Grammar({name: _symbol(name, lines, phrases) for name, lines in found.items()})
