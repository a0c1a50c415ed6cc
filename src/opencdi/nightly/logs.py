"""Incidents with what their logs say, read once for all that is kept of it.

A log is by far the widest column, and four kept tables and the findings rest on it or on columns beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from opencdi import comparison
from opencdi.comparison.beside import has_words, place_told, words_told
from opencdi.engine import Engine, Relation, Step, letters_and_digits
from opencdi.nightly.homes import opened_parts
from opencdi.nightly.notes import calendar_of
from opencdi.schema import INCIDENTS
from opencdi.workspace import Workspace

RECORDED = tuple(name for name in comparison.READ["incidents"] if name != "narrative")
"""What the comparison reads of an incident besides its log."""

_NAME = "nightly_logs"
_PARTS: WeakKeyDictionary[Engine, tuple[str, ...]] = WeakKeyDictionary()
"""The parts that engines hold. An engine serves one run of one step, in which its inputs stay as they are."""


def logs_of(workspace: Workspace, engine: Engine, parts: Sequence[str]) -> str:
    """The name of a table of the incidents of some parts, made unless the engine holds it.

    It has what is ``RECORDED`` and the crimes that the log quotes; the number of its part (``home``); its own
    number, letters and digits alone (``bare``); whether it has a log (``has_log``), and one that is more than
    blanks (``has_words``). Of those that require a crime (``calling``) it has the ``place`` and those
    ``words`` of the log as well that may be the number of another.
    """
    if _PARTS.get(engine) != tuple(parts):
        engine.run([Step(_NAME, _logs(workspace, engine, parts))])
        _PARTS[engine] = tuple(parts)
    return _NAME


def recorded(workspace: Workspace, engine: Engine, parts: Sequence[str]) -> Relation:
    """The incidents of some parts as the comparison takes them, an empty text in place of each log."""
    logs = logs_of(workspace, engine, parts)
    contract = replace(INCIDENTS, columns=tuple(INCIDENTS.column(name) for name in (*RECORDED, "narrative")))
    sql = f"(select {', '.join(RECORDED)}, case when has_log then '' end as narrative from {logs})"
    return Relation(engine, sql, contract)


def _logs(workspace: Workspace, engine: Engine, parts: Sequence[str]) -> str:
    dialect = engine.dialect
    incidents, required = opened_parts(workspace, engine, parts, "incidents", "required_crimes")
    recorded = ", ".join(f"i.{name}" for name in RECORDED)
    calling = "calling.incident_id is not null"
    return f"""
        select {recorded}, i.crime_references,
               {calendar_of(workspace).of("i.reported_at", dialect)} as home,
               {letters_and_digits("i.incident_id", dialect)} as bare,
               i.narrative is not null as has_log, {has_words("i.narrative")} as has_words,
               {calling} as calling, case when {calling} then {place_told("i", dialect)} end as place,
               case when {calling} then {words_told("i.narrative", dialect)} end as words
        from {incidents.name} as i
        left join (select distinct incident_id from {required.name}) as calling
          on calling.incident_id = i.incident_id"""
