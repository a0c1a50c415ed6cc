"""Which records stand beside one another, before anything is compared: a log and the crimes or the other logs
that it quotes, a record cancelled as made twice and its live twin, two logs that may be of one event.

What records say (``crimes_told`` and its like) is told record by record, and pairs are found in that alone.
So whoever keeps what they say by part finds the same pairs as ``beside_steps``, which has all records before
it.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.engine import Dialect, Relation, Step, letters_and_digits

TWINS_WITHIN = 28 * 24 * 3600
"""Seconds between the making of a record and of its twin."""
HOURS_SAME_PLACE = 3
HOURS_SAME_CALLER = 48
SHORTEST_NUMBER = 6
"""Letters and digits of a log's number, below which a number in a text says nothing."""

_SIGN = "[A-Z0-9/-]"
_LONG_NUMBER = "|".join(
    f"{_SIGN}{{{before}}}[0-9]{_SIGN}{{{SHORTEST_NUMBER - 1 - before}}}" for before in range(SHORTEST_NUMBER)
)
"""A digit in a word that is long enough. Few logs hold one, and the words of the others are not looked at."""
_NUMBERS = f"{_SIGN}*(?:{_LONG_NUMBER}){_SIGN}*"


@dataclass(frozen=True)
class Beside:
    """Names of tables of pairs: each log with the crimes whose number stands in its reference fields
    (``quotes``: incident_id, crime_id); each record cancelled as made twice with the live ones of its place
    and time (``twins``: crime_id, twin_id); logs that may be of one event by place or person, both ways
    (``events``: incident_id, other_id); and each log that requires a crime with the logs whose number stands
    in its text (``quoted_logs``: incident_id, other_id)."""

    quotes: str
    twins: str
    events: str
    quoted_logs: str


FOUND = Beside(
    "compared_found_quotes", "compared_found_twins", "compared_found_events", "compared_found_quoted_logs"
)


def beside_steps(required: Relation, crimes: Relation, incidents: Relation, parties: Relation) -> list[Step]:
    """Steps that end in the tables of ``FOUND``, from all records."""
    dialect = incidents.engine.dialect
    calling = (
        f"(select * from {incidents.name} where incident_id in (select incident_id from {required.name}))"
    )
    told, keyed, numbers = "compared_told_crimes", "compared_keyed_logs", "compared_log_numbers"
    bare = letters_and_digits("incident_id", dialect)
    return [
        Step(told, f"select crime_id, {crimes_told('c', dialect)} from {crimes.name} as c"),
        Step(FOUND.quotes, quotes(f"({quotes_told('incident_id', incidents.name, dialect)})", told)),
        Step(FOUND.twins, f"select dead.crime_id, live.crime_id as twin_id from {twins(told, told)}"),
        Step(
            "compared_told_logs",
            f"select incident_id, {reported_told('i', dialect)}, {place_told('i', dialect)} as place "
            f"from {calling} as i",
        ),
        Step(keyed, keyed_logs("compared_told_logs", parties.name)),
        Step(
            FOUND.events,
            "select distinct one.incident_id, other.incident_id as other_id "
            f"from {of_one_event(keyed, keyed)}",
        ),
        Step(
            numbers,
            numbers_told(
                "incident_id",
                f"(select incident_id, {words_told('narrative', dialect)} as words from {calling} as i)",
                dialect,
            ),
        ),
        Step(
            FOUND.quoted_logs,
            quoted_logs(numbers, f"(select incident_id, {bare} as bare from {incidents.name})"),
        ),
    ]


# Crimes ----------------------------------------------------------------------------------------------


def crimes_told(crime: str, dialect: Dialect) -> str:
    """SQL for what a crime says of itself: its number (``bare``), its ``place``, when it was recorded
    (``recorded_s``, seconds since 1970), whether it stands and whether it was cancelled as made twice."""
    place = letters_and_digits(f"coalesce({crime}.address, '') || coalesce({crime}.postcode, '')", dialect)
    return f"""
        {letters_and_digits(f"{crime}.crime_id", dialect)} as bare, {place} as place,
        cast({dialect.epoch_seconds(f"{crime}.recorded_at")} as double) as recorded_s,
        {crime}.status = 'live' as is_live,
        {crime}.status = 'cancelled' and coalesce({crime}.cancellation_code, '') = 'C3' as is_dead"""


def quotes_told(columns: str, incidents: str, dialect: Dialect) -> str:
    """SQL for the crime numbers that logs quote (``bare``), each once, with some ``columns`` of the log."""
    return (
        f"select distinct {columns}, {letters_and_digits('reference', dialect)} as bare "
        f"from (select {columns}, {dialect.unnest('crime_references')} as reference "
        f"from {incidents}) as quoted"
    )


def quotes(quoted: str, crimes: str) -> str:
    """SQL for each log with the crimes that it quotes."""
    return (
        f"select distinct quote.incident_id, crime.crime_id from {quoted} as quote "
        f"join {crimes} as crime on crime.bare = quote.bare"
    )


def twins(dead: str, live: str) -> str:
    """SQL to select from: what is told of each record cancelled as made twice (``dead``), beside each live
    one (``live``) of its place and time. The tables they are taken from are given by name."""
    return f"""
        (select * from {dead} where is_dead and place <> '') as dead
        join (select * from {live} where is_live and place <> '') as live
          on live.place = dead.place and abs(live.recorded_s - dead.recorded_s) <= {TWINS_WITHIN}"""


# Logs ------------------------------------------------------------------------------------------------


def has_words(narrative: str) -> str:
    """SQL for whether a log is there and more than blanks. Few begin with a blank; to take the blanks from
    all would cost forty times as much."""
    return (
        f"case when {narrative} is null then false when {narrative} like ' %' then trim({narrative}) <> '' "
        f"else {narrative} <> '' end"
    )


def reported_told(incident: str, dialect: Dialect) -> str:
    """SQL for when a log was reported (``reported_s``, seconds since 1970)."""
    return f"cast({dialect.epoch_seconds(f'{incident}.reported_at')} as double) as reported_s"


def place_told(incident: str, dialect: Dialect) -> str:
    """SQL for the place that a log gives, letters and digits alone; null without an address."""
    place = letters_and_digits(f"{incident}.address || coalesce({incident}.postcode, '')", dialect)
    return f"case when {incident}.address is not null then {place} end"


def keyed_logs(logs: str, parties: str, more: str = "") -> str:
    """SQL for what logs share with others of the same event (``event_key``), with the ``hours`` within which
    it counts. ``logs`` names logs and what they tell, ``more`` further columns of theirs."""
    own = f"log.incident_id, log.reported_s{more}"
    return f"""
        select {own}, log.place as event_key, {HOURS_SAME_PLACE} as hours
        from {logs} as log where log.place is not null
        union all
        select {own}, caller.event_key, {HOURS_SAME_CALLER} as hours
        from (select distinct record_id, coalesce(telephone, forename || ' ' || surname) as event_key
              from {parties}
              where record_kind = 'incident' and role in ('caller', 'victim')
                and not coalesce(organisation, false)) as caller
        join {logs} as log on log.incident_id = caller.record_id
        where caller.event_key is not null"""


def of_one_event(one: str, other: str) -> str:
    """SQL to select from: keyed logs (``one``) beside others that share a key within its hours. The tables
    they are taken from are given by name."""
    bucket = "cast(floor(reported_s / (3600e0 * hours)) as bigint)"
    return f"""
        (select keyed.*, {bucket} + step as near from {one} as keyed
         cross join (select * from (values (-1), (0), (1)) as steps(step)) as steps) as one
        join (select keyed.*, {bucket} as bucket from {other} as keyed) as other
          on other.event_key = one.event_key and other.bucket = one.near and other.hours = one.hours
         and other.incident_id <> one.incident_id
         and abs(other.reported_s - one.reported_s) <= 3600 * one.hours"""


def words_told(narrative: str, dialect: Dialect) -> str:
    """SQL for the words of a log that may hold the number of another, as a list; null where none does."""
    capitals = f"upper({narrative})"
    return (
        f"case when {dialect.matches(capitals, _LONG_NUMBER)} "
        f"then {dialect.extract_all(capitals, _NUMBERS)} end"
    )


def numbers_told(columns: str, logs: str, dialect: Dialect) -> str:
    """SQL for each ``number`` that may be another log's, once a log, with ``columns`` of it. ``logs`` tell
    their ``words``."""
    number = letters_and_digits("word", dialect)
    return f"""
        select distinct {columns}, {number} as number
        from (select {columns}, {dialect.unnest("words")} as word from {logs} as logs) as words
        where length({number}) >= {SHORTEST_NUMBER}"""


def quoted_logs(numbers: str, incidents: str) -> str:
    """SQL for each log with the other logs whose number its text gives."""
    return f"""
        select said.incident_id, other.incident_id as other_id from {numbers} as said
        join {incidents} as other
          on other.bare = said.number and other.incident_id <> said.incident_id"""
