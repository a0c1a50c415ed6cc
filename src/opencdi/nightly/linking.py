"""Links part by part: those of the crimes recorded in a stretch of time.

A crime's link rests on the incidents of its window and a block's length beyond, on the one whose number it
gives letter for letter, and on the force's habits. A part's fingerprint names all three.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from weakref import WeakKeyDictionary

from opencdi import linkage
from opencdi.counting import classification
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part, linked_by
from opencdi.nightly.homes import parties_parts, placed_by
from opencdi.nightly.notes import calendar_of, digests_of, rows_by_part
from opencdi.nightly.placing import INSTANTS
from opencdi.parts import Placed
from opencdi.storage import json_hash, write_whole
from opencdi.workspace import InParts, Record, Relations, Workspace

_INCIDENTS_AT_ONCE = 800_000


def _linked_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    incidents, crimes, parties = (digests_of(workspace, name) for name in tables)
    habits = _habits_print(workspace, engine, tables)
    long_ago = _long_ago(workspace, engine, tables)
    return {
        part: json_hash(
            [
                habits,
                crimes[part]["links"],
                parties.get(f"crime-{part}"),
                [
                    (incidents[near]["links"], parties.get(f"incident-{near}"))
                    for near in _near(workspace, part)
                ],
                long_ago.get(calendar_of(workspace).number(part)),
            ]
        )
        for part in crimes
    }


def _near(workspace: Workspace, part: str) -> list[str]:
    """The parts of incidents that the crimes of a part need."""
    earlier, later = linkage.reach(workspace.linkage)
    calendar = calendar_of(workspace)
    numbers = [calendar.number(each) for each in digests_of(workspace, "incidents")]
    near = calendar.near(numbers, calendar.number(part), earlier.total_seconds(), later.total_seconds())
    return [calendar.name(each) for each in sorted(near)]


def _long_ago(workspace: Workspace, engine: Engine, tables: Relations) -> dict[int, str]:
    """Digests of the incidents that crimes of a part name letter for letter from beyond their window."""
    engine.run([Step("nightly_long_ago", _named_long_ago(workspace, tables))])
    columns = [name for name in linked_by(tables["incidents"].contract) if name != "narrative"]
    people = engine.dialect.digest_of_rows(tables["parties"].contract.names)
    sql = f"""
        select named.part, named.crime_id, {", ".join(f"incident.{name}" for name in columns)}, people.people
        from nightly_long_ago as named
        join (select * from {tables["incidents"].name}
              where incident_id in (select incident_id from nightly_long_ago)) as incident
          on incident.incident_id = named.incident_id
        left join (select record_id, {people} as people from {tables["parties"].name}
                   where record_kind = 'incident'
                     and record_id in (select incident_id from nightly_long_ago)
                   group by record_id) as people on people.record_id = named.incident_id"""
    return digest_by_part(engine, sql, "part", ["crime_id", *columns, "people"])


def _named_long_ago(workspace: Workspace, tables: Relations) -> str:
    """Each crime with the incident it names from before its window: part, crime and incident."""
    settings = workspace.linkage
    epoch = tables["crimes"].engine.dialect.epoch_seconds
    lapse = f"{epoch('crime.recorded_at')} - {epoch('incident.reported_at')}"
    after, far = (
        days * 86_400 for days in (settings.window_after_days, settings.reference_window_after_days)
    )
    return f"""
        select {calendar_of(workspace).of("crime.recorded_at", tables["crimes"].engine.dialect)} as part,
               crime.crime_id, incident.incident_id
        from {tables["crimes"].name} as crime
        join {tables["incidents"].name} as incident on incident.incident_id = crime.incident_reference
        where {lapse} > {after} and {lapse} <= {far}"""


_FORMATS: WeakKeyDictionary[Engine, linkage.NumberFormats] = WeakKeyDictionary()
"""How the force numbers its records, by the engine of one run of the step."""

# Habits --------------------------------------------------------------------------------------------


def _early_parts(workspace: Workspace) -> list[str]:
    """The first parts, with as many incidents as habits are learned from."""
    rows = rows_by_part(workspace)
    early: list[str] = []
    for part in sorted(rows):
        if sum(rows[each] for each in early) >= linkage.EARLY_INCIDENTS:
            break
        early.append(part)
    return early


def _formats(engine: Engine, tables: Relations) -> linkage.NumberFormats:
    if engine not in _FORMATS:
        _FORMATS[engine] = linkage.learn_formats(tables["incidents"], tables["crimes"])
    return _FORMATS[engine]


def _learned(workspace: Workspace, engine: Engine, tables: Relations) -> linkage.Habits:
    early = _early_parts(workspace)
    people = [*parties_parts("incident", early), *parties_parts("crime", early)]
    return linkage.learn_habits(
        tables["incidents"],
        tables["crimes"],
        workspace.linkage,
        workspace.opened_parts(engine, "incidents", early, "early"),
        workspace.opened_parts(engine, "parties", people, "early"),
        _formats(engine, tables),
    )


def _habits_print(workspace: Workspace, engine: Engine, tables: Relations) -> str:
    """Fingerprint of the force's habits; of those that its first parts teach, it is remembered."""
    early = _early_parts(workspace)
    incidents, parties = digests_of(workspace, "incidents"), digests_of(workspace, "parties")
    key = json_hash(
        [
            workspace.audit.model_dump(mode="json", include={"linkage"}),
            [(part, incidents[part]["links"], parties.get(f"incident-{part}")) for part in early],
            [parties.get(f"crime-{part}") for part in early],
        ]
    )
    page = workspace.memory / "habits.json"
    known = json.loads(page.read_text()) if page.exists() else {}
    if known.get("key") != key:
        here = _learned(workspace, engine, tables).here
        names = engine.dialect.digest_of_rows(("surname", "forename"))
        common = engine.rows(f"select {names} as names from link_common")
        known = {"key": key, "print": json_hash([asdict(here), common])}
        page.parent.mkdir(parents=True, exist_ok=True)
        write_whole(page, json.dumps(known))
    return json_hash([known["print"], asdict(_formats(engine, tables))])


# Links ---------------------------------------------------------------------------------------------


def _link(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    habits = _learned(workspace, engine, tables)
    crimes = workspace.opened_parts(engine, "crimes", parts)
    near = sorted({each for part in parts for each in _near(workspace, part)})
    incidents = _needed_incidents(workspace, engine, tables["incidents"], crimes, near)
    parties = _needed_parties(workspace, engine, tables["parties"], parts, near)
    families = classification.load().families()
    linked = linkage.link_at_once(incidents, crimes, parties, workspace.linkage, families, habits)
    return {"links": placed_by(workspace, linked.links, crimes, parts)}


def _needed_incidents(
    workspace: Workspace, engine: Engine, incidents: Relation, crimes: Relation, near: Sequence[str]
) -> Relation:
    """The incidents of some parts, and those elsewhere that the crimes name letter for letter."""
    calendar = calendar_of(workspace)
    beside = workspace.opened_parts(engine, "incidents", near)
    instant = INSTANTS["incidents"]
    numbers = ", ".join(str(calendar.number(part)) for part in near) or "null"
    engine.run(
        [
            Step(
                "nightly_far",
                f"select {linkage.without_log(incidents)} from {incidents.name} "
                f"where incident_id in (select incident_reference from {crimes.name}) "
                f"and not coalesce({calendar.of(instant, engine.dialect)} in ({numbers}), false)",
            )
        ]
    )
    plain = ", ".join(incidents.contract.names)
    sql = f"(select {plain} from {beside.name} union all select {plain} from nightly_far)"
    return Relation(engine, sql, incidents.contract)


def _needed_parties(
    workspace: Workspace, engine: Engine, parties: Relation, parts: Sequence[str], near: Sequence[str]
) -> Relation:
    beside = workspace.opened_parts(
        engine, "parties", [*parties_parts("crime", parts), *parties_parts("incident", near)]
    )
    plain = ", ".join(parties.contract.names)
    sql = (
        f"(select {plain} from {beside.name} union all select {plain} from {parties.name} "
        "where record_kind = 'incident' and record_id in (select incident_id from nightly_far))"
    )
    return Relation(engine, sql, parties.contract)


def _groups(workspace: Workspace, parts: Sequence[str]) -> Sequence[Sequence[str]]:
    """Parts in order of time, cut where gaps are or the incidents they need would be too many at once."""
    rows = rows_by_part(workspace)
    groups: list[list[str]] = []
    held: set[str] = set()
    for part in sorted(parts):
        near = set(_near(workspace, part))
        together = held | near
        if groups and held & near and sum(rows.get(each, 0) for each in together) <= _INCIDENTS_AT_ONCE:
            groups[-1].append(part)
            held = together
        else:
            groups.append([part])
            held = near
    return groups


LINK = InParts(_linked_from, _link, _groups)
