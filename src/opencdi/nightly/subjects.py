"""What each finding rests on, as one digest for each subject: an incident, or a crime by itself.

What is found on an incident rests on the incident, on what is disclosed and required, on the crimes that
matter to it (linked or nearly so, quoted by its log, or the live record that a cancelled one repeats), and on
other logs of the same event: which of two logs counts may hang on a third, so a digest takes in two rounds of
neighbours. A finding on a crime without an incident rests on the crime and on the logs that quote it. Two
audits that agree in a subject's digest agree in all that is found on it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from opencdi.comparison import Practice
from opencdi.comparison.beside import quoted_logs, quotes, twins
from opencdi.engine import Dialect, Engine, Step, sql_text
from opencdi.nightly.events import said_of_events, said_pairs
from opencdi.nightly.kept_parts import KeptTable
from opencdi.nightly.said import said_log_numbers, said_of_crimes, said_of_incidents, said_quotes
from opencdi.workspace import Workspace

SUBJECT_OF_FINDING = "coalesce('i' || incident_id, 'c' || crime_id)"
SUBJECT_OF_INCIDENT = "'i' || incident_id"


@dataclass(frozen=True)
class Said:
    """What digests are worked out from, as kept tables of all parts."""

    crimes: KeptTable
    incidents: KeptTable
    quotes: KeptTable
    log_numbers: KeptTable
    events: KeptTable
    pairs: KeptTable

    @property
    def tables(self) -> Collection[KeptTable]:
        return tuple(vars(self).values())


def everything_said(workspace: Workspace, engine: Engine) -> Said:
    """What is said in all parts, worked out where it is not kept."""
    of_records = (
        said_of_crimes(workspace, engine),
        said_of_incidents(workspace, engine),
        said_quotes(workspace, engine),
        said_log_numbers(workspace, engine),
    )
    events = said_of_events(workspace, engine)
    return Said(*of_records, events, said_pairs(workspace, engine, events))


def beside_steps(said: Said) -> list[Step]:
    """``nightly_quoted_logs``, each incident with the other logs whose number its log gives, and
    ``nightly_beside``, each with all logs that may be of the same event (incident_id, other_id)"""
    return [
        Step("nightly_quoted_logs", quoted_logs(_name(said.log_numbers), _name(said.incidents))),
        Step(
            "nightly_beside",
            f"""
            select incident_id, other_id from {_name(said.pairs)}
            union all select incident_id, other_id from nightly_quoted_logs
            union all select other_id, incident_id from nightly_quoted_logs""",
        ),
    ]


def subject_steps(
    crimes: str, incidents: str, quoted: str, dialect: Dialect, practice: Practice
) -> list[Step]:
    """Steps that end in ``nightly_subject``: subject, home (number of its part) and digest.

    ``crimes``, ``incidents`` and ``quoted`` name what is said of all records, or of those around some
    subjects, whose digests alone are then right (see ``surroundings``). ``nightly_matters`` (incident,
    crime) and ``nightly_twins`` (crime, twin) stay for those who look a subject's surroundings up.
    """
    return [
        *_crimes(crimes, dialect),
        *_matters(crimes, quoted),
        _incidents(incidents, dialect),
        *_digested(dialect, practice),
    ]


def _name(table: KeptTable) -> str:
    return table.relation.name


def _crimes(said: str, dialect: Dialect) -> list[Step]:
    """``nightly_told``: crime, home, and a digest of the record, its link, its victims and its twins."""
    return [
        Step(
            "nightly_twins",
            f"""
            select dead.crime_id, live.crime_id as twin_id, live.base from {twins(said, said)}""",
        ),
        Step(
            "nightly_told",
            f"""
            select said.crime_id, said.home, {dialect.digest_of_row(["said.told", "twin.twins"])} as told
            from {said} as said
            left join (select crime_id, {dialect.digest_of_rows(["twin_id", "base"])} as twins
                       from nightly_twins group by crime_id) as twin on twin.crime_id = said.crime_id""",
        ),
    ]


def _matters(crimes: str, quoted: str) -> list[Step]:
    """``nightly_quotes`` and ``nightly_matters``: each incident with the crimes that its log quotes, and with
    all that matter to it."""
    return [
        Step("nightly_quotes", quotes(quoted, crimes)),
        Step(
            "nightly_matters",
            f"""
            select linked as incident_id, crime_id from {crimes} where linked is not null
            union select nearly_linked, crime_id from {crimes} where nearly_linked is not null
            union select incident_id, crime_id from nightly_quotes""",
        ),
    ]


def _incidents(said: str, dialect: Dialect) -> Step:
    """``nightly_own``: incident, home, and a digest of the record and all that matters to it."""
    return Step(
        "nightly_own",
        f"""
        select said.incident_id, said.home,
               {dialect.digest_of_row(["said.own", "matter.crimes", "quoted.logs"])} as own
        from {said} as said
        left join (select matters.incident_id,
                          {dialect.digest_of_rows(["told.crime_id", "told.told"])} as crimes
                   from nightly_matters as matters
                   join nightly_told as told on told.crime_id = matters.crime_id
                   group by matters.incident_id) as matter on matter.incident_id = said.incident_id
        left join (select incident_id, {dialect.digest_of_rows(["other_id"])} as logs
                   from nightly_quoted_logs
                   group by incident_id) as quoted on quoted.incident_id = said.incident_id""",
    )


def _digested(dialect: Dialect, practice: Practice) -> list[Step]:
    told = sql_text(str(practice))
    return [
        Step("nightly_once", _round("nightly_own", "own", "once", dialect)),
        Step("nightly_twice", _round("nightly_once", "once", "twice", dialect)),
        Step(
            "nightly_subject",
            f"""
            select 'i' || incident_id as subject, home,
                   {dialect.digest_of_row(["twice", told])} as digest
            from nightly_twice
            union all
            select 'c' || told.crime_id as subject, told.home,
                   {dialect.digest_of_row(["told.told", "quoting.logs", told])} as digest
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
