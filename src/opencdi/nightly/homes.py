"""Relations of some parts, and in which parts records lie."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from opencdi import schema
from opencdi.engine import Engine, Relation
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.workspace import Workspace

_SOUGHT_AT_MOST = 50_000
"""Numbers sought one by one: more are not held in a list, and lie in nearly every part."""


def in_parts(workspace: Workspace, number: str, parts: Iterable[str]) -> str:
    """SQL for whether ``number`` (SQL) is that of one of some parts."""
    calendar = calendar_of(workspace)
    return f"{number} in ({', '.join(str(calendar.number(part)) for part in parts) or 'null'})"


def homes_of(workspace: Workspace, engine: Engine, records: str, condition: str) -> list[str]:
    """The parts of some records; ``records`` gives the part of each (``home``)."""
    rows = engine.rows(f"select distinct home from {records} where {condition} order by home")
    return [calendar_of(workspace).name(int(row["home"])) for row in rows]


def parts_about(workspace: Workspace, engine: Engine, table: str, numbers: str) -> list[str]:
    """The parts of incidents or crimes that may hold some numbers of theirs: those between whose first and
    last number one lies, or all for very many. ``numbers`` is SQL that selects them as ``number``."""
    known = digests_of(workspace, table)
    rows = engine.rows(f"select distinct number from ({numbers}) as sought limit {_SOUGHT_AT_MOST + 1}")
    if len(rows) > _SOUGHT_AT_MOST:
        return sorted(known)
    sought = sorted(row["number"] for row in rows)

    def one_lies(first: str, last: str) -> bool:
        place = bisect_left(sought, first)
        return place < len(sought) and sought[place] <= last

    return sorted(part for part, found in known.items() if one_lies(found["first"], found["last"]))


def parts_within(
    workspace: Workspace, table: str, parts: Iterable[str], before: float, after: float
) -> list[str]:
    """The parts of incidents or crimes that hold an instant within so many seconds of one of some parts."""
    calendar = calendar_of(workspace)
    names = {calendar.number(part): part for part in digests_of(workspace, table)}
    numbers = {each for part in parts for each in calendar.near(names, calendar.number(part), before, after)}
    return [names[each] for each in sorted(numbers)]


def numbered_rows(workspace: Workspace, engine: Engine, table: str, parts: Sequence[str], label: str) -> str:
    """SQL for the rows of some parts of a table, one at least, with the number of its part (``part``)."""
    calendar = calendar_of(workspace)
    paths = {calendar.number(part): workspace.table(table) / f"{part}.parquet" for part in parts}
    numbered = engine.open_numbered(schema.TABLES[table], paths, f"{table}_{label}")
    return f"select * from {numbered.name}"


def opened_parts(workspace: Workspace, engine: Engine, parts: Sequence[str], *names: str) -> list[Relation]:
    """The same parts of several tables."""
    return [workspace.opened_parts(engine, name, parts) for name in names]


def first_and_last(workspace: Workspace, engine: Engine, table: str) -> Relation:
    """The first and the last part of a table, which hold its earliest and its latest row."""
    parts = workspace.part_names(table)
    return workspace.opened_parts(engine, table, sorted({*parts[:1], *parts[-1:]}), "first_and_last")


def parties_parts(kind: str, parts: Sequence[str]) -> list[str]:
    """The parts of the parties of incidents or of crimes."""
    return [f"{kind}-{part}" for part in parts]
