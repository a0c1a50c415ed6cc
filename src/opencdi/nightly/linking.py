"""Links part by part: those of the crimes recorded in a stretch of time.

A crime's link rests on the incidents of its window and of the blocks that it touches, on the one whose number
it gives letter for letter, and on the force's habits. A part's fingerprint names all three.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from opencdi import linkage
from opencdi.counting import classification
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import linked_by
from opencdi.nightly.habits import habits_of, habits_print
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.long_ago import digests_long_ago
from opencdi.nightly.named import parts_named
from opencdi.nightly.notes import calendar_of, digests_of, rows_by_part
from opencdi.parts import Placed, part_of
from opencdi.storage import json_hash
from opencdi.workspace import InParts, Record, Relations, Workspace

_INCIDENTS_AT_ONCE = 3_000_000
"""What 4 GB have room for: stretches that are linked apart prepare the incidents twice that both need."""


def _linked_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    incidents, crimes, parties = (digests_of(workspace, name) for name in tables)
    habits = habits_print(workspace, engine, tables)
    long_ago = digests_long_ago(workspace, engine)
    near = _near(workspace, crimes)
    return {
        part: json_hash(
            [
                habits,
                crimes[part]["links"],
                parties.get(f"crime-{part}"),
                [(incidents[each]["links"], parties.get(f"incident-{each}")) for each in near[part]],
                long_ago.get(part),
            ]
        )
        for part in crimes
    }


def _near(workspace: Workspace, parts: Iterable[str]) -> dict[str, list[str]]:
    """The parts of incidents that the crimes of each part need."""
    calendar = calendar_of(workspace)
    names = {calendar.number(each): each for each in digests_of(workspace, "incidents")}

    def near(part: str) -> list[str]:
        own = calendar.number(part)
        start, end = calendar.start(own), calendar.start(own + 1)
        first, last = linkage.reach(workspace.linkage, start, end)
        return [names[each] for each in calendar.near(names, own, start - first, last - end)]

    return {part: near(part) for part in parts}


def _link(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    habits = habits_of(workspace, engine, tables)
    crimes = workspace.opened_parts(engine, "crimes", parts)
    near = sorted({each for needed in _near(workspace, parts).values() for each in needed})
    named = parts_named(workspace, engine)
    far = sorted({each for part in parts for each in named.get(part, ())} - set(near))
    incidents = _needed_incidents(workspace, engine, crimes, near, far)
    parties = _needed_parties(workspace, engine, parts, near, far)
    families = classification.load().families()
    linked = linkage.link_at_once(incidents, crimes, parties, workspace.linkage, families, habits)
    return {"links": _in_part(workspace, linked.links)}


def _in_part(workspace: Workspace, links: Relation) -> Placed:
    """Links in the part of their crime."""
    calendar = calendar_of(workspace)
    part = part_of("cast(recorded as double)", calendar.days)
    sql = f"(select {', '.join(links.contract.names)}, {part} as part from {links.name} as made)"
    return Placed(Relation(links.engine, sql, links.contract), lambda number: calendar.name(int(number)))


def _needed_incidents(
    workspace: Workspace, engine: Engine, crimes: Relation, near: Sequence[str], far: Sequence[str]
) -> Relation:
    """The incidents of the parts near, and of those far the ones that the crimes name."""
    beside = _read_alone(workspace.opened_parts(engine, "incidents", near))
    elsewhere = _read_alone(workspace.opened_parts(engine, "incidents", far, "far"))
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
    return replace(beside, name=sql)


def _read_alone(incidents: Relation) -> Relation:
    """Incidents with those columns alone that links rest on."""
    read = linked_by(incidents.contract)
    columns = tuple(incidents.contract.column(name) for name in read)
    return replace(incidents, contract=replace(incidents.contract, columns=columns))


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
    for part, needed in _near(workspace, sorted(parts)).items():
        near = set(needed)
        together = held | near
        if groups and held & near and sum(rows.get(each, 0) for each in together) <= _INCIDENTS_AT_ONCE:
            groups[-1].append(part)
            held = together
        else:
            groups.append([part])
            held = near
    return groups


LINK = InParts(_linked_from, _link, _groups)
