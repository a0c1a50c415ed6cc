"""A country's forces as one: a rank of leads over all of them, and one population to draw from.

Numbers of two forces may be the same, so a record is named ``FORCE/NUMBER`` here. Tables are read where they
lie. A frame is sorted one force at a time and of the leads only the gravest are held, so that what the
engine needs does not grow with the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from opencdi import schema
from opencdi.engine import Engine, Relation, Step, sql_text
from opencdi.errors import UserError
from opencdi.nightly.country import force_folders
from opencdi.workspace import table_of

NAMED = ("incident_id", "crime_id", "finding_id")
BY_GRAVITY = "seriousness, coalesce(deadline_at, timestamp '9999-01-01'), finding_id"
"""The order of the worklist of one force."""


@dataclass(frozen=True)
class ForceByForce:
    """One table of every force, one force after the other in the order of what stands before its numbers, so
    that all rows are in key order though only one force's are sorted at a time."""

    forces: Sequence[Relation]

    def batches(self, columns: Sequence[str], rows_a_batch: int = 50_000) -> Iterator[pa.RecordBatch]:
        """As ``Relation.batches``."""
        for own in self.forces:
            yield from own.batches(columns, rows_a_batch)


def force_by_force(engine: Engine, root: Path, table: str) -> ForceByForce:
    """One table of every force that has it. Raises ``UserError`` where none has."""
    contract = schema.TABLES[table]
    without = forces_without(root, table)
    forces = [
        Relation(engine, f"({_named(engine, folder, table, number)})", contract)
        for number, folder in enumerate(sorted(force_folders(root), key=lambda each: mark(each.name)))
        if folder.name not in without
    ]
    if not forces:
        raise UserError(
            f"No force of {root} has been audited yet. Run `opencdi country {root} --exports FOLDER` first."
        )
    return ForceByForce(forces)


def forces_without(root: Path, table: str) -> list[str]:
    """The forces that do not have a table, by name."""
    return [each.name for each in force_folders(root) if not table_of(each, table).exists()]


def all_forces(engine: Engine, root: Path, table: str) -> Relation:
    """As ``force_by_force``, as one relation."""
    pieces = (f"select * from {own.name}" for own in force_by_force(engine, root, table).forces)
    return Relation(engine, f"({' union all '.join(pieces)})", schema.TABLES[table])


def _named(engine: Engine, force: Path, table: str, number: int) -> str:
    contract = schema.TABLES[table]
    own = engine.open_files(contract, _files(table_of(force, table)), f"{table}_of_force_{number}")
    before = sql_text(mark(force.name))
    columns = (f"{before} || {name} as {name}" if name in NAMED else name for name in contract.names)
    return f"select {', '.join(columns)} from {own.name}"


def mark(force: str) -> str:
    """What stands before the numbers of a force; no folder of a force has a stroke in its name."""
    return f"{force}/"


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def gravest_leads(engine: Engine, root: Path, most: int) -> Relation:
    """The gravest leads of all forces, so many at most, found once; those due first come first."""
    found = all_forces(engine, root, "findings")
    sql = f"select * from {found.name} as leads order by {BY_GRAVITY} limit {most}"
    engine.run([Step("gravest_leads", sql)])
    return Relation(engine, "gravest_leads", found.contract)


def by_force(names: Iterable[str]) -> dict[str, list[str]]:
    """The numbers of each force among records named ``FORCE/NUMBER``, in their order."""
    found: dict[str, list[str]] = {}
    for name in names:
        force, _, number = name.partition("/")
        found.setdefault(force, []).append(number)
    return found
