"""Findings and the population: made again for the subjects alone that anything has changed for.

A part is made again where the digest of one of its subjects has changed (``subjects.py``); in it, the rows of
the others stay as they were. Of every night all digests are worked out, which is a small share of comparing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

from opencdi import comparison
from opencdi.comparison.population import population
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.memory import REMEMBERED, Remembering, page_of
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.nightly.said import DERIVED, said_log_numbers, said_of_crimes
from opencdi.nightly.subjects import (
    SUBJECT_OF_FINDING,
    SUBJECT_OF_INCIDENT,
    SURROUNDINGS,
    subject_steps,
)
from opencdi.parts import Placed
from opencdi.storage import json_hash, write_whole
from opencdi.workspace import InParts, Record, Relations, Workspace

COMPARED = ("matches", "findings")

_WORKED_OUT: WeakKeyDictionary[Engine, comparison.Practice] = WeakKeyDictionary()
"""Engines that hold ``nightly_subject`` and its like, with what the force exports at all. An engine serves
one run of one step, in which its inputs stay as they are."""

# What the parts rest on ------------------------------------------------------------------------------


def _inputs(workspace: Workspace) -> str:
    return json_hash(
        [
            [digests_of(workspace, name) for name in ("incidents", "crimes", "parties")],
            [workspace.part_hashes(name) for name in ("links", *DERIVED)],
        ]
    )


def _digests(workspace: Workspace, engine: Engine, tables: Relations) -> dict[str, str]:
    """The digest of each part's subjects, by the part's name; remembered."""
    page = workspace.memory / "subjects.json"
    known = json.loads(page.read_text()) if page.exists() else {}
    key = _inputs(workspace)
    if known.get("key") == key:
        return dict(known["digests"])
    _work_out(workspace, engine, tables)
    calendar = calendar_of(workspace)
    found = digest_by_part(engine, "select * from nightly_subject", "home", ["subject", "digest"])
    named = {calendar.name(part): digest for part, digest in found.items()}
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, json.dumps({"key": key, "digests": named}))
    return named


def _work_out(workspace: Workspace, engine: Engine, tables: Relations) -> comparison.Practice:
    """Make ``nightly_subject``, unless this engine holds it; gives what the force exports at all."""
    if engine not in _WORKED_OUT:
        practice = comparison.practice_of(tables["crimes"], tables["parties"])
        engine.run(subject_steps(workspace, engine, practice))
        _WORKED_OUT[engine] = practice
    return _WORKED_OUT[engine]


def _compared_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    digests = _digests(workspace, engine, tables)
    parts = sorted({*digests_of(workspace, "incidents"), *digests_of(workspace, "crimes")})
    return {part: json_hash(digests.get(part)) for part in parts}


# Findings --------------------------------------------------------------------------------------------


def _compare(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    practice = _work_out(workspace, engine, tables)
    work = Remembering(
        workspace,
        engine,
        "compare",
        {"matches": SUBJECT_OF_INCIDENT, "findings": SUBJECT_OF_FINDING},
        _compared_from(workspace, engine, tables),
        "select subject, home, digest from nightly_subject",
    )

    def compared() -> Mapping[str, Relation]:
        engine.run(SURROUNDINGS)
        wide = "incident_id in (select incident_id from nightly_wide)"
        near = _homes_of(workspace, engine, "nightly_own", wide)
        incidents = _kept_records(workspace, engine, tables)
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
            practice=practice,
            log_numbers=said_log_numbers(workspace, engine),
        )
        return {"matches": made.matches, "findings": made.findings}

    return work.make(parts, kept, compared)


def _homes_of(workspace: Workspace, engine: Engine, records: str, condition: str) -> list[str]:
    """The parts of some records; ``records`` gives the part of each (``home``)."""
    rows = engine.rows(f"select distinct home from {records} where {condition} order by home")
    return [calendar_of(workspace).name(int(row["home"])) for row in rows]


def _kept_records(workspace: Workspace, engine: Engine, tables: Relations) -> Relation:
    """The records that the findings of the changed subjects rest on, as ``nightly_crimes``,
    ``nightly_links``, ``nightly_parties`` and the incidents given: those around, and those that the crimes
    are linked to."""
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
                "select incident_id from nightly_wide union "
                "select incident_id from nightly_links where incident_id is not null",
            ),
        ]
    )
    called = "incident_id in (select incident_id from nightly_called)"
    incident_homes = _homes_of(workspace, engine, "nightly_own", called)
    beside = workspace.opened_parts(engine, "incidents", incident_homes, "called")
    people = [*parties_parts("crime", crime_homes), *parties_parts("incident", incident_homes)]
    parties = workspace.opened_parts(engine, "parties", people, "needed")
    engine.run(
        [
            Step("nightly_incidents", _without_log(beside, called)),
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


def _without_log(incidents: Relation, condition: str) -> str:
    """Some incidents; of the log only whether there is one is kept, and it is not read for that: the numbers
    it gives are known."""
    columns = ", ".join(
        "case when own.has_log then '' end as narrative" if name == "narrative" else f"i.{name}"
        for name in incidents.contract.names
    )
    return (
        f"select {columns} from (select * from {incidents.name} where {condition}) as i "
        "join nightly_own as own on own.incident_id = i.incident_id"
    )


def _those(relation: Relation, condition: str) -> Relation:
    return Relation(relation.engine, f"({_selected(relation, condition)})", relation.contract)


def _selected(relation: Relation, condition: str) -> str:
    """Some rows of a relation."""
    return f"select {', '.join(relation.contract.names)} from {relation.name} where {condition}"


# Population ------------------------------------------------------------------------------------------


def _population_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    digests = _digests(workspace, engine, tables)
    return {part: json_hash(digests.get(part)) for part in digests_of(workspace, "incidents")}


def _population(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    work = Remembering(
        workspace,
        engine,
        "population",
        {"population": SUBJECT_OF_INCIDENT},
        _population_from(workspace, engine, tables),
        _subjects_of(workspace, engine, tables, parts),
    )

    def made() -> Mapping[str, Relation]:
        engine.run([SURROUNDINGS[0]])
        redone = "incident_id in (select incident_id from nightly_redone)"
        incidents, required, findings = (
            _those(workspace.opened_parts(engine, name, parts), redone)
            for name in ("incidents", "required_crimes", "findings")
        )
        said = said_of_crimes(workspace, engine).name
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

    return work.make(parts, kept, made)


def _subjects_of(workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str]) -> str:
    """SQL for the incidents of some parts with their digests: as comparing has listed them, or worked out
    again where a list is lost."""
    prints = workspace.prints("compare")
    pages = [page_of(workspace, "compare", part, prints[part]) for part in parts]
    if all(page.exists() for page in pages):
        listed = engine.open_files(REMEMBERED, pages, "listed_by_compare").name
    else:
        _work_out(workspace, engine, tables)
        listed = "nightly_subject"
    return f"select subject, home, digest from {listed} where substr(subject, 1, 1) = 'i'"


COMPARE = InParts(_compared_from, _compare)
POPULATION = InParts(_population_from, _population)
