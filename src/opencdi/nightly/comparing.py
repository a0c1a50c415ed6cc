"""Findings and the population part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opencdi import comparison
from opencdi.comparison.population import population
from opencdi.engine import Engine, Relation
from opencdi.nightly.homes import homes, placed_by
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.parts import Placed
from opencdi.storage import json_hash
from opencdi.workspace import InParts, Record, Relations, Workspace

COMPARED = ("matches", "findings")


def _compared_from(workspace: Workspace, _: Engine, tables: Relations) -> Mapping[str, str]:
    everything = json_hash(
        [
            *(digests_of(workspace, name) for name in ("incidents", "crimes", "parties")),
            *(
                workspace.table_hash(name)
                for name in tables
                if name not in ("incidents", "crimes", "parties")
            ),
        ]
    )
    return dict.fromkeys(
        {**digests_of(workspace, "incidents"), **digests_of(workspace, "crimes")}, everything
    )


def _compare(
    workspace: Workspace, _: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    compared = comparison.compare(
        required=tables["required_crimes"],
        decisions=tables["offence_decisions"],
        disclosed=tables["disclosed_offences"],
        links=tables["links"],
        crimes=tables["crimes"],
        incidents=tables["incidents"],
        parties=tables["parties"],
    )
    return {
        "matches": placed_by(workspace, compared.matches, tables["incidents"], parts),
        "findings": _placed_findings(workspace, compared.findings, tables, parts),
    }


def _placed_findings(
    workspace: Workspace, findings: Relation, tables: Relations, parts: Sequence[str]
) -> Placed:
    """Findings in the part of their incident, those without one in that of their crime."""
    calendar = calendar_of(workspace)
    wanted = ", ".join(str(calendar.number(part)) for part in parts)
    sql = (
        "(select * from (select made.*, coalesce(incident.part, crime.part) as part "
        f"from {findings.name} as made "
        f"left join {homes(workspace, tables['incidents'])} as incident "
        "on incident.incident_id = made.incident_id "
        f"left join {homes(workspace, tables['crimes'])} as crime on crime.crime_id = made.crime_id) "
        f"as placed where part in ({wanted}))"
    )
    return Placed(
        Relation(findings.engine, sql, findings.contract), lambda number: calendar.name(int(number))
    )


def _population_from(workspace: Workspace, _: Engine, tables: Relations) -> Mapping[str, str]:
    everything = json_hash([workspace.table_hash(name) for name in tables])
    return dict.fromkeys(digests_of(workspace, "incidents"), everything)


def _population(
    workspace: Workspace, _: Engine, tables: Relations, parts: Sequence[str], __: Record | None
) -> Mapping[str, Placed]:
    made = population(
        tables["incidents"],
        tables["required_crimes"],
        tables["links"],
        tables["crimes"],
        tables["findings"],
    )
    return {"population": placed_by(workspace, made, tables["incidents"], parts)}


COMPARE = InParts(_compared_from, _compare)
POPULATION = InParts(_population_from, _population)
