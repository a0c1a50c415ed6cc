"""Incidents that crimes name letter for letter from before their window: where they lie, what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part, linked_by
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Relations, Workspace, code_hash

_NAMED: WeakKeyDictionary[Engine, dict[str, list[str]]] = WeakKeyDictionary()
"""What ``parts_named`` found, by the engine of one run of the step."""


def parts_named(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, Sequence[str]]:
    """By the part of crimes, the parts of incidents that they name from before their window."""
    if engine not in _NAMED:
        calendar, dialect = calendar_of(workspace), engine.dialect
        home = calendar.of("crime.recorded_at", dialect)
        where = calendar.of("incident.reported_at", dialect)
        rows = engine.rows(
            f"select distinct {home} as home, {where} as named from {tables['crimes'].name} as crime "
            f"join {tables['incidents'].name} as incident on incident.incident_id = crime.incident_reference "
            f"where {_is_long_ago(workspace, engine)} order by home, named"
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows:
            found[calendar.name(int(row["home"]))].append(calendar.name(int(row["named"])))
        _NAMED[engine] = dict(found)
    return _NAMED[engine]


def _is_long_ago(workspace: Workspace, engine: Engine) -> str:
    """SQL for whether the incident lies before the crime's window and not too far to be linked."""
    seconds = engine.dialect.epoch_seconds
    settings = workspace.linkage
    after, far = (
        days * 86_400 for days in (settings.window_after_days, settings.reference_window_after_days)
    )
    lapse = f"{seconds('crime.recorded_at')} - {seconds('incident.reported_at')}"
    return f"{lapse} > {after} and {lapse} < {far + 1}"


def digests_long_ago(workspace: Workspace, engine: Engine, tables: Relations) -> dict[str, str]:
    """By the part of crimes, a digest of the incidents that they name from before their window, but for their
    logs. It is remembered as long as no part changes that it was made from."""
    named = parts_named(workspace, engine, tables)
    rests_on = _rests_on(workspace, named)
    page = workspace.memory / "long_ago.json"
    known: dict[str, list[str]] = kept_notes(page) or {}
    stale = [part for part in rests_on if known.get(part, [""])[0] != rests_on[part]]
    if stale:
        known.update(_digested(workspace, engine, named, {part: rests_on[part] for part in stale}))
        known = {part: known[part] for part in rests_on}
        keep_notes(page, known)
    return {part: known[part][1] for part in rests_on}


def _rests_on(workspace: Workspace, named: Mapping[str, Sequence[str]]) -> dict[str, str]:
    incidents, crimes, parties = (digests_of(workspace, name) for name in ("incidents", "crimes", "parties"))
    settings = workspace.audit.model_dump(mode="json", include={"linkage"})
    code = [settings, code_hash(("linkage", "nightly")), calendar_of(workspace).days]
    return {
        part: json_hash(
            [
                *code,
                crimes[part]["links"],
                [(each, incidents[each]["links"], parties.get(f"incident-{each}")) for each in parts],
            ]
        )
        for part, parts in named.items()
    }


def _digested(
    workspace: Workspace, engine: Engine, named: Mapping[str, Sequence[str]], rests_on: Mapping[str, str]
) -> dict[str, list[str]]:
    """For some parts of crimes, what their digests rest on and the digests."""
    calendar = calendar_of(workspace)
    where = sorted({each for part in rests_on for each in named[part]})
    crimes = workspace.opened_parts(engine, "crimes", sorted(rests_on), "naming")
    incidents = workspace.opened_parts(engine, "incidents", where, "named")
    parties = workspace.opened_parts(engine, "parties", parties_parts("incident", where), "named")
    columns = [name for name in linked_by(incidents.contract) if name != "narrative"]
    engine.run([Step("nightly_named", _named_sql(workspace, engine, crimes, incidents, columns))])
    people = engine.dialect.digest_of_rows(parties.contract.names)
    sql = f"""
        select named.*, people.people from nightly_named as named
        left join (select record_id, {people} as people from {parties.name}
                   where record_id in (select incident_id from nightly_named)
                   group by record_id) as people on people.record_id = named.incident_id"""
    digests = digest_by_part(engine, sql, "home", ["crime_id", *columns, "people"])
    engine.drop(("nightly_named",))
    return {part: [rests_on[part], digests.get(calendar.number(part), "")] for part in rests_on}


def _named_sql(
    workspace: Workspace, engine: Engine, crimes: Relation, incidents: Relation, columns: Sequence[str]
) -> str:
    home = calendar_of(workspace).of("crime.recorded_at", engine.dialect)
    return f"""
        select {home} as home, crime.crime_id, {", ".join(f"incident.{name}" for name in columns)}
        from {incidents.name} as incident
        join {crimes.name} as crime on crime.incident_reference = incident.incident_id
        where {_is_long_ago(workspace, engine)}"""
