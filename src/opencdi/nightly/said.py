"""What the records of each part say, worked out once: digests of records, and what logs quote."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi import comparison
from opencdi.comparison.beside import crimes_told, numbers_told, quotes_told
from opencdi.comparison.practice import practice_told
from opencdi.engine import Engine, sql_text
from opencdi.nightly.homes import opened_parts, parties_parts
from opencdi.nightly.kept_parts import KeptTable, kept_by_part
from opencdi.nightly.logs import RECORDED, logs_of
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.nightly.rowwise import digests_counted
from opencdi.schema import Column, Table
from opencdi.storage import json_hash
from opencdi.workspace import Workspace, code_hash

DERIVED = ("required_crimes", "offence_decisions", "disclosed_offences")

_CRIMES = Table(
    "said_of_crimes",
    "one recorded crime",
    ("crime_id",),
    (
        Column("crime_id", "text", "The crime"),
        Column("home", "integer", "Number of its part"),
        Column("bare", "text", "Its number, letters and digits alone"),
        Column("recorded_s", "number", "When it was recorded, seconds since 1970"),
        Column("place", "text", "Where it happened, letters and digits alone"),
        Column("is_live", "boolean", "Whether it stands"),
        Column("is_dead", "boolean", "Whether it was cancelled as recorded twice"),
        Column("reasoned", "boolean", "Whether it was cancelled or transferred with a rationale"),
        Column("decided", "boolean", "Whether it was cancelled or transferred by a name"),
        Column("has_victim", "boolean", "Whether it names a victim"),
        Column("flags", "list", "Its flags"),
        Column("linked", "text", "The incident it is linked to"),
        Column("nearly_linked", "text", "The incident that came second"),
        Column("base", "integer", "Digest of the record"),
        Column("told", "integer", "Digest of the record, its link and its victims"),
    ),
)
_INCIDENTS = Table(
    "said_of_incidents",
    "one incident",
    ("incident_id",),
    (
        Column("incident_id", "text", "The incident"),
        Column("home", "integer", "Number of its part"),
        Column("bare", "text", "Its number, letters and digits alone"),
        Column("has_log", "boolean", "Whether it has a log"),
        Column("has_words", "boolean", "Whether the log is more than blanks"),
        Column("own", "integer", "Digest of the record and of what is disclosed and required"),
    ),
)
_QUOTES = Table(
    "said_quotes",
    "one crime number that a log quotes",
    ("incident_id", "bare"),
    (
        Column("incident_id", "text", "The incident"),
        Column("bare", "text", "The number, letters and digits alone"),
    ),
)
_LOG_NUMBERS = Table(
    "said_log_numbers",
    "one word of a log that may be the number of another log",
    ("incident_id", "number"),
    (
        Column("incident_id", "text", "The incident"),
        Column("number", "text", "The word, letters and digits alone"),
    ),
)


def said_of_crimes(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every crime with what others and the practice of the force rest on, and digests of what it says."""
    crimes, parties = (digests_of(workspace, name) for name in ("crimes", "parties"))
    links = workspace.part_hashes("links")
    rests_on = {
        part: [found["content"], links.get(part), parties.get(f"crime-{part}")]
        for part, found in crimes.items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        dialect = engine.dialect
        crimes, links = opened_parts(workspace, engine, parts, "crimes", "links")
        parties = workspace.opened_parts(engine, "parties", parties_parts("crime", parts), "of_crimes")
        said = [f"crime.{name}" for name in comparison.READ["crimes"]]
        linked = [f"link.{name}" for name in comparison.READ["links"] if name != "crime_id"]
        victims = dialect.digest_of_rows(comparison.READ["parties"])
        home = calendar_of(workspace).of("crime.recorded_at", dialect)
        base = dialect.digest_of_row(said)
        told = dialect.digest_of_row([base, *linked, "victim.victims"])
        return f"""
            select crime.crime_id, {home} as home, {home} as part, {crimes_told("crime", dialect)},
                   {practice_told("crime", "victim.victims")},
                   link.incident_id as linked, link.runner_up_incident_id as nearly_linked,
                   {base} as base, {told} as told
            from {crimes.name} as crime
            left join {links.name} as link on link.crime_id = crime.crime_id
            left join (select record_id, {victims} as victims from {parties.name}
                       where record_kind = 'crime' and role = 'victim'
                       group by record_id) as victim on victim.record_id = crime.crime_id"""

    return kept_by_part(workspace, engine, _CRIMES, rests_on, rows_of)


def said_of_incidents(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every incident with a digest of the record and of what is disclosed and, by the rules, required."""
    rules = json_hash([workspace.audit.counting.edition, code_hash(("counting", "nightly"))])
    derived = [workspace.part_hashes(name) for name in DERIVED]
    rests_on = {
        part: [found["content"], [hashes.get(part) for hashes in derived]]
        for part, found in digests_of(workspace, "incidents").items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        said = [f"i.{name}" for name in RECORDED]
        own = engine.dialect.digest_of_row(
            [*said, "i.has_log", "i.has_words", "counted.digest", sql_text(rules)]
        )
        return (
            "select i.incident_id, i.home, i.home as part, i.bare, i.has_log, i.has_words, "
            f"{own} as own from {logs_of(workspace, engine, parts)} as i "
            f"left join ({digests_counted(workspace, engine, parts)}) as counted "
            "on counted.subject = i.incident_id"
        )

    return kept_by_part(workspace, engine, _INCIDENTS, rests_on, rows_of)


def said_quotes(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every crime number that a log quotes."""
    rests_on = {part: found["content"] for part, found in digests_of(workspace, "incidents").items()}

    def rows_of(parts: Sequence[str]) -> str:
        logs = f"(select *, home as part from {logs_of(workspace, engine, parts)}) as logs"
        return quotes_told("incident_id, part", logs, engine.dialect)

    return kept_by_part(workspace, engine, _QUOTES, rests_on, rows_of)


def said_log_numbers(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every word that may be another log's number, of the logs that require a crime."""
    required = workspace.part_hashes("required_crimes")
    rests_on = {
        part: [found["content"], required.get(part)]
        for part, found in digests_of(workspace, "incidents").items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        logs = f"(select *, home as part from {logs_of(workspace, engine, parts)})"
        return numbers_told("incident_id, part", logs, engine.dialect)

    return kept_by_part(workspace, engine, _LOG_NUMBERS, rests_on, rows_of)
