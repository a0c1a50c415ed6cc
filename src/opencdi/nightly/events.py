"""Logs that may be of one event, worked out once a part: what each shares with others, and its pairs."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi.comparison.beside import (
    HOURS_SAME_CALLER,
    HOURS_SAME_PLACE,
    keyed_logs,
    of_one_event,
    reported_told,
)
from opencdi.engine import Engine
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.kept_parts import KeptTable, kept_by_part
from opencdi.nightly.logs import logs_of
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.parts import part_of
from opencdi.schema import Column, Table
from opencdi.workspace import Workspace

_REACH = 3600 * max(HOURS_SAME_PLACE, HOURS_SAME_CALLER)
"""Seconds within which two logs may be of one event."""

_EVENTS = Table(
    "said_of_events",
    "one place or person that reports of one event share",
    ("incident_id", "hours", "event_key"),
    (
        Column("incident_id", "text", "The incident"),
        Column("event_key", "text", "The place or the person"),
        Column("hours", "integer", "Within how many hours another report is of the same event"),
        Column("reported_s", "number", "When it was reported, seconds since 1970"),
    ),
)
_PAIRS = Table(
    "said_pairs",
    "one log beside another that may be of the same event",
    ("incident_id", "other_id"),
    (
        Column("incident_id", "text", "The incident"),
        Column("other_id", "text", "The other"),
    ),
)


def said_of_events(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every report that requires a crime, by what it would share with another report of the same event."""
    required, parties = workspace.part_hashes("required_crimes"), digests_of(workspace, "parties")
    rests_on = {
        part: [found["content"], required.get(part), parties.get(f"incident-{part}")]
        for part, found in digests_of(workspace, "incidents").items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        parties = workspace.opened_parts(engine, "parties", parties_parts("incident", parts), "of_reports")
        return f"""
            with told as (
                select i.incident_id, {reported_told("i", engine.dialect)}, i.place, i.home as part
                from {logs_of(workspace, engine, parts)} as i where i.calling)
            {keyed_logs("told", parties.name, ", log.part")}"""

    return kept_by_part(workspace, engine, _EVENTS, rests_on, rows_of)


def said_pairs(workspace: Workspace, engine: Engine, events: KeptTable) -> KeptTable:
    """Every pair of logs that may be of one event by place or person, both ways, from ``said_of_events``."""
    calendar = calendar_of(workspace)
    numbers = {part: calendar.number(part) for part in events.pages}
    names = {number: part for part, number in numbers.items()}
    near = {
        part: [names[each] for each in calendar.near(names, number, _REACH, _REACH)]
        for part, number in numbers.items()
    }
    rests_on = {part: sorted((each, events.fingerprints[each]) for each in near[part]) for part in numbers}

    def rows_of(parts: Sequence[str]) -> str:
        beside = sorted({each for part in parts for each in near[part]})
        own, others = (
            engine.open_files(_EVENTS, [events.pages[each] for each in some], f"said_of_events_{which}")
            for which, some in (("here", parts), ("near", beside))
        )
        return (
            f"select distinct one.incident_id, other.incident_id as other_id, "
            f"{part_of('one.reported_s', calendar.days)} as part from {of_one_event(own.name, others.name)}"
        )

    return kept_by_part(workspace, engine, _PAIRS, rests_on, rows_of)
