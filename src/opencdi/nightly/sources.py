"""Which parts of the tables each record's page rests on: a page whose parts are as they were is left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from opencdi.engine import Engine
from opencdi.nightly.notes import calendar_of
from opencdi.report import record
from opencdi.storage import json_hash
from opencdi.workspace import Relations, Workspace

_OF_INCIDENTS = (
    "incidents",
    "disclosed_offences",
    "required_crimes",
    "offence_decisions",
    "findings",
)
_OF_CRIMES = ("crimes", "links", "findings")
"""Tables with something on a page, in the part of its incident or of its crimes. Of ``matches`` a page shows
one number a crime, and a night changes a few rows in many parts: it rests on the rows."""


class PartsOfRecords:
    """The tables of an audit; see ``report.sources.Sources``."""

    def __init__(self, workspace: Workspace, engine: Engine, tables: Relations) -> None:
        self._workspace = workspace
        self._engine = engine
        self._tables = tables

    def rest_on(self) -> Mapping[str, str]:
        hashes = {name: self._workspace.part_hashes(name) for name in {*_OF_INCIDENTS, *_OF_CRIMES}}

        def told(names: Collection[str], part: str) -> list[str | None]:
            return [hashes[name].get(part) for name in names]

        matched = self._matches()
        subjects = {*self._incident_parts, *self._crime_parts}
        return {
            subject: json_hash(
                [
                    [told(_OF_INCIDENTS, part) for part in self._incident_parts.get(subject, [])],
                    [
                        (crime, told(_OF_CRIMES, part), matched.get((subject, crime)))
                        for crime, part in sorted(self._crime_parts.get(subject, {}).items())
                    ],
                ]
            )
            for subject in subjects
        }

    def holding(self, subjects: Collection[str]) -> Relations:
        wanted = set(subjects)
        incidents = {part for subject in wanted for part in self._incident_parts.get(subject, [])}
        crimes = {part for subject in wanted for part in self._crime_parts.get(subject, {}).values()}
        return {
            name: self._workspace.opened_parts(self._engine, name, sorted(parts), "of_records")
            for name, parts in (
                *((name, incidents) for name in (*_OF_INCIDENTS, "matches")),
                *((name, crimes) for name in _OF_CRIMES),
                ("findings", incidents | crimes),
            )
        }

    def _matches(self) -> dict[tuple[str, str], list[list[Any]]]:
        """What ``matches`` says of the crimes on the page of each incident, by subject and crime."""
        columns = record.SHOWN["matches"]
        rows = self._engine.rows(
            f"select shown.subject, {', '.join(f'm.{name}' for name in columns)} from report_crimes as shown "
            f"join {self._tables['matches'].name} as m "
            "on m.crime_id = shown.crime_id and m.incident_id = substr(shown.subject, 2) "
            "where substr(shown.subject, 1, 1) = 'i' order by m.incident_id, m.match_no"
        )
        found: dict[tuple[str, str], list[list[Any]]] = {}
        for row in rows:
            found.setdefault((row["subject"], row["crime_id"]), []).append([row[name] for name in columns])
        return found

    @cached_property
    def _incident_parts(self) -> dict[str, list[str]]:
        """The part of each incident with a page, by its subject; its leads bear the time of its report."""
        calendar = calendar_of(self._workspace)
        part = calendar.of("lead.reported_at", self._engine.dialect)
        rows = self._engine.rows(
            f"select distinct chosen.subject, {part} as part from report_chosen as chosen "
            f"join {self._tables['findings'].name} as lead on lead.incident_id = substr(chosen.subject, 2) "
            "where substr(chosen.subject, 1, 1) = 'i'"
        )
        return {row["subject"]: [calendar.name(int(row["part"]))] for row in rows}

    @cached_property
    def _crime_parts(self) -> dict[str, dict[str, str]]:
        """The part of each crime on a page, by its subject."""
        calendar = calendar_of(self._workspace)
        part = calendar.of("crime.recorded_at", self._engine.dialect)
        rows = self._engine.rows(
            f"select shown.subject, shown.crime_id, {part} as part from report_crimes as shown "
            f"join {self._tables['crimes'].name} as crime on crime.crime_id = shown.crime_id"
        )
        found: dict[str, dict[str, str]] = {}
        for row in rows:
            found.setdefault(row["subject"], {})[row["crime_id"]] = calendar.name(int(row["part"]))
        return found
