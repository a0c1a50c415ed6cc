"""A grammar of phrases, expanded for all rows of a batch at once.

A grammar file holds sections ``[symbol]``, each with one alternative a line. In an alternative,
``{name}`` stands for another symbol or for a route, which means another symbol in each row (what
happened, who did it, to whom), and ``{name?}`` for one that half the rows have. A line may begin with
``3|``: three times as likely.

A text is a run of cells. A cell is a symbol or a word (any piece of text without slots). One pass turns
every cell that is a symbol into the parts of the alternative its key draws; passes go on until only words
are left, and Arrow then joins the words of each row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi.simulation.draws import Integers, Keys, Truths, mixed, salt_of, uniform_of
from opencdi.simulation.settings import Phrases

ROUTES = ("act", "cact", "mact", "order", "otherforce", "log", "crimeref", "sname", "vname", "ago")
FIXED_ROUTES = ("S", "So", "V", "VS", "VP", "him2", "he", "his", "him", "PV")
"""Routes whose words stay the same throughout a row: who is spoken of."""
_ALL_ROUTES = (*ROUTES, *FIXED_ROUTES)
PLAIN, UPPER, CAPITAL = range(3)
CASES = 3
LATER = 4
"""Added to a case: the suspect has been named before, so a pronoun may do."""
"""How a cell is written: as it stands, in capitals, or with a capital first letter."""

_SLOT = re.compile(r"\{(\w+)(\?)?\}")
_WEIGHT = re.compile(r"^(\d+)\|")
_LONG_WORD = re.compile(r"[a-z]{5,}")
_SLIP_BITS = np.uint64(1023)
_SLIP_SHIFT = np.uint64(17)

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Cells:
    """The cells of many rows, those of one row together and in order."""

    target: Codes
    """A symbol, or a word counted on from the last symbol."""
    row: Codes
    key: Keys
    case: NDArray[np.int8]

    def at(self, places: Integers | Truths) -> Cells:
        return Cells(self.target[places], self.row[places], self.key[places], self.case[places])


@dataclass(frozen=True)
class _Tables:
    """The grammar as arrays: symbols to alternatives, alternatives to parts."""

    choice_first: Integers
    choice_count: Integers
    choices: Integers
    part_first: Integers
    part_count: Integers
    part_target: Codes
    part_route: Codes
    part_salt: Keys
    part_optional: Truths


class Grammar:
    """All symbols of all grammar files of one style."""

    def __init__(self, found: Mapping[str, Sequence[str]], phrases: Phrases) -> None:
        self._symbols = {name: place for place, name in enumerate(found)}
        self._words: dict[str, int] = {}
        self._tables = self._tables_of(found, phrases)
        for extra in _stamps():
            self._word(extra)
        texts = list(self._words)
        self._size = len(texts)
        slipped = [_slip(text) for text in texts]
        self._vocabulary = pa.array([*_in_cases(texts), *_in_cases(slipped)])

    def symbol(self, name: str) -> int:
        """The target that stands for a symbol."""
        return self._symbols[name]

    def online(self, act: str) -> str:
        """The symbol that tells the act as done online: its own where it has no other."""
        return f"{act}_online" if f"{act}_online" in self._symbols else act

    def symbols(self, names: Sequence[str]) -> Codes:
        return np.array([self._symbols[name] for name in names], dtype=np.int32)

    def word(self, text: str) -> int:
        """The target that stands for a word of the vocabulary."""
        return len(self._symbols) + self._words[text]

    def row_text(self, block: int, rows: int) -> Codes:
        """Targets for texts of the rows' own, given to ``texts`` as its ``own`` columns."""
        first = len(self._symbols) + self._size + block * rows
        return np.arange(first, first + rows, dtype=np.int32)

    def texts(
        self,
        cells: Cells,
        rows: int,
        routes: Mapping[str, Codes],
        row_keys: Keys,
        own: Sequence[pa.Array] = (),
        slips: int = 3,
    ) -> pa.Array:
        """One text a row. ``slips`` in 1,024 words are mistyped."""
        table = np.zeros((len(_ALL_ROUTES), rows), dtype=np.int32)
        for name, targets in routes.items():
            table[_ALL_ROUTES.index(name)] = targets
        cells = self._expanded(cells, table, row_keys)
        return self._spelt(cells, rows, own, slips)

    def _expanded(self, cells: Cells, routes: NDArray[np.int32], row_keys: Keys) -> Cells:
        while True:
            symbols = cells.target < len(self._symbols)
            if not symbols.any():
                return cells
            cells = self._one_pass(cells, symbols, routes, row_keys)

    def _one_pass(self, cells: Cells, symbols: Truths, routes: NDArray[np.int32], row_keys: Keys) -> Cells:
        tables = self._tables
        counts = np.ones(len(symbols), dtype=np.int64)
        at = np.flatnonzero(symbols)
        symbol = cells.target[at]
        drawn = uniform_of(cells.key[at]) * tables.choice_count[symbol]
        alternative = tables.choices[tables.choice_first[symbol] + drawn.astype(np.int64)]
        counts[at] = tables.part_count[alternative]
        below = cells.at(np.repeat(np.arange(len(symbols)), counts))
        starts = np.cumsum(counts) - counts
        made = np.repeat(symbols, counts)
        parts = np.flatnonzero(made)
        within = parts - np.repeat(starts[at], counts[at])
        part = np.repeat(tables.part_first[alternative], counts[at]) + within
        target, row = below.target, below.row
        route = tables.part_route[part]
        route = _by_pronoun(route, below.case[parts], below.key[parts])
        target[parts] = np.where(route >= 0, routes[route, row[parts]], tables.part_target[part])
        fixed = route >= len(ROUTES)
        parents = np.where(fixed, row_keys[row[parts]], below.key[parts])
        below.key[parts] = mixed(parents ^ tables.part_salt[part])
        below.case[parts[(within > 0) & (below.case[parts] & ~LATER == CAPITAL)]] &= LATER
        optional = tables.part_optional[part]
        if not optional.any():
            return below
        keep = np.ones(len(target), dtype=bool)
        keep[parts] = ~(optional & ((below.key[parts] >> np.uint64(9)) & np.uint64(1) == 1))
        return below.at(keep)

    def _spelt(self, cells: Cells, rows: int, own: Sequence[pa.Array], slips: int) -> pa.Array:
        place = cells.target - len(self._symbols)
        ours = place < self._size
        slipped = ours & ((cells.key >> _SLIP_SHIFT) & _SLIP_BITS < np.uint64(slips))
        place += np.where(ours, cells.case & ~LATER, 2 * CASES - 1).astype(np.int32) * np.int32(self._size)
        place[slipped] += CASES * self._size
        vocabulary = pa.concat_arrays([self._vocabulary, *(pc.fill_null(column, "") for column in own)])
        offsets = np.searchsorted(cells.row, np.arange(rows + 1)).astype(np.int32)
        listed = pa.ListArray.from_arrays(pa.array(offsets), vocabulary.take(pa.array(place)))
        return pc.binary_join(listed, pa.scalar(""))

    # -- reading -----------------------------------------------------------------------------------

    def _word(self, text: str) -> int:
        return self._words.setdefault(text, len(self._words))

    def _tables_of(self, found: Mapping[str, Sequence[str]], phrases: Phrases) -> _Tables:
        halves = halves_of(found)
        choices: list[int] = []
        choice_first: list[int] = []
        choice_count: list[int] = []
        part_first: list[int] = []
        part_count: list[int] = []
        parts: list[tuple[int, int, np.uint64, bool]] = []
        for name, lines in found.items():
            choice_first.append(len(choices))
            for place, line in enumerate(lines):
                if phrases == "all" or halves.get(_text(line), phrases) == phrases:
                    weight = int(match[1]) if (match := _WEIGHT.match(line)) else 1
                    choices += [len(part_first)] * weight
                part_first.append(len(parts))
                parts += self._parts(name, place, _text(line))
                part_count.append(len(parts) - part_first[-1])
            choice_count.append(len(choices) - choice_first[-1])
        return _Tables(
            choice_first=np.array(choice_first, dtype=np.int64),
            choice_count=np.array(choice_count, dtype=np.int64),
            choices=np.array(choices, dtype=np.int64),
            part_first=np.array(part_first, dtype=np.int64),
            part_count=np.array(part_count, dtype=np.int64),
            part_target=np.array([target for target, *_ in parts], dtype=np.int32),
            part_route=np.array([route for _, route, *_ in parts], dtype=np.int32),
            part_salt=np.array([salt for _, _, salt, _ in parts], dtype=np.uint64),
            part_optional=np.array([optional for *_, optional in parts], dtype=bool),
        )

    def _parts(self, symbol: str, line_no: int, line: str) -> list[tuple[int, int, np.uint64, bool]]:
        parts: list[tuple[int, int, np.uint64, bool]] = []
        place = 0

        def literal(text: str) -> None:
            if text:
                salt = salt_of(f"{symbol}:{line_no}:{len(parts)}")
                parts.append((len(self._symbols) + self._word(text), -1, salt, False))

        for match in _SLOT.finditer(line):
            literal(line[place : match.start()])
            name, optional = match[1], match[2] is not None
            if name in _ALL_ROUTES:
                salt = salt_of(name if name in FIXED_ROUTES else f"{symbol}:{line_no}:{len(parts)}:{name}")
                parts.append((0, _ALL_ROUTES.index(name), salt, optional))
            else:
                salt = salt_of(f"{symbol}:{line_no}:{len(parts)}:{name}")
                parts.append((self._symbols[name], -1, salt, optional))
            place = match.end()
        literal(line[place:])
        return parts


_SUSPECT = np.array([_ALL_ROUTES.index(name) for name in ("S", "So")])
_PRONOUN = np.array([_ALL_ROUTES.index(name) for name in ("he", "him")])


def _by_pronoun(route: Codes, case: NDArray[np.int8], keys: Keys) -> Codes:
    """Routes with most later mentions of the suspect turned to pronouns."""
    later = ((case & LATER) > 0) & ((keys >> np.uint64(13)) & np.uint64(3) != 0)
    turned = np.select([later & (route == name) for name in _SUSPECT], list(_PRONOUN), route)
    return np.asarray(turned, dtype=np.int32)


def stamp_minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _stamps() -> list[str]:
    """Words that no grammar file holds: line breaks, gaps, times and operators' numbers."""
    times = [stamp_minute(minute) for minute in range(1440)]
    return ["\n", ". ", " ", *times, *(f"{number:02}" for number in range(100))]


def _in_cases(texts: Sequence[str]) -> list[str]:
    """The texts plain, then all in capitals, then all with a capital first letter."""
    return [*texts, *(text.upper() for text in texts), *(text[:1].upper() + text[1:] for text in texts)]


def _slip(text: str) -> str:
    """The text with the longest word's two middle letters swapped, as fingers do."""
    words = _LONG_WORD.findall(text)
    if not words:
        return text
    word = max(words, key=len)
    middle = len(word) // 2
    wrong = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return text.replace(word, wrong, 1)


def _text(line: str) -> str:
    return _WEIGHT.sub("", line)


def halves_of(found: Mapping[str, Sequence[str]]) -> dict[str, Phrases]:
    """The half each phrase belongs to, wherever it stands. Single words, and lines that are alone in their
    section, belong to both and are not listed."""
    halves: dict[str, Phrases] = {}
    for lines in found.values():
        phrases = [_text(line) for line in lines if " " in _text(line)]
        first = sum(halves.get(phrase) == "first" for phrase in phrases)
        second = sum(halves.get(phrase) == "second" for phrase in phrases)
        for phrase in phrases if len(lines) > 1 else ():
            if phrase not in halves:
                halves[phrase] = "first" if first <= second else "second"
                first, second = first + (first <= second), second + (first > second)
    return halves


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


def read(style: str) -> dict[str, list[str]]:
    """The common sections, then those of the style, whose symbols win."""
    found: dict[str, list[str]] = {}
    folder = files("opencdi.simulation") / "grammar"
    for place in (folder / "common", folder / style):
        entries = [entry for entry in place.iterdir() if entry.name.endswith(".txt")]
        for file in sorted(entries, key=lambda entry: entry.name):
            found.update(sections(file.read_text(encoding="utf-8")))
    return found


@lru_cache(maxsize=8)
def load(style: str, phrases: Phrases) -> Grammar:
    """The grammar of one style, or half of it."""
    return Grammar(read(style), phrases)
