"""Links part by part: those of the crimes recorded in a stretch of time.

A crime's link rests on the incidents of its window and a block's length beyond, on the one whose number it
gives letter for letter, and on the force's habits. A part's fingerprint names all three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from opencdi import linkage, schema
from opencdi.counting import classification
from opencdi.engine import Engine, Relation, Step
from opencdi.linkage.density import Density
from opencdi.nightly.digests import digest_by_part
from opencdi.nightly.homes import parties_parts, placed_by
from opencdi.nightly.notes import calendar_of, digests_of, rows_by_part
from opencdi.nightly.pages import Pages
from opencdi.nightly.placing import INSTANTS
from opencdi.nightly.said import said_for_links
from opencdi.parts import Placed
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import InParts, Record, Relations, Workspace, code_hash

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
    """Digests of the incidents that crimes of a part name letter for letter from before their window."""
    settings = workspace.linkage
    dialect = engine.dialect
    said = said_for_links(workspace, engine)
    Pages(workspace, said.name).keep_only(said.pages.values())
    part = calendar_of(workspace).of("crime.recorded_at", dialect)
    lapse = f"{dialect.epoch_seconds('crime.recorded_at')} - incident.reported_s"
    after, far = (
        days * 86_400 for days in (settings.window_after_days, settings.reference_window_after_days)
    )
    named = f"""
        select {part} as part, crime.crime_id, incident.incident_id, incident.said
        from {tables["crimes"].name} as crime
        join {said.relation.name} as incident
          on incident.incident_id = crime.incident_reference
        where {lapse} > {after} and {lapse} <= {far}"""
    return digest_by_part(engine, named, "part", ["crime_id", "incident_id", "said"])


_NAMES = schema.Table(
    "names",
    "one name that is not rare in the force",
    ("surname", "forename"),
    (
        schema.Column("surname", "text", "The surname"),
        schema.Column("forename", "text", "The forename, empty where there is none"),
    ),
)
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


def _habits(workspace: Workspace, engine: Engine, tables: Relations) -> linkage.Habits:
    """The force's habits, its common names in ``link_common``; what its first parts teach is remembered."""
    known = _taught(workspace, engine, tables)
    names = engine.open_files(_NAMES, [_names_page(workspace, known["key"])], "nightly_names")
    engine.run([Step("link_common", f"select surname, forename from {names.name}")])
    return linkage.Habits(_formats(engine, tables), Density(**known["here"]))


def _habits_print(workspace: Workspace, engine: Engine, tables: Relations) -> str:
    """Fingerprint of the force's habits."""
    known = _taught(workspace, engine, tables)
    return json_hash([known["here"], known["names"], asdict(_formats(engine, tables))])


def _taught(workspace: Workspace, engine: Engine, tables: Relations) -> dict[str, Any]:
    """What the first parts teach: how busy the force is (``here``) and a digest of its common names, which
    stand in a file."""
    early = _early_parts(workspace)
    incidents, parties = digests_of(workspace, "incidents"), digests_of(workspace, "parties")
    key = json_hash(
        [
            workspace.audit.model_dump(mode="json", include={"linkage"}),
            code_hash(("linkage", "nightly")),
            [(part, incidents[part]["links"], parties.get(f"incident-{part}")) for part in early],
            [parties.get(f"crime-{part}") for part in early],
        ]
    )
    page, names = workspace.memory / "habits.json", _names_page(workspace, key)
    known: dict[str, Any] = kept_notes(page) or {}
    if known.get("key") == key and names.exists() and workspace.hashes.hash(names) == known["file"]:
        return known
    here = _learn(workspace, engine, tables, early).here
    names.parent.mkdir(parents=True, exist_ok=True)
    engine.relation(_NAMES, "link_common").write_whole(names)
    for old in set(names.parent.glob("names-*.parquet")) - {names}:
        old.unlink()
    digest = engine.rows(f"select {engine.dialect.digest_of_rows(_NAMES.names)} as names from link_common")
    known = {
        "key": key,
        "here": asdict(here),
        "names": str(digest[0]["names"]),
        "file": workspace.hashes.hash(names),
    }
    keep_notes(page, known)
    return known


def _learn(workspace: Workspace, engine: Engine, tables: Relations, early: Sequence[str]) -> linkage.Habits:
    people = [*parties_parts("incident", early), *parties_parts("crime", early)]
    return linkage.learn_habits(
        tables["incidents"],
        tables["crimes"],
        workspace.linkage,
        workspace.opened_parts(engine, "incidents", early, "early"),
        workspace.opened_parts(engine, "parties", people, "early"),
        _formats(engine, tables),
    )


def _names_page(workspace: Workspace, key: str) -> Path:
    return workspace.memory / f"names-{key[:16]}.parquet"


# Links ---------------------------------------------------------------------------------------------


def _link(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    habits = _habits(workspace, engine, tables)
    crimes = workspace.opened_parts(engine, "crimes", parts)
    near = sorted({each for part in parts for each in _near(workspace, part)})
    far = _parts_far(workspace, engine, tables["incidents"], crimes, near)
    incidents = _needed_incidents(workspace, engine, crimes, near, far)
    parties = _needed_parties(workspace, engine, parts, near, far)
    families = classification.load().families()
    linked = linkage.link_at_once(incidents, crimes, parties, workspace.linkage, families, habits)
    return {"links": placed_by(workspace, linked.links, crimes, parts)}


def _parts_far(
    workspace: Workspace, engine: Engine, incidents: Relation, crimes: Relation, near: Sequence[str]
) -> list[str]:
    """The parts elsewhere of incidents that the crimes name letter for letter."""
    calendar = calendar_of(workspace)
    part = calendar.of(INSTANTS["incidents"], engine.dialect)
    rows = engine.rows(
        f"select distinct {part} as part from {incidents.name} "
        f"where incident_id in (select incident_reference from {crimes.name})"
    )
    return sorted({calendar.name(int(row["part"])) for row in rows} - set(near))


def _needed_incidents(
    workspace: Workspace, engine: Engine, crimes: Relation, near: Sequence[str], far: Sequence[str]
) -> Relation:
    """The incidents of the parts near, and of those far the ones that the crimes name."""
    beside = workspace.opened_parts(engine, "incidents", near)
    elsewhere = workspace.opened_parts(engine, "incidents", far, "far")
    engine.run(
        [
            Step(
                "nightly_far",
                f"select {linkage.without_log(elsewhere)} from {elsewhere.name} "
                f"where incident_id in (select incident_reference from {crimes.name})",
            )
        ]
    )
    plain = ", ".join(beside.contract.names)
    sql = f"(select {plain} from {beside.name} union all select {plain} from nightly_far)"
    return Relation(engine, sql, beside.contract)


def _needed_parties(
    workspace: Workspace, engine: Engine, parts: Sequence[str], near: Sequence[str], far: Sequence[str]
) -> Relation:
    beside = workspace.opened_parts(
        engine, "parties", [*parties_parts("crime", parts), *parties_parts("incident", near)]
    )
    elsewhere = workspace.opened_parts(engine, "parties", parties_parts("incident", far), "far")
    plain = ", ".join(beside.contract.names)
    sql = (
        f"(select {plain} from {beside.name} union all select {plain} from {elsewhere.name} "
        "where record_id in (select incident_id from nightly_far))"
    )
    return Relation(engine, sql, beside.contract)


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
