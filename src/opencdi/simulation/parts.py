"""A whole made-up force, made part by part: exports, and what is true of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opencdi.simulation import grammar
from opencdi.simulation.codes import Coder
from opencdi.simulation.crime_export import CrimeExport
from opencdi.simulation.draws import Integers, Rows, Truths
from opencdi.simulation.events import Events
from opencdi.simulation.incident_export import IncidentExport
from opencdi.simulation.layouts import LAYOUTS
from opencdi.simulation.narrative import Narrator
from opencdi.simulation.numbers import Numbers, Register
from opencdi.simulation.recording import Recording, Records
from opencdi.simulation.requirements import SLOTS
from opencdi.simulation.settings import Force
from opencdi.simulation.taxonomy import MISSING
from opencdi.simulation.truth import Truth
from opencdi.simulation.typist import Typist
from opencdi.simulation.world import UNREGISTERED, World


@dataclass(frozen=True)
class Part:
    """Some rows of one export, with what is true of them."""

    rows: int
    export: pa.Table
    truth: dict[str, pa.Table]


class Simulation:
    """One force, made part by part; knows no file."""

    def __init__(self, force: Force, chunk: int) -> None:
        self._force = force
        self._chunk = chunk
        self.layout = LAYOUTS[force.style]
        self._recording = Recording(force)
        logged = self._register_of(World(force), 0, force.incidents)
        direct = round(len(logged[0]) * force.errors.without_incident / (1 - force.errors.without_incident))
        self._world = World(force, direct)
        added = self._register_of(self._world, force.incidents, force.incidents + direct)
        self.register = Register.of(*(np.concatenate(pair) for pair in zip(logged, added, strict=True)))
        self._numbers = Numbers(self._world, self.register, force.style)
        self._truth = Truth(self._numbers, force.incidents)
        draws = self._world.draws
        narrator = Narrator(grammar.load(force.style, force.phrases), draws)
        self._incidents = IncidentExport(
            Typist(self._world, self.layout, "incidents"), self._numbers, Coder(draws, force.style), narrator
        )
        self._crimes = CrimeExport(Typist(self._world, self.layout, "crimes"), self._numbers, narrator)

    def _chunks(self, first: int, last: int) -> Iterator[Rows]:
        for start in range(first, last, self._chunk):
            yield np.arange(start, min(start + self._chunk, last), dtype=np.int64)

    def _register_of(self, world: World, first: int, last: int) -> tuple[Rows, Integers, Integers]:
        found: list[tuple[Rows, Integers, Integers]] = [(np.zeros(0, np.int64),) * 3]
        for rows in self._chunks(first, last):
            records = self._recording.records(world.events(rows))
            made = records.of(records.made)
            found.append((rows[made.at], made.slot, made.recorded_at))
        return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]

    def incident_parts(self) -> Iterator[Part]:
        """The command-and-control export and what is true of it, a chunk at a time."""
        for rows in self._chunks(0, self._force.incidents):
            events = self._world.events(rows)
            records = self._recording.records(events)
            places = np.where(records.made, self.register.place(rows[records.at], records.slot), -1)
            known = _first_of_each(records, records.made & (records.n100 == 0), places, len(rows), -1)
            causes = _first_of_each(records, records.error == MISSING, records.cause, len(rows), 0)
            export = self._incidents.table(events, known, causes)
            yield Part(
                len(rows),
                self._with_repeats(export, rows, "incidents"),
                {
                    "required": self._truth.required(events, records, places),
                    "offences": self._truth.offences(events),
                    "errors": self._truth.errors(events, records, places),
                },
            )

    def crime_parts(self) -> Iterator[Part]:
        """The crime system's export in the order of recording, and the links, a chunk at a time."""
        for places in self._chunks(0, len(self.register)):
            events, records = self._recorded_at(places)
            references = self._references(events.rows, records)
            export = self._crimes.table(events, records, places, references)
            direct = np.flatnonzero(events.rows >= self._force.incidents)
            yield Part(
                len(places),
                self._with_repeats(export, places, "crimes"),
                {
                    "links": self._truth.links(places, events, records),
                    "errors": self._truth.errors(
                        events.at(direct), records.of(direct).in_order(), places[direct]
                    ),
                },
            )

    def _recorded_at(self, places: Integers) -> tuple[Events, Records]:
        """The records at these places of the register, and their events, both in that order."""
        rows, slots = self.register.rows[places], self.register.slots[places]
        unique, back = np.unique(rows, return_inverse=True)
        events = self._world.events(unique)
        records = self._recording.records(events)
        chosen = np.searchsorted(records.at * SLOTS + records.slot, back * SLOTS + slots)
        return events.at(back), records.of(chosen).in_order()

    def unregistered(self) -> pa.Table:
        """Crimes told to somebody in the force and written down nowhere."""
        share = self._force.errors.never_registered
        rows = UNREGISTERED + np.arange(round(len(self.register) * share / (1 - share)), dtype=np.int64)
        return self._truth.unregistered(self._world.events(rows))

    def _references(self, rows: Rows, records: Records) -> pa.Array:
        """The incident number typed on each crime."""
        draws = self._world.draws.within("references")
        keys = rows * SLOTS + records.slot
        own = np.minimum(rows, self._force.incidents - 1)
        near = np.clip(own + 1 + draws.below(keys, "near", 40), 0, self._force.incidents - 1)
        some = draws.below(keys, "some", self._force.incidents)
        wrong = np.where((rows >= self._force.incidents) | (near == own), some, near)
        numbers = self._numbers.incident(np.where(records.reference == 2, wrong, own))
        damaged = np.flatnonzero(records.reference == 1)
        if len(damaged):
            mistyped = self._numbers.mistyped(keys[damaged], numbers.take(pa.array(damaged)))
            numbers = pc.replace_with_mask(numbers, pa.array(records.reference == 1), mistyped)
        return pc.if_else(pa.array(records.reference == 3), pa.scalar(None, pa.string()), numbers)

    def _with_repeats(self, export: pa.Table, rows: Rows, name: str) -> pa.Table:
        """The export with the odd row standing twice, and the odd number given twice."""
        draws, errors = self._world.draws.within(f"repeats of {name}"), self._force.errors
        twice = draws.chance(rows, "row", errors.rows_repeated)
        number = draws.chance(rows, "number", errors.numbers_repeated) & ~twice
        order = np.concatenate([np.arange(len(rows)), np.flatnonzero(twice), np.flatnonzero(number)])
        order = np.sort(order, kind="stable")
        if len(order) == len(rows):
            return export
        copied = export.take(pa.array(order))
        again = np.concatenate([[False], order[1:] == order[:-1]]) & number[order]
        last = export.schema.names[-1]
        changed = pc.if_else(
            pa.array(again), pc.binary_join_element_wise(copied[last], "AMENDED", " "), copied[last]
        )
        return copied.set_column(copied.num_columns - 1, last, changed)


def _first_of_each(
    records: Records, wanted: Truths, values: Integers, events: int, otherwise: int
) -> Integers:
    """For each event, the value of its first record that is wanted."""
    found = np.full(events, otherwise, dtype=np.int64)
    at = np.flatnonzero(wanted)[::-1]
    found[records.at[at]] = values[at]
    return found
