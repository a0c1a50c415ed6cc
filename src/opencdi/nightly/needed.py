"""The records that rows are made from: those around the subjects that changed; from nothing all, which are
then read where they lie and not looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from opencdi import comparison
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.homes import homes_of, parties_parts
from opencdi.nightly.logs import recorded
from opencdi.nightly.notes import digests_of
from opencdi.nightly.said import DERIVED
from opencdi.nightly.surroundings import finding_steps
from opencdi.workspace import Workspace

ANY = "is not null"
"""SQL that any number of a record meets."""


@dataclass(frozen=True)
class Needed:
    """The parts that hold some records, and what the numbers of those meet that are needed (SQL that follows
    a column's name).

    ``links`` are those of the crimes; ``wide`` the incidents that findings are made from; ``called`` these
    and those that the crimes are linked to, without their logs.
    """

    crimes: str
    crime_parts: Sequence[str]
    links: Relation
    wide: str
    wide_parts: Sequence[str]
    called: Relation


def all_records(workspace: Workspace, engine: Engine) -> dict[str, Relation]:
    """All records of the force, as ``comparison.compare`` takes them."""
    crimes, incidents = (sorted(digests_of(workspace, name)) for name in ("crimes", "incidents"))
    links = _some(workspace, engine, "links", crimes, f"crime_id {ANY}")
    called = recorded(workspace, engine, incidents)
    return _opened(workspace, engine, Needed(ANY, crimes, links, ANY, incidents, called))


def records_around(workspace: Workspace, engine: Engine, told: str) -> dict[str, Relation]:
    """The records that what is found on the subjects in ``nightly_changed`` rests on; ``told`` names what is
    said of the incidents around them. What the comparison asks for several times is looked up once."""
    records = _opened(workspace, engine, _around(workspace, engine, told))
    return records | {name: _held(records[name]) for name in ("decisions", "disclosed", "parties")}


def _around(workspace: Workspace, engine: Engine, told: str) -> Needed:
    engine.run(finding_steps())
    crimes = "in (select crime_id from nightly_needed)"
    wide = "in (select incident_id from nightly_wide)"
    crime_parts = homes_of(workspace, engine, "nightly_told", f"crime_id {crimes}")
    links = _held(_some(workspace, engine, "links", crime_parts, f"crime_id {crimes}"))
    engine.run(
        [
            Step(
                "nightly_called",
                f"select incident_id, home, has_log from {told} "
                "where incident_id in (select incident_id from nightly_wide union "
                f"select incident_id from {links.name} as link where incident_id is not null)",
            )
        ]
    )
    called_parts = homes_of(workspace, engine, "nightly_called", f"incident_id {ANY}")
    called = without_log(
        those(workspace.opened_parts(engine, "incidents", called_parts, "needed"), f"incident_id {ANY}"),
        "nightly_called",
        "case when own.has_log then '' end",
    )
    engine.run([Step("nightly_incidents", f"select * from {called.name} as called")])
    return Needed(
        crimes,
        crime_parts,
        links,
        wide,
        homes_of(workspace, engine, "nightly_called", f"incident_id {wide}"),
        replace(called, name="nightly_incidents"),
    )


def _opened(workspace: Workspace, engine: Engine, needed: Needed) -> dict[str, Relation]:
    """The records as ``comparison.compare`` takes them, the incidents without their logs."""
    required, decisions, disclosed = (
        _some(workspace, engine, name, needed.wide_parts, f"incident_id {needed.wide}") for name in DERIVED
    )
    parties = parties_parts("crime", needed.crime_parts)
    return {
        "required": required,
        "decisions": decisions,
        "disclosed": disclosed,
        "links": needed.links,
        "crimes": _some(workspace, engine, "crimes", needed.crime_parts, f"crime_id {needed.crimes}"),
        "incidents": needed.called,
        "parties": _some(workspace, engine, "parties", parties, f"record_id {needed.crimes}"),
    }


def _some(workspace: Workspace, engine: Engine, name: str, parts: Sequence[str], condition: str) -> Relation:
    return those(workspace.opened_parts(engine, name, parts, "needed"), condition)


def _held(relation: Relation) -> Relation:
    """The same rows, as the engine holds them."""
    name = f"nightly_held_{relation.contract.name}"
    relation.engine.run([Step(name, f"select * from {relation.name} as these")])
    return replace(relation, name=name)


def those(relation: Relation, condition: str) -> Relation:
    """Some rows of a relation; of records, the columns that digests of subjects are of and no other."""
    contract = relation.contract
    read = comparison.READ.get(contract.name, contract.names)
    return Relation(
        relation.engine,
        f"(select {', '.join(read)} from {relation.name} where {condition})",
        replace(contract, columns=tuple(contract.column(name) for name in read)),
    )


def without_log(incidents: Relation, told: str, instead: str) -> Relation:
    """The incidents in ``told`` without their log, which is not read: ``instead`` is SQL for what stands in
    its place, from what is told of each (``own``)."""
    columns = ", ".join(
        f"{instead} as narrative" if name == "narrative" else f"i.{name}" for name in incidents.contract.names
    )
    joined = f"from {incidents.name} as i join {told} as own on own.incident_id = i.incident_id"
    return replace(incidents, name=f"(select {columns} {joined})")
