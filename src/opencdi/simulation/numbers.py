"""The numbers of logs and crimes, and how people mistype them.

Crime numbers follow the order of recording, so they say nothing about which log a crime came from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation.calendar import DAY, local_seconds
from opencdi.simulation.draws import Integers, Rows
from opencdi.simulation.requirements import SLOTS
from opencdi.simulation.texts import EMPTY, day_texts
from opencdi.simulation.world import World


@dataclass(frozen=True)
class Register:
    """Every recorded crime in the order of its recording: its row, its slot and when."""

    rows: Rows
    slots: Integers
    recorded_at: Integers
    keys: Integers
    """Rows and slots in one number, ascending, for looking up the crimes of a row."""
    by_key: Integers
    """The place that each of ``keys`` has in the order of recording."""

    @classmethod
    def of(cls, rows: Rows, slots: Integers, recorded_at: Integers) -> Register:
        order = np.lexsort((slots, rows, recorded_at))
        rows, slots, recorded_at = rows[order], slots[order], recorded_at[order]
        keys = rows * SLOTS + slots
        by_key = np.argsort(keys)
        return cls(rows, slots, recorded_at, keys[by_key], by_key)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, rows: Rows, slots: Integers) -> Integers:
        """Place of each (row, slot); -1 where there is no such crime."""
        if not len(self):
            return np.full(len(rows), -1)
        wanted = rows * SLOTS + slots
        found = np.minimum(np.searchsorted(self.keys, wanted), len(self) - 1)
        return np.where(self.keys[found] == wanted, self.by_key[found], -1)


class Numbers:
    """Writes numbers in one style."""

    def __init__(self, world: World, register: Register, style: str) -> None:
        self._world = world
        self._register = register
        self._style = style
        self._code = pa.scalar(f"{world.force.code}-" if world.force.code else "")
        self._lead = pa.scalar(world.force.code or "43")
        self._first_rows = world.first_row_of_days()
        self._draws = world.draws.within("numbers")
        self._first_of_year = self._year_starts()

    def _year_starts(self) -> Integers:
        years = _year(self._register.recorded_at)
        return np.searchsorted(years, years, side="left")

    def incident(self, rows: Rows) -> pa.Array:
        """Style a: date and number of the day. Style b: letter, year and a running number."""
        instants = self._world.reported(rows)
        if self._style == "b":
            running = pc.utf8_lpad(pc.cast(pa.array(rows + 1), pa.string()), 8, "0")
            return pc.binary_join_element_wise(
                self._code, pa.scalar("E"), running, pa.scalar("-"), _two_digits(_year(instants)), EMPTY
            )
        day = np.minimum(self._world.calendar.day_of(instants), self._world.calendar.days - 1)
        of_day = pc.utf8_lpad(pc.cast(pa.array(rows - self._first_rows[day] + 1), pa.string()), 4, "0")
        date = day_texts(days_since_1970(instants), "%Y%m%d")
        return pc.binary_join_element_wise(self._code, date, pa.scalar("-"), of_day, EMPTY)

    def crime(self, places: Integers) -> pa.Array:
        """Style a: force, year and a running number. Style b: with slashes. Null for place -1."""
        known = np.maximum(places, 0)
        if not len(self._register):
            return pa.nulls(len(places), pa.string())
        serial = known - self._first_of_year[known] + 1
        year = _two_digits(_year(self._register.recorded_at[known]))
        padded = pc.utf8_lpad(pc.cast(pa.array(serial), pa.string()), 7, "0")
        if self._style == "b":
            text = pc.binary_join_element_wise(
                self._code, pa.scalar("CR/"), padded, pa.scalar("/"), year, EMPTY
            )
        else:
            text = pc.binary_join_element_wise(self._lead, year, padded, EMPTY)
        return pc.if_else(pa.array(places < 0), pa.scalar(None, pa.string()), text)

    def mistyped(self, keys: Rows, numbers: pa.Array) -> pa.Array:
        """Each number as somebody typed it wrongly: digits swapped, one digit off, or another layout."""
        way = self._draws.choice(keys, "way", (0.3, 0.25, 0.15, 0.12, 0.18))
        length = int(np.max(pc.utf8_length(numbers).to_numpy(), initial=0))
        if not length:
            return numbers
        letters = np.array(numbers.to_pylist(), dtype=f"<U{length}").view("<U1").reshape(-1, length).copy()
        self._swap(keys, letters, way == 0)
        self._shift(keys, letters, way == 1)
        typed = pa.array(letters.view(f"<U{length}").ravel().tolist(), pa.string())
        slashed = pc.replace_substring(pc.replace_substring(typed, "-", "/"), "CR/", "CR ")
        closed = pc.replace_substring_regex(typed, "[-/ ]", "")
        lead = pc.binary_join_element_wise("INC ", typed, "")
        return pc.case_when(
            pc.make_struct(pa.array(way == 2), pa.array(way == 3), pa.array(way == 4)),
            slashed,
            closed,
            lead,
            typed,
        )

    def _swap(self, keys: Rows, letters: np.ndarray, which: np.ndarray) -> None:
        at = np.flatnonzero(which)
        digit = np.char.isdigit(letters)
        pair = digit[:, :-1] & digit[:, 1:] & (letters[:, :-1] != letters[:, 1:])
        for row in at:
            places = np.flatnonzero(pair[row])
            if len(places):
                place = places[int(self._draws.uniform(keys[row : row + 1], "swap")[0] * len(places))]
                letters[row, place], letters[row, place + 1] = letters[row, place + 1], letters[row, place]

    def _shift(self, keys: Rows, letters: np.ndarray, which: np.ndarray) -> None:
        at = np.flatnonzero(which)
        digit = np.char.isdigit(letters)
        for row in at:
            places = np.flatnonzero(digit[row])
            if len(places):
                drawn = self._draws.uniform(keys[row : row + 1], "shift")[0]
                place = places[-1 - int(drawn * min(3, len(places)))]
                letters[row, place] = str((int(letters[row, place]) + 1) % 10)


def _year(instants: Integers) -> Integers:
    return local_seconds(instants).astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970


def _two_digits(years: Integers) -> pa.Array:
    return pc.utf8_lpad(pc.cast(pa.array(years % 100), pa.string()), 2, "0")


def days_since_1970(instants: Integers) -> Integers:
    return local_seconds(instants) // DAY
