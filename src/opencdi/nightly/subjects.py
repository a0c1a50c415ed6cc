"""What each finding rests on, as one digest for each subject: an incident, or a crime by itself.

What is found on an incident rests on the incident, on what is disclosed and required, on the crimes that
matter to it (linked or nearly so, quoted by its log, or the live record that a cancelled one repeats), and on
other logs of the same event: which of two logs counts may hang on a third, so a digest takes in two rounds of
neighbours. A finding on a crime without an incident rests on the crime and on the logs that quote it. Two
audits that agree in a subject's digest agree in all that is found on it.
"""

from __future__ import annotations

from opencdi import schema
from opencdi.comparison import Practice
from opencdi.comparison.cancellation import TWINS_WITHIN
from opencdi.comparison.same_event import event_keys, written_place
from opencdi.engine import Dialect, Step, sql_text
from opencdi.nightly.digests import content
from opencdi.nightly.notes import calendar_of
from opencdi.workspace import Relations, Workspace

DERIVED = ("required_crimes", "offence_decisions", "disclosed_offences")

SUBJECT_OF_FINDING = "coalesce('i' || incident_id, 'c' || crime_id)"
SUBJECT_OF_INCIDENT = "'i' || incident_id"


def subject_steps(workspace: Workspace, tables: Relations, practice: Practice) -> list[Step]:
    """Steps that end in ``nightly_subject``: subject, home (number of its part) and digest.

    ``nightly_matters`` (incident, crime), ``nightly_twins`` (crime, twin) and ``nightly_beside`` (incident,
    other log) stay for those who look a subject's surroundings up.
    """
    dialect = tables["crimes"].engine.dialect
    return [
        *_crimes(workspace, tables, dialect),
        *_matters(tables, dialect),
        *_incidents(workspace, tables, dialect),
        *_beside(tables, dialect),
        *_digested(dialect, practice),
    ]


def _bare(dialect: Dialect, text: str) -> str:
    return dialect.replace_all(f"upper({text})", "[^A-Z0-9]", "")


def _crimes(workspace: Workspace, tables: Relations, dialect: Dialect) -> list[Step]:
    """``nightly_told``: crime, home, and a digest of the record, its link, its victims and its twins."""
    crimes, links, parties = (tables[name] for name in ("crimes", "links", "parties"))
    home = calendar_of(workspace).of("recorded_at", dialect)
    said = [name for name in content(schema.CRIMES) if name != "summary"]
    linked = [f"link.{name}" for name in schema.LINKS.names if name != "crime_id"]
    place = _bare(dialect, "coalesce(address, '') || coalesce(postcode, '')")
    recorded = dialect.epoch_seconds("recorded_at")
    return [
        Step(
            "nightly_base",
            f"select crime_id, {home} as home, {recorded} as at, {place} as place, "
            f"{dialect.digest_of_row(said)} as base, status = 'live' as is_live, "
            "status = 'cancelled' and cancellation_code = 'C3' as is_dead "
            f"from {crimes.name}",
        ),
        Step(
            "nightly_twins",
            f"""
            select dead.crime_id, live.crime_id as twin_id, live.base
            from (select * from nightly_base where is_dead and place <> '') as dead
            join (select * from nightly_base where is_live and place <> '') as live
              on live.place = dead.place and abs(live.at - dead.at) <= {TWINS_WITHIN}""",
        ),
        Step(
            "nightly_told",
            f"""
            select base.crime_id, base.home,
                   {dialect.digest_of_row(["base.base", *linked, "victim.victims", "twin.twins"])} as told
            from nightly_base as base
            left join {links.name} as link on link.crime_id = base.crime_id
            left join (select record_id, {dialect.digest_of_rows(parties.contract.names)} as victims
                       from {parties.name} where record_kind = 'crime' and role = 'victim'
                       group by record_id) as victim on victim.record_id = base.crime_id
            left join (select crime_id, {dialect.digest_of_rows(["twin_id", "base"])} as twins
                       from nightly_twins group by crime_id) as twin on twin.crime_id = base.crime_id""",
        ),
    ]


def _matters(tables: Relations, dialect: Dialect) -> list[Step]:
    """``nightly_quotes`` and ``nightly_matters``: each incident with the crimes that its log quotes, and with
    all that matter to it."""
    links = tables["links"].name
    return [
        Step(
            "nightly_quotes",
            f"""
            select distinct quote.incident_id, crime.crime_id
            from (select incident_id, {dialect.unnest("crime_references")} as reference
                  from {tables["incidents"].name}) as quote
            join {tables["crimes"].name} as crime
              on {_bare(dialect, "crime.crime_id")} = {_bare(dialect, "quote.reference")}""",
        ),
        Step(
            "nightly_matters",
            f"""
            select incident_id, crime_id from {links} where incident_id is not null
            union select runner_up_incident_id, crime_id from {links} where runner_up_incident_id is not null
            union select incident_id, crime_id from nightly_quotes""",
        ),
    ]


def _incidents(workspace: Workspace, tables: Relations, dialect: Dialect) -> list[Step]:
    """``nightly_own``: incident, home, and a digest of the record and all that stands under its number."""
    incidents = tables["incidents"]
    said = [f"i.{name}" for name in content(schema.INCIDENTS) if name != "narrative"]
    under = {
        name: f"(select incident_id, {dialect.digest_of_rows(tables[name].contract.names)} as rows_of_it "
        f"from {tables[name].name} group by incident_id)"
        for name in DERIVED
    }
    under["crimes"] = (
        "(select matters.incident_id, "
        f"{dialect.digest_of_rows(['told.crime_id', 'told.told'])} as rows_of_it "
        "from nightly_matters as matters join nightly_told as told on told.crime_id = matters.crime_id "
        "group by matters.incident_id)"
    )
    joins = " ".join(
        f"left join {rows} as of_{name} on of_{name}.incident_id = i.incident_id"
        for name, rows in under.items()
    )
    told = [*said, "i.narrative is null", *(f"of_{name}.rows_of_it" for name in under)]
    return [
        Step(
            "nightly_own",
            f"""
            select i.incident_id, {calendar_of(workspace).of("i.reported_at", dialect)} as home,
                   {dialect.digest_of_row(told)} as own
            from {incidents.name} as i {joins}""",
        )
    ]


def _beside(tables: Relations, dialect: Dialect) -> list[Step]:
    """``nightly_beside``: each pair of logs that may be of one event."""
    incidents = tables["incidents"]
    bucket = "cast(floor(report.at / (3600e0 * keys.hours)) as bigint)"
    return [
        Step(
            "nightly_reports",
            f"""
            select i.incident_id, {dialect.epoch_seconds("i.reported_at")} as at,
                   {written_place("i", dialect)} as place
            from {incidents.name} as i
            where i.incident_id in (select incident_id from {tables["required_crimes"].name})""",
        ),
        Step(
            "nightly_keyed",
            f"select report.incident_id, report.at, keys.event_key, keys.hours, {bucket} as bucket "
            f"from ({event_keys('nightly_reports', tables['parties'].name)}) as keys "
            "join nightly_reports as report on report.incident_id = keys.incident_id",
        ),
        Step(
            "nightly_beside",
            """
            select distinct one.incident_id, other.incident_id as other_id
            from (select keyed.*, bucket + step as near
                  from nightly_keyed as keyed
                  cross join (select * from (values (-1), (0), (1)) as steps(step)) as steps) as one
            join nightly_keyed as other
              on other.event_key = one.event_key and other.bucket = one.near
             and other.incident_id <> one.incident_id
            where abs(other.at - one.at) <= 3600 * one.hours""",
        ),
    ]


def _digested(dialect: Dialect, practice: Practice) -> list[Step]:
    told = sql_text(str(practice))
    return [
        Step("nightly_once", _round("nightly_own", "own", "once", dialect)),
        Step("nightly_twice", _round("nightly_once", "once", "twice", dialect)),
        Step(
            "nightly_subject",
            f"""
            select 'i' || incident_id as subject, home,
                   cast({dialect.digest_of_row(["twice", told])} as string) as digest
            from nightly_twice
            union all
            select 'c' || told.crime_id as subject, told.home,
                   cast({dialect.digest_of_row(["told.told", "quoting.logs", told])} as string) as digest
            from nightly_told as told
            left join (select quote.crime_id,
                              {dialect.digest_of_rows(["log.incident_id", "log.twice"])} as logs
                       from nightly_quotes as quote
                       join nightly_twice as log on log.incident_id = quote.incident_id
                       group by quote.crime_id) as quoting on quoting.crime_id = told.crime_id""",
        ),
    ]


def _round(source: str, before: str, after: str, dialect: Dialect) -> str:
    """Each incident's digest taken together with those of the logs beside it."""
    return f"""
        select it.incident_id, it.home, {dialect.digest_of_row([f"it.{before}", "others.digests"])} as {after}
        from {source} as it
        left join (select beside.incident_id,
                          {dialect.digest_of_rows(["other.incident_id", f"other.{before}"])} as digests
                   from nightly_beside as beside
                   join {source} as other on other.incident_id = beside.other_id
                   group by beside.incident_id) as others on others.incident_id = it.incident_id"""


SURROUNDINGS = (
    Step(
        "nightly_redone",
        "select substr(subject, 2) as incident_id from nightly_changed where substr(subject, 1, 1) = 'i'",
    ),
    Step(
        "nightly_nearer",
        "select incident_id from nightly_redone union select beside.other_id from nightly_beside as beside "
        "where beside.incident_id in (select incident_id from nightly_redone)",
    ),
    Step(
        "nightly_wide",
        "select incident_id from nightly_nearer union select beside.other_id from nightly_beside as beside "
        "where beside.incident_id in (select incident_id from nightly_nearer)",
    ),
    Step(
        "nightly_own_crimes",
        "select substr(subject, 2) as crime_id from nightly_changed where substr(subject, 1, 1) = 'c' "
        "union select crime_id from nightly_matters "
        "where incident_id in (select incident_id from nightly_wide)",
    ),
    Step(
        "nightly_needed",
        "select crime_id from nightly_own_crimes union select twin_id from nightly_twins "
        "where crime_id in (select crime_id from nightly_own_crimes)",
    ),
)
"""From the subjects in ``nightly_changed`` to ``nightly_wide``, the incidents that what is found on them
rests on, and ``nightly_needed``, the crimes."""
