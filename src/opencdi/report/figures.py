"""The figures of the report as small tables, each counted by one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opencdi.report.asked import asked_of
from opencdi.report.leads import ANY, Cell, Dimension
from opencdi.report.summary import MISSING, Tables
from opencdi.report.words import KINDS


@dataclass(frozen=True)
class Reach:
    """First and last report of the audit, and the editions of the rules that applied."""

    first: datetime | None
    last: datetime | None
    editions: tuple[str, ...]


@dataclass(frozen=True)
class Delay:
    """Crimes recorded within one stretch of hours after the report."""

    label: str
    crimes: int
    past_24_hours: bool


@dataclass(frozen=True)
class Timeliness:
    """Recording times of one offence group."""

    offence_group: str
    within: int
    over: int
    median_hours: float


@dataclass(frozen=True)
class RecordingTimes:
    """Recorded crimes that answer a report: by hours from report to recording, and by the offence group of
    the required crime."""

    delays: Sequence[Delay]
    by_group: Sequence[Timeliness]


@dataclass(frozen=True)
class Stratum:
    """Channel by opening group by offence group: missing leads, and what an even spread would give."""

    channel: str
    opening_group: str
    offence_group: str
    required: int
    missing: int
    expected: float

    @property
    def excess(self) -> float:
        return self.missing - self.expected


@dataclass(frozen=True)
class ReferenceLevel:
    """Crimes by what the reference number on them said, and of these how many are linked how surely."""

    level: str
    crimes: int
    by_class: Mapping[str, int]


@dataclass(frozen=True)
class Linked:
    """Recorded crimes by how sure their link to an incident is: all of them, and by reference number."""

    by_class: Mapping[str, int]
    levels: Sequence[ReferenceLevel]


NO_CANDIDATE = "no candidate"
"""Stands for the reference number's level on a crime that no incident came near."""

STRETCHES: tuple[tuple[str, float, float], ...] = (
    ("Before the report", float("-inf"), 0.0),
    ("Under 1 hour", 0.0, 1.0),
    ("1 to 6 hours", 1.0, 6.0),
    ("6 to 12 hours", 6.0, 12.0),
    ("12 to 24 hours", 12.0, 24.0),
    ("24 to 48 hours", 24.0, 48.0),
    ("2 to 3 days", 48.0, 72.0),
    ("3 to 7 days", 72.0, 168.0),
    ("Over 7 days", 168.0, float("inf")),
)
"""Each stretch holds its upper end: exactly 24 hours is in time."""


def reach(tables: Tables) -> Reach:
    incidents, asked = tables["incidents"], asked_of(tables)
    ends = incidents.engine.rows(
        f"select min(reported_at) as first, max(reported_at) as last from {incidents.name}"
    )[0]
    editions = asked.engine.rows(f"select distinct edition from {asked.name} order by edition")
    return Reach(ends["first"], ends["last"], tuple(row["edition"] for row in editions))


PARTS_OF_ROWS_IN = ("accepted", "rejected", "skipped", "superseded")


def reconciliation(tables: Tables) -> list[dict[str, Any]]:
    """One line a file: rows in, accepted, rejected, skipped, superseded, and whether they add up."""
    lines = tables["reconciliation"].rows("order by source_file, table_name")
    return [
        {**line, "adds_up": line["rows_in"] == sum(line[part] for part in PARTS_OF_ROWS_IN)} for line in lines
    ]


def rejects(tables: Tables, most: int) -> list[dict[str, Any]]:
    """Rejected rows and values by reason, the commonest first; ``most`` reasons at most."""
    relation = tables["rejects"]
    return relation.engine.rows(
        f"""
        select source_file, table_name, reason, column_name, count(*) as n, min(source_line) as first_line,
               min(sentence) as sentence
        from {relation.name}
        group by source_file, table_name, reason, column_name
        order by n desc, source_file, table_name, reason, column_name limit {most}
        """
    )


def recording_times(tables: Tables) -> RecordingTimes:
    """Recorded crimes that answer a report, by hours from report to recording."""
    matches, required = tables["matches"], tables["required_crimes"]
    counted = ", ".join(
        f"count(*) filter (where {_between(low, high)}) as stretch_{number}"
        for number, (_, low, high) in enumerate(STRETCHES)
    )
    rows = matches.engine.rows(
        f"""
        select r.offence_group, median(m.hours_to_record) as middle, {counted}
        from (select * from {matches.name} where {_TIMED}) as m
        left join {required.name} as r on r.incident_id = m.incident_id and r.required_no = m.required_no
        group by r.offence_group
        """
    )
    delays = [
        Delay(label, sum(int(row[f"stretch_{number}"]) for row in rows), low >= 24)
        for number, (label, low, _) in enumerate(STRETCHES)
    ]
    return RecordingTimes(delays, [_timeliness(row) for row in rows if row["offence_group"] is not None])


def _timeliness(row: Mapping[str, Any]) -> Timeliness:
    within = sum(int(row[f"stretch_{number}"]) for number, (_, low, _) in enumerate(STRETCHES) if low < 24)
    over = sum(int(row[f"stretch_{number}"]) for number, (_, low, _) in enumerate(STRETCHES) if low >= 24)
    return Timeliness(row["offence_group"], within, over, float(row["middle"]))


_TIMED = """crime_id is not null and hours_to_record is not null
            and outcome not in ('additional', 'elsewhere', 'cannot_tell')"""


def _between(low: float, high: float) -> str:
    lower = "true" if low == float("-inf") else f"hours_to_record {'>=' if low == 0 else '>'} {low}"
    upper = "true" if high == float("inf") else f"hours_to_record {'<' if high == 0 else '<='} {high}"
    return f"{lower} and {upper}"


def strata(tables: Tables, most: int) -> list[Stratum]:
    """Where missing crimes gather: strata with the most missing leads beyond an even spread.

    Expected = required crimes of the stratum times all missing leads over all required crimes.
    """
    rows = tables["findings"].engine.rows(
        f"""
        with asked as (
            select channel, opening_group, offence_group, cast(sum(required) as bigint) as required
            from {asked_of(tables).name}
            where required > 0
            group by channel, opening_group, offence_group
        ),
        found as (
            select channel, opening_group, offence_group, count(*) as missing
            from {tables["findings"].name}
            where kind in {MISSING}
            group by channel, opening_group, offence_group
        ),
        whole as (select sum(required) as required from asked),
        whole_found as (select sum(missing) as missing from found)
        select a.channel, a.opening_group, a.offence_group, a.required, f.missing,
               a.required * 1.0 * g.missing / w.required as expected
        from asked as a
        join found as f on f.channel = a.channel and f.opening_group = a.opening_group
                       and f.offence_group = a.offence_group
        cross join whole as w cross join whole_found as g
        order by f.missing - a.required * 1.0 * g.missing / w.required desc,
                 a.channel, a.opening_group, a.offence_group
        limit {most}
        """
    )
    return [
        Stratum(
            row["channel"],
            row["opening_group"],
            row["offence_group"],
            int(row["required"]),
            int(row["missing"]),
            float(row["expected"]),
        )
        for row in rows
        if row["missing"] > row["expected"]
    ]


def links(tables: Tables) -> Linked:
    """Recorded crimes by how sure their link to an incident is, and by their reference number."""
    relation = tables["links"]
    classes: Counter[str] = Counter()
    levels: dict[str, Counter[str]] = {}
    for row in relation.engine.rows(
        f"select reference_level, link_class, count(*) as n from {relation.name} "
        "group by reference_level, link_class"
    ):
        level = NO_CANDIDATE if row["reference_level"] is None else row["reference_level"]
        levels.setdefault(level, Counter())[row["link_class"]] += row["n"]
        classes[row["link_class"]] += row["n"]
    lines = [ReferenceLevel(level, found.total(), found) for level, found in levels.items()]
    return Linked(classes, sorted(lines, key=lambda line: (-line.crimes, line.level)))


# Cross-tables of leads -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of a cross-table: its value and its leads by kind."""

    value: str
    leads: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.leads.values())


def kinds(cells: Sequence[Cell]) -> dict[str, int]:
    """All leads by kind, in the order of the taxonomy."""
    found = {cell.kind: cell.leads for cell in cells}
    return {kind: found.get(kind, 0) for kind in KINDS}


def cross_table(dimension: Dimension, cells: Sequence[Cell]) -> list[Line]:
    """Leads by the dimension's value and kind, the value with the most leads first."""
    leads: dict[str, dict[str, int]] = {}
    for cell in cells:
        if cell.kind != ANY:
            leads.setdefault(cell.value, {})[cell.kind] = cell.leads
    lines = sorted(
        (Line(value, found) for value, found in leads.items()), key=lambda line: (-line.total, line.value)
    )
    return lines[: dimension.most] if dimension.most else lines
