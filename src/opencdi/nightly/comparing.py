"""Findings and the population part by part.

What is found on an incident rests on the incident, on the crimes that matter to it (linked or nearly so,
quoted by its log, or the live record that a cancelled one repeats), and on other logs of the same event a
few days away. A crime's findings without an incident stand in the part of its recording.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from opencdi import comparison, schema
from opencdi.comparison.population import population
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import content, digest_by_part
from opencdi.nightly.homes import homes, opened_parts, placed_by
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.parts import Placed
from opencdi.storage import json_hash, write_whole
from opencdi.workspace import InParts, Record, Relations, Workspace

COMPARED = ("matches", "findings")
_INCIDENT_WISE = ("required_crimes", "offence_decisions", "disclosed_offences")
_REACH = 4 * 86_400
"""Two logs of one event lie at most two days apart, and which of them counts may hang on a third."""

# What a part rests on --------------------------------------------------------------------------------


def _compared_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    incidents, parties = digests_of(workspace, "incidents"), digests_of(workspace, "parties")
    derived = {name: workspace.part_hashes(name) for name in _INCIDENT_WISE}
    practice = comparison.practice_of(tables["crimes"], tables["parties"])
    mattering = _mattering_digests(workspace, engine, tables)
    parts = sorted({*incidents, *digests_of(workspace, "crimes")})
    return {
        part: json_hash(
            [
                str(practice),
                [
                    [
                        incidents.get(near),
                        parties.get(f"incident-{near}"),
                        mattering.get(near),
                        [hashes.get(near) for hashes in derived.values()],
                    ]
                    for near in _near(workspace, part, parts)
                ],
            ]
        )
        for part in parts
    }


def _near(workspace: Workspace, part: str, parts: Sequence[str]) -> list[str]:
    """A part and those beside it that may hold another log of an event of its own."""
    calendar = calendar_of(workspace)
    numbers = [calendar.number(each) for each in parts]
    return [calendar.name(each) for each in calendar.near(numbers, calendar.number(part), _REACH, _REACH)]


def _mattering_digests(workspace: Workspace, engine: Engine, tables: Relations) -> dict[str, str]:
    """Digests of the crimes that matter to each part, with their links and victims; remembered."""
    key = json_hash(
        [
            [digests_of(workspace, name) for name in ("incidents", "crimes", "parties")],
            workspace.part_hashes("links"),
        ]
    )
    page = workspace.memory / "mattering.json"
    known = json.loads(page.read_text()) if page.exists() else {}
    if known.get("key") == key:
        return dict(known["digests"])
    engine.run(_mattering(workspace, tables))
    said = [f"crime.{name}" for name in content(schema.CRIMES) if name != "summary"]
    linked = [f"link.{name}" for name in schema.LINKS.names if name != "crime_id"]
    victims = engine.dialect.digest_of_rows(tables["parties"].contract.names)
    row = engine.dialect.digest_of_row([*said, *linked, "victim.victims"])
    digests = digest_by_part(
        engine,
        f"""
        select matters.part, told.* from nightly_matters as matters
        join (select crime.crime_id, {row} as told
              from {tables["crimes"].name} as crime
              left join {tables["links"].name} as link on link.crime_id = crime.crime_id
              left join (select record_id, {victims} as victims from {tables["parties"].name}
                         where record_kind = 'crime' and role = 'victim' group by record_id) as victim
                on victim.record_id = crime.crime_id) as told on told.crime_id = matters.crime_id""",
        "part",
        ["crime_id", "told"],
    )
    calendar = calendar_of(workspace)
    named = {calendar.name(part): digest for part, digest in digests.items()}
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, json.dumps({"key": key, "digests": named}))
    return named


def _mattering(workspace: Workspace, tables: Relations) -> list[Step]:
    """``nightly_matters``: each part with every crime that matters to it."""
    incidents, crimes, links = (tables[name] for name in ("incidents", "crimes", "links"))
    dialect = crimes.engine.dialect
    at_incident, at_crime = homes(workspace, incidents), homes(workspace, crimes)

    def bare(text: str) -> str:
        return dialect.replace_all(f"upper({text})", "[^A-Z0-9]", "")

    place = bare("coalesce(address, '') || coalesce(postcode, '')")
    return [
        Step(
            "nightly_twins",
            f"""
            with dead as (select crime_id, {place} as place from {crimes.name}
                          where status = 'cancelled' and cancellation_code = 'C3'),
            live as (select crime_id, {place} as place from {crimes.name} where status = 'live')
            select dead.crime_id, live.crime_id as twin_id from dead
            join live on live.place = dead.place where dead.place <> ''""",
        ),
        Step(
            "nightly_own",
            f"""
            select home.part, link.crime_id from {links.name} as link
            join {at_incident} as home on home.incident_id = link.incident_id
            union select home.part, link.crime_id from {links.name} as link
            join {at_incident} as home on home.incident_id = link.runner_up_incident_id
            union select part, crime_id from {at_crime} as home
            union select home.part, crime.crime_id
            from (select incident_id, {dialect.unnest("crime_references")} as reference
                  from {incidents.name}) as quote
            join {at_incident} as home on home.incident_id = quote.incident_id
            join {crimes.name} as crime on {bare("crime.crime_id")} = {bare("quote.reference")}""",
        ),
        Step(
            "nightly_matters",
            """
            select part, crime_id from nightly_own
            union select own.part, twins.twin_id from nightly_own as own
            join nightly_twins as twins on twins.crime_id = own.crime_id""",
        ),
    ]


# Findings --------------------------------------------------------------------------------------------


def _compare(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], _: Record | None
) -> Mapping[str, Placed]:
    every = sorted({*digests_of(workspace, "incidents"), *digests_of(workspace, "crimes")})
    near = sorted({each for part in parts for each in _near(workspace, part, every)})
    engine.run([*_mattering(workspace, tables), *_needed(workspace, tables, near)])
    required, decisions, disclosed = opened_parts(workspace, engine, near, *_INCIDENT_WISE)
    incidents, crimes, links, parties = (
        Relation(engine, f"nightly_{name}", tables[name].contract)
        for name in ("incidents", "crimes", "links", "parties")
    )
    compared = comparison.compare(
        required=required,
        decisions=decisions,
        disclosed=disclosed,
        links=links,
        crimes=crimes,
        incidents=incidents,
        parties=parties,
        practice=comparison.practice_of(tables["crimes"], tables["parties"]),
    )
    return {
        "matches": placed_by(workspace, compared.matches, incidents, parts),
        "findings": _placed_findings(workspace, compared.findings, incidents, crimes, parts),
    }


def _needed(workspace: Workspace, tables: Relations, near: Sequence[str]) -> list[Step]:
    """The records that the findings of some parts rest on: the crimes that matter, with their links and
    parties; the incidents of those parts, and those that these crimes are linked to."""
    calendar = calendar_of(workspace)
    numbers = ", ".join(str(calendar.number(part)) for part in near)
    incidents, dialect = tables["incidents"], tables["incidents"].engine.dialect
    return [
        Step("nightly_needed", f"select distinct crime_id from nightly_matters where part in ({numbers})"),
        Step("nightly_crimes", _those(tables["crimes"], "crime_id in (select crime_id from nightly_needed)")),
        Step("nightly_links", _those(tables["links"], "crime_id in (select crime_id from nightly_needed)")),
        Step(
            "nightly_incidents",
            _those(
                incidents,
                f"{calendar.of('reported_at', dialect)} in ({numbers}) "
                "or incident_id in (select incident_id from nightly_links)",
                "narrative",
            ),
        ),
        Step(
            "nightly_parties",
            _those(
                tables["parties"],
                "record_kind = 'crime' and record_id in (select crime_id from nightly_needed) "
                "or record_kind = 'incident' and record_id in (select incident_id from nightly_incidents)",
            ),
        ),
    ]


def _those(relation: Relation, condition: str, emptied: str = "") -> str:
    """Some rows of a relation; of a long text that is ``emptied`` only whether it is there is kept."""
    columns = ", ".join(
        f"case when {name} is not null then '' end as {name}" if name == emptied else name
        for name in relation.contract.names
    )
    return f"select {columns} from {relation.name} where {condition}"


def _placed_findings(
    workspace: Workspace, findings: Relation, incidents: Relation, crimes: Relation, parts: Sequence[str]
) -> Placed:
    """Findings in the part of their incident, those without one in that of their crime."""
    calendar = calendar_of(workspace)
    wanted = ", ".join(str(calendar.number(part)) for part in parts)
    sql = (
        "(select * from (select made.*, coalesce(incident.part, crime.part) as part "
        f"from {findings.name} as made "
        f"left join {homes(workspace, incidents)} as incident on incident.incident_id = made.incident_id "
        f"left join {homes(workspace, crimes)} as crime on crime.crime_id = made.crime_id) "
        f"as placed where part in ({wanted}))"
    )
    return Placed(
        Relation(findings.engine, sql, findings.contract), lambda number: calendar.name(int(number))
    )


# Population ------------------------------------------------------------------------------------------


def _population_from(workspace: Workspace, engine: Engine, tables: Relations) -> Mapping[str, str]:
    mattering = _mattering_digests(workspace, engine, tables)
    derived = {name: workspace.part_hashes(name) for name in ("required_crimes", "findings")}
    return {
        part: json_hash([found, mattering.get(part), [hashes[part] for hashes in derived.values()]])
        for part, found in digests_of(workspace, "incidents").items()
    }


def _population(
    workspace: Workspace, engine: Engine, tables: Relations, parts: Sequence[str], _: Record | None
) -> Mapping[str, Placed]:
    names = ("incidents", "required_crimes", "findings")
    incidents, required, findings = opened_parts(workspace, engine, parts, *names)
    theirs = f"incident_id in (select incident_id from {incidents.name})"
    engine.run([Step("nightly_links", _those(tables["links"], theirs))])
    engine.run(
        [
            Step(
                "nightly_crimes",
                _those(tables["crimes"], "crime_id in (select crime_id from nightly_links)"),
            )
        ]
    )
    links, crimes = (
        Relation(engine, f"nightly_{name}", tables[name].contract) for name in ("links", "crimes")
    )
    made = population(incidents, required, links, crimes, findings)
    return {"population": placed_by(workspace, made, incidents, parts)}


COMPARE = InParts(_compared_from, _compare)
POPULATION = InParts(_population_from, _population)
