"""Which part each record of an export belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation, sql_text
from opencdi.parts import Calendar, Placed, part_of, write_empty

INSTANTS = {"incidents": "reported_at", "crimes": "recorded_at"}
KEYS = {"incidents": "incident_id", "crimes": "crime_id"}
KINDS = {"incidents": "incident", "crimes": "crime"}
WHOLE = "all"
"""The one part of the reconciliation."""

Parts = dict[str, dict[str, int]]
"""Rows by table and part."""


def placed_records(
    relations: Mapping[str, Relation], calendar: Calendar, file_parts: Mapping[tuple[str, str], str]
) -> dict[str, Placed]:
    """The tables of ``records.read``, each row with its part."""
    engine = relations["incidents"].engine
    return {
        **{table: in_part(relations[table], calendar) for table in KEYS},
        "parties": parties_in_part(relations["parties"], calendar),
        "rejects": _rejects_in_part(relations["rejects"], file_parts),
        "reconciliation": with_part(engine, relations["reconciliation"], sql_text(WHOLE), str),
    }


def in_part(relation: Relation, calendar: Calendar) -> Placed:
    """Incidents by their report, crimes by their recording."""
    instant = INSTANTS[relation.contract.name]
    part = calendar.of(instant, relation.engine.dialect)
    return with_part(relation.engine, relation, part, lambda number: calendar.name(int(number)))


def parties_in_part(parties: Relation, calendar: Calendar) -> Placed:
    """Parties beside their record, which was reported or recorded at ``placed_at``."""
    kinds = list(KINDS.values())
    places = " ".join(f"when {sql_text(kind)} then {place}" for place, kind in enumerate(kinds))
    number = calendar.of("placed_at", parties.engine.dialect)
    part = f"{number} * {len(kinds)} + case record_kind {places} end"

    def name(part: int) -> str:
        number, place = divmod(int(part), len(kinds))
        return f"{kinds[place]}-{calendar.name(number)}"

    return with_part(parties.engine, parties, part, name)


def with_part(engine: Engine, relation: Relation, part: str, name: object) -> Placed:
    """A relation with an SQL expression as its part."""
    sql = f"(select *, {part} as part from {relation.name})"
    assert callable(name)
    return Placed(Relation(engine, sql, relation.contract), name)


def _rejects_in_part(rejects: Relation, file_parts: Mapping[tuple[str, str], str]) -> Placed:
    cases = " ".join(
        f"when table_name = {sql_text(table)} and source_file = {sql_text(name)} then {sql_text(part)}"
        for (table, name), part in file_parts.items()
    )
    return with_part(rejects.engine, rejects, f"case {cases} end", str)


def fill(rows: Parts, fresh: Path, file_parts: Mapping[tuple[str, str], str]) -> None:
    """Write the parts that have no rows: parties of every part of incidents and crimes, rejects of every
    file."""
    due = {
        "parties": [f"{KINDS[table]}-{part}" for table in KEYS for part in rows[table]],
        "rejects": list(file_parts.values()),
    }
    for table, parts in due.items():
        for part in set(parts) - set(rows[table]):
            write_empty(schema.TABLES[table], fresh / table / f"{part}.parquet")
            rows[table][part] = 0


def days_of(incidents: Relation) -> dict[int, int]:
    """Incidents by the number of the day of their report."""
    day = part_of(incidents.engine.dialect.epoch_seconds("reported_at"), 1)
    rows = incidents.engine.rows(f"select {day} as day, count(*) as n from {incidents.name} group by day")
    return {int(row["day"]): int(row["n"]) for row in rows}
