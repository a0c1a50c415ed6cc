"""A made-up force, or a country of them, written to files: exports that an audit reads, and the truth."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from opencdi.simulation.files import Write, csv_sink, parquet_sink
from opencdi.simulation.parts import Part, Simulation
from opencdi.simulation.settings import Force
from opencdi.simulation.truth_tables import TABLES

CHUNK = 20_000
"""Rows made at a time. The rows written do not depend on it, nor the bytes of CSV files."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """What a simulation wrote."""

    incidents: int
    crimes: int
    required: int

    def __add__(self, other: Made) -> Made:
        return Made(
            self.incidents + other.incidents, self.crimes + other.crimes, self.required + other.required
        )


@dataclass(frozen=True)
class Files:
    """Where a force's tables go: ``exports/incidents.csv``, or, for one of many forces,
    ``exports/incidents/force=Name/part.parquet``."""

    folder: Path
    as_parquet: bool = False
    partition: str = ""

    def export(self, name: str) -> Path:
        return self._place("exports", name, "parquet" if self.as_parquet else "csv")

    def truth(self, name: str) -> Path:
        return self._place("truth", name, "parquet")

    def _place(self, kind: str, name: str, suffix: str) -> Path:
        path = self.folder / kind / f"{name}.{suffix}"
        if self.partition:
            path = self.folder / kind / name / f"force={self.partition}" / f"part.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def simulate(
    force: Force,
    folder: Path,
    as_parquet: bool = False,
    chunk: int = CHUNK,
    progress: Progress = lambda *_: None,
) -> Made:
    """Write ``exports/incidents``, ``exports/crimes`` and ``truth/*.parquet`` into ``folder``."""
    return _written(Simulation(force, chunk), Files(folder, as_parquet), force.incidents, progress)


def simulate_country(
    forces: Iterable[Force], folder: Path, as_parquet: bool = True, progress: Progress = lambda *_: None
) -> Made:
    """Write many forces, one partition each, one after another in the memory of one."""
    forces = tuple(forces)
    total, made = sum(force.incidents for force in forces), Made(0, 0, 0)
    for force in forces:
        files = Files(folder, as_parquet, force.name)
        made += _written(Simulation(force, CHUNK), files, force.incidents, lambda *_: None)
        progress(made.incidents, total)
    return made


def _written(simulation: Simulation, files: Files, incidents: int, progress: Progress) -> Made:
    crimes = len(simulation.register)
    required = done = 0
    with contextlib.ExitStack() as stack:
        sink = parquet_sink if files.as_parquet else csv_sink

        def export(name: str) -> Write:
            return stack.enter_context(sink(files.export(name), simulation.layout))

        truths = {
            name: stack.enter_context(parquet_sink(files.truth(name), simulation.layout)) for name in TABLES
        }
        parts: tuple[tuple[str, Iterable[Part]], ...] = (
            ("incidents", simulation.incident_parts()),
            ("crimes", simulation.crime_parts()),
        )
        for name, made in parts:
            write = export(name)
            for part in made:
                write(part.export)
                for table, rows in part.truth.items():
                    truths[table](rows)
                required += len(part.truth.get("required", ()))
                done += part.rows
                progress(done, incidents + crimes)
        truths["unregistered"](simulation.unregistered())
    return Made(incidents, crimes, required)
