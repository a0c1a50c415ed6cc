"""A whole made-up force, written chunk by chunk: exports that an audit reads, and the truth."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from opencdi.simulation import grammar, truth
from opencdi.simulation.codes import Coder
from opencdi.simulation.draws import Integers, Rows
from opencdi.simulation.exports import Writer
from opencdi.simulation.layouts import LAYOUTS, Layout
from opencdi.simulation.narrative import Narrator
from opencdi.simulation.numbers import Numbers, Register
from opencdi.simulation.recording import Recording, Records
from opencdi.simulation.settings import Force
from opencdi.simulation.taxonomy import MISSING
from opencdi.simulation.world import World

CHUNK = 20_000
"""Rows made at a time. The rows written do not depend on it, nor the bytes of CSV files."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """What a simulation wrote."""

    incidents: int
    crimes: int
    required: int


def simulate(
    force: Force,
    folder: Path,
    as_parquet: bool = False,
    chunk: int = CHUNK,
    progress: Progress = lambda *_: None,
) -> Made:
    """Write ``exports/incidents``, ``exports/crimes`` and ``truth/*.parquet`` into ``folder``."""
    simulation = _Simulation(force, chunk)
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    (folder / "truth").mkdir(exist_ok=True)
    sink = _parquet_sink if as_parquet else _csv_sink
    suffix = "parquet" if as_parquet else "csv"
    total = force.incidents + len(simulation.register)
    required_rows = done = 0
    with contextlib.ExitStack() as stack:

        def opened(name: str) -> Callable[[pa.Table], None]:
            return stack.enter_context(sink(folder / "exports" / f"{name}.{suffix}", simulation.layout))

        def told(name: str) -> Callable[[pa.Table], None]:
            return stack.enter_context(_parquet_sink(folder / "truth" / f"{name}.parquet", simulation.layout))

        incidents, crimes = opened("incidents"), opened("crimes")
        tables = {name: told(name) for name in truth.TABLES}
        for part in simulation.incident_parts():
            incidents(part.export)
            for name, table in part.truth.items():
                tables[name](table)
            required_rows += len(part.truth["required"])
            done += part.rows
            progress(done, total)
        for part in simulation.crime_parts():
            crimes(part.export)
            for name, table in part.truth.items():
                tables[name](table)
            done += part.rows
            progress(done, total)
    return Made(force.incidents, len(simulation.register), required_rows)


@dataclass(frozen=True)
class Part:
    rows: int
    export: pa.Table
    truth: dict[str, pa.Table]


class _Simulation:
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
        words = grammar.load(force.style, force.phrases)
        self._writer = Writer(
            self._world,
            self._numbers,
            self.layout,
            Coder(self._world.draws, force.style),
            Narrator(words, self._world.draws),
        )

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
            first_crime = np.full(len(rows), -1, dtype=np.int64)
            live = np.flatnonzero(records.made & (records.n100 == 0))[::-1]
            first_crime[records.at[live]] = places[live]
            causes = np.zeros(len(rows), dtype=np.int64)
            missing = records.error == MISSING
            causes[records.at[missing]] = records.cause[missing]
            export = self._writer.incidents(events, first_crime, causes)
            yield Part(
                len(rows),
                self._with_repeats(export, rows, "incidents"),
                {
                    "required": truth.required(self._numbers, events, records, places),
                    "offences": truth.offences_told(self._numbers, events),
                    "errors": truth.errors(self._numbers, events, records, places, self._force.incidents),
                },
            )

    def crime_parts(self) -> Iterator[Part]:
        """The crime system's export in the order of recording, and the links, a chunk at a time."""
        for start in range(0, len(self.register), self._chunk):
            places = np.arange(start, min(start + self._chunk, len(self.register)), dtype=np.int64)
            rows, slots = self.register.rows[places], self.register.slots[places]
            unique, back = np.unique(rows, return_inverse=True)
            events = self._world.events(unique)
            records = self._recording.records(events)
            chosen = np.searchsorted(records.at * 8 + records.slot, back * 8 + slots)
            records, events = records.of(chosen), events.at(back)
            references = self._references(events.rows, records)
            export = self._writer.crimes(events, records, places, references)
            late = np.flatnonzero(rows >= self._force.incidents)
            direct = records.of(late)
            yield Part(
                len(places),
                self._with_repeats(export, places, "crimes"),
                {
                    "links": truth.links(self._numbers, places, events, records, self._force.incidents),
                    "errors": truth.errors(
                        self._numbers,
                        events.at(late),
                        _renumbered(direct),
                        places[late],
                        self._force.incidents,
                    ),
                },
            )

    def _references(self, rows: Rows, records: Records) -> pa.Array:
        """The incident number typed on each crime."""
        draws = self._world.draws.within("references")
        keys = rows * 8 + records.slot
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


def _renumbered(records: Records) -> Records:
    values: dict[str, Any] = {name: getattr(records, name) for name in records.__dataclass_fields__}
    values["at"] = np.arange(len(records))
    return Records(**values)


@contextlib.contextmanager
def _csv_sink(path: Path, layout: Layout) -> Iterator[Callable[[pa.Table], None]]:
    writer: list[Any] = []
    options = pc_csv.WriteOptions(delimiter=layout.delimiter)
    with path.open("wb") as file:
        file.write(layout.mark)

        def write(table: pa.Table) -> None:
            if not writer:
                writer.append(pc_csv.CSVWriter(file, table.schema, write_options=options))
            writer[0].write(table)

        try:
            yield write
        finally:
            for one in writer:
                one.close()


@contextlib.contextmanager
def _parquet_sink(path: Path, layout: Layout) -> Iterator[Callable[[pa.Table], None]]:
    writer: list[Any] = []

    def write(table: pa.Table) -> None:
        if not writer:
            writer.append(pq.ParquetWriter(path, table.schema, compression="zstd"))
        writer[0].write_table(table)

    try:
        yield write
    finally:
        for one in writer:
            one.close()
