"""Findings and the population: made again for the subjects alone that anything has changed for.

A part is made again where the digest of one of its subjects has changed (``standing.py``); in it, the rows of
the others stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi import comparison
from opencdi.comparison.population import population
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.memory import Making, Redoing
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.nightly.said import DERIVED, said_of_crimes, said_of_incidents
from opencdi.nightly.standing import subject_prints, surveyed, tell_apart
from opencdi.nightly.subjects import SUBJECT_OF_FINDING, SUBJECT_OF_INCIDENT, Said
from opencdi.nightly.surroundings import finding_steps
from opencdi.parts import Placed
from opencdi.workspace import InParts, Record, Relations, Workspace

COMPARED = ("matches", "findings")


def _compared_from(workspace: Workspace, engine: Engine, _: Relations) -> Mapping[str, str]:
    return subject_prints(workspace, engine)


def _population_from(workspace: Workspace, engine: Engine, _: Relations) -> Mapping[str, str]:
    incidents = digests_of(workspace, "incidents")
    return {part: print_ for part, print_ in subject_prints(workspace, engine).items() if part in incidents}


def _redone(
    workspace: Workspace,
    engine: Engine,
    outputs: Mapping[str, str],
    parts: Sequence[str],
    kept: Record | None,
    making: Making,
    which: str = "true",
) -> Mapping[str, Placed]:
    """Some parts, in which the subjects alone are made again that have another digest in their list.

    ``which`` is SQL for the subjects that count.
    """
    redoing = Redoing(workspace, engine, outputs)
    usable = tell_apart(workspace, engine, parts, redoing.standing(parts, kept), which)
    return redoing.make(usable, making)


# Findings --------------------------------------------------------------------------------------------


def _compare(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    def compared() -> Mapping[str, Relation]:
        survey = surveyed(workspace, engine)
        engine.run(finding_steps())
        incidents = _kept_records(workspace, engine, tables, survey.said)
        wide = "incident_id in (select incident_id from nightly_wide)"
        near = _homes_of(workspace, engine, "nightly_called", wide)
        required, decisions, disclosed = (
            _those(workspace.opened_parts(engine, name, near), wide) for name in DERIVED
        )
        made = comparison.compare(
            required=required,
            decisions=decisions,
            disclosed=disclosed,
            links=Relation(engine, "nightly_links", tables["links"].contract),
            crimes=Relation(engine, "nightly_crimes", tables["crimes"].contract),
            incidents=incidents,
            parties=Relation(engine, "nightly_parties", tables["parties"].contract),
            practice=survey.practice,
            log_numbers=survey.said.log_numbers.relation,
        )
        return {"matches": made.matches, "findings": made.findings}

    outputs = {"matches": SUBJECT_OF_INCIDENT, "findings": SUBJECT_OF_FINDING}
    return _redone(workspace, engine, outputs, parts, kept, compared)


def _homes_of(workspace: Workspace, engine: Engine, records: str, condition: str) -> list[str]:
    """The parts of some records; ``records`` gives the part of each (``home``)."""
    rows = engine.rows(f"select distinct home from {records} where {condition} order by home")
    return [calendar_of(workspace).name(int(row["home"])) for row in rows]


def _kept_records(workspace: Workspace, engine: Engine, tables: Relations, said: Said) -> Relation:
    """The records that the findings of the changed subjects rest on, as ``nightly_crimes``,
    ``nightly_links``, ``nightly_parties`` and the incidents given: those around, and those that the crimes
    are linked to, of which ``nightly_called`` tells part and log."""
    needed = "crime_id in (select crime_id from nightly_needed)"
    crime_homes = _homes_of(workspace, engine, "nightly_told", needed)
    crimes, links = (
        workspace.opened_parts(engine, name, crime_homes, "needed") for name in ("crimes", "links")
    )
    engine.run(
        [
            Step("nightly_crimes", _selected(crimes, needed)),
            Step("nightly_links", _selected(links, needed)),
            Step(
                "nightly_called",
                f"select incident_id, home, has_log from {said.incidents.relation.name} "
                "where incident_id in (select incident_id from nightly_wide union "
                "select incident_id from nightly_links where incident_id is not null)",
            ),
        ]
    )
    called = "incident_id in (select incident_id from nightly_called)"
    incident_homes = _homes_of(workspace, engine, "nightly_called", "true")
    beside = workspace.opened_parts(engine, "incidents", incident_homes, "called")
    people = [*parties_parts("crime", crime_homes), *parties_parts("incident", incident_homes)]
    parties = workspace.opened_parts(engine, "parties", people, "needed")
    engine.run(
        [
            Step(
                "nightly_incidents",
                _without_log(beside, called, "nightly_called", "case when own.has_log then '' end"),
            ),
            Step(
                "nightly_parties",
                _selected(
                    parties,
                    "record_kind = 'crime' and record_id in (select crime_id from nightly_needed) "
                    "or record_kind = 'incident' and record_id in (select incident_id from nightly_called)",
                ),
            ),
        ]
    )
    return Relation(engine, "nightly_incidents", tables["incidents"].contract)


def _without_log(incidents: Relation, condition: str, own: str, instead: str) -> str:
    """Some incidents without their log, which is not read: ``instead`` is SQL for what stands in its place,
    from what is known of each (``own``)."""
    columns = ", ".join(
        f"{instead} as narrative" if name == "narrative" else f"i.{name}" for name in incidents.contract.names
    )
    return (
        f"select {columns} from (select * from {incidents.name} where {condition}) as i "
        f"join {own} as own on own.incident_id = i.incident_id"
    )


def _those(relation: Relation, condition: str) -> Relation:
    return Relation(relation.engine, f"({_selected(relation, condition)})", relation.contract)


def _selected(relation: Relation, condition: str) -> str:
    """Some rows of a relation."""
    return f"select {', '.join(relation.contract.names)} from {relation.name} where {condition}"


# Population ------------------------------------------------------------------------------------------


def _population(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    def made() -> Mapping[str, Relation]:
        engine.run([Step("nightly_redone", "select substr(subject, 2) as incident_id from nightly_changed")])
        redone = "incident_id in (select incident_id from nightly_redone)"
        told = said_of_incidents(workspace, engine).of_parts(parts).name
        beside = workspace.opened_parts(engine, "incidents", parts)
        worded = "case when own.has_words then 'in words' end"
        incidents = Relation(engine, f"({_without_log(beside, redone, told, worded)})", beside.contract)
        required, findings = (
            _those(workspace.opened_parts(engine, name, parts), redone)
            for name in ("required_crimes", "findings")
        )
        said = said_of_crimes(workspace, engine).relation.name
        linked = "linked in (select incident_id from nightly_redone)"
        homes = _homes_of(workspace, engine, said, linked)
        links, crimes = (
            _those(
                workspace.opened_parts(engine, name, homes, "linked"),
                f"crime_id in (select crime_id from {said} where {linked})",
            )
            for name in ("links", "crimes")
        )
        return {"population": population(incidents, required, links, crimes, findings)}

    outputs = {"population": SUBJECT_OF_INCIDENT}
    return _redone(workspace, engine, outputs, parts, kept, made, which="substr(subject, 1, 1) = 'i'")


COMPARE = InParts(_compared_from, _compare)
POPULATION = InParts(_population_from, _population)
