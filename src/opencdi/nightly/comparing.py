"""Findings and the population: made again for the subjects alone that anything has changed for.

A part is made again where the digest of one of its subjects has changed (``standing.py``); in it, the rows of
the others stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from opencdi import comparison
from opencdi.comparison.population import population
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.homes import homes_of
from opencdi.nightly.memory import Redoing
from opencdi.nightly.needed import ANY, all_records, records_around, those, without_log
from opencdi.nightly.notes import digests_of
from opencdi.nightly.said import said_of_crimes, said_of_incidents
from opencdi.nightly.standing import subject_prints, surveyed, tell_apart
from opencdi.nightly.subjects import SUBJECT_OF_FINDING, SUBJECT_OF_INCIDENT
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
    making: Callable[[Sequence[str]], Mapping[str, Relation]],
    which: str = "true",
) -> Mapping[str, Placed]:
    """Some parts, in which the subjects alone are made again that have another digest in their list.

    ``making`` is given the parts whose old rows are of use. ``which`` is SQL for the subjects that count.
    """
    redoing = Redoing(workspace, engine, outputs)
    usable = tell_apart(workspace, engine, parts, redoing.standing(parts, kept), which)
    return redoing.make(usable, lambda: making(usable))


# Findings --------------------------------------------------------------------------------------------


def _compare(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    def compared(usable: Sequence[str]) -> Mapping[str, Relation]:
        survey = surveyed(workspace, engine)
        anew = _are_all(parts, _compared_from(workspace, engine, tables), usable)
        records = (
            all_records(workspace, engine) if anew else records_around(workspace, engine, survey.incidents)
        )
        made = comparison.compare(
            **records,
            practice=survey.practice,
            beside=comparison.Beside(
                quotes="nightly_quotes",
                twins="nightly_twins",
                events=survey.said.pairs.relation.name,
                quoted_logs="nightly_quoted_logs",
            ),
        )
        return {"matches": made.matches, "findings": made.findings}

    outputs = {"matches": SUBJECT_OF_INCIDENT, "findings": SUBJECT_OF_FINDING}
    return _redone(workspace, engine, outputs, parts, kept, compared)


# Population ------------------------------------------------------------------------------------------


def _population(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], kept: Record | None
) -> Mapping[str, Placed]:
    def made(usable: Sequence[str]) -> Mapping[str, Relation]:
        if _are_all(parts, _population_from(workspace, engine, tables), usable):
            redone, linked, crime_parts = ANY, ANY, sorted(digests_of(workspace, "crimes"))
        else:
            redone, linked, crime_parts = _around_redone(workspace, engine)
        told = said_of_incidents(workspace, engine).of_parts(parts).name
        beside = those(workspace.opened_parts(engine, "incidents", parts), f"incident_id {redone}")
        required, findings = (
            those(workspace.opened_parts(engine, name, parts), f"incident_id {redone}")
            for name in ("required_crimes", "findings")
        )
        links, crimes = (
            those(workspace.opened_parts(engine, name, crime_parts, "linked"), f"crime_id {linked}")
            for name in ("links", "crimes")
        )
        incidents = without_log(beside, told, "case when own.has_words then 'in words' end")
        return {"population": population(incidents, required, links, crimes, findings)}

    outputs = {"population": SUBJECT_OF_INCIDENT}
    return _redone(workspace, engine, outputs, parts, kept, made, which="substr(subject, 1, 1) = 'i'")


def _around_redone(workspace: Workspace, engine: Engine) -> tuple[str, str, list[str]]:
    """What the incidents in ``nightly_changed`` meet, what the crimes linked to them do, and their parts."""
    redone = "in (select incident_id from nightly_redone)"
    said = said_of_crimes(workspace, engine).relation.name
    engine.run(
        [
            Step("nightly_redone", "select substr(subject, 2) as incident_id from nightly_changed"),
            Step("nightly_linked", f"select crime_id, home from {said} where linked {redone}"),
        ]
    )
    linked = "in (select crime_id from nightly_linked)"
    return redone, linked, homes_of(workspace, engine, "nightly_linked", f"crime_id {ANY}")


def _are_all(parts: Sequence[str], wanted: Mapping[str, str], usable: Sequence[str]) -> bool:
    """Whether all subjects of all parts are made anew: ``usable`` are the parts with old rows of use."""
    return not usable and set(parts) == set(wanted)


COMPARE = InParts(_compared_from, _compare)
POPULATION = InParts(_population_from, _population)
