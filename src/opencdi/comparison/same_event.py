"""Several logs of one event: repeat callers and passers-by must not each make a missing crime.

Two logs are taken for reports of one event when the same subgroup of offence is disclosed at the same
written place within a few hours, or by the same caller (telephone, or full name) within two days, or when
the later one quotes the number of the earlier in its text. The crime is then looked for once: on the log
that has a record, else on the first.
"""

from __future__ import annotations

from opencdi.engine import Dialect, Relation, Step, letters_and_digits

HOURS_SAME_PLACE = 3
HOURS_SAME_CALLER = 48
SHORTEST_NUMBER = 6
"""Letters and digits of a log's number, below which a number in a text says nothing."""

_NUMBERS = "[A-Z0-9/-]*[0-9][A-Z0-9/-]*"


def same_event(
    incidents: Relation, parties: Relation, dialect: Dialect, log_numbers: Relation | None
) -> list[Step]:
    """Steps that end in ``compared_elsewhere`` (required crime, the log that counts it) and
    ``compared_repeats`` (log that counts, number of other logs of the event)."""
    return [
        _reports(incidents, dialect),
        Step("compared_event_keys", event_keys("compared_reports", parties.name)),
        _pairs(),
        _log_numbers(incidents, dialect, log_numbers),
        _quoted_logs(incidents, dialect),
        Step(
            "compared_elsewhere",
            """
            select incident_id, required_no, other_incident_id
            from (
                select *, row_number() over (
                    partition by incident_id, required_no
                    order by other_answered desc, other_reported_s, other_incident_id) as place
                from (select * from compared_same union all select * from compared_quoted_logs) as either
            ) as ranked
            where place = 1
            """,
        ),
        Step(
            "compared_repeats",
            """
            select other_incident_id as incident_id, count(distinct incident_id) as repeats
            from compared_elsewhere group by other_incident_id
            """,
        ),
    ]


def _reports(incidents: Relation, dialect: Dialect) -> Step:
    return Step(
        "compared_reports",
        f"""
        select r.incident_id, r.required_no, r.offence_subgroup,
               {dialect.epoch_seconds("r.reported_at")} as reported_s,
               {written_place("i", dialect)} as place,
               a.crime_id is not null as answered
        from compared_required as r
        join {incidents.name} as i on i.incident_id = r.incident_id
        left join compared_assigned as a
          on a.incident_id = r.incident_id and a.required_no = r.required_no
        where r.record_as = 'crime' and r.certainty = 'required'
        """,
    )


def written_place(incident: str, dialect: Dialect) -> str:
    """SQL for the place that an incident gives, letters and digits alone; null without an address."""
    place = f"coalesce({incident}.address, '') || '|' || coalesce({incident}.postcode, '')"
    return f"case when {incident}.address is not null then {letters_and_digits(place, dialect)} end"


def event_keys(reports: str, parties: str) -> str:
    """SQL for what two logs of one event share, with the hours within which it counts. ``reports`` names
    incidents and their places."""
    return f"""
        select distinct incident_id, 'place ' || place as event_key, {HOURS_SAME_PLACE} as hours
        from {reports} where place is not null
        union
        select p.record_id as incident_id,
               'caller ' || coalesce(p.telephone, p.forename || ' ' || p.surname) as event_key,
               {HOURS_SAME_CALLER} as hours
        from {parties} as p
        where p.record_kind = 'incident' and p.role in ('caller', 'victim')
          and not coalesce(p.organisation, false)
          and coalesce(p.telephone, p.forename || ' ' || p.surname) is not null
          and p.record_id in (select incident_id from {reports})"""


def _pairs() -> Step:
    """An unanswered required crime beside another log that is answered, or was first."""
    bucket = "cast(floor(r.reported_s / (3600 * k.hours)) as bigint)"
    return Step(
        "compared_same",
        f"""
        with keyed as (
            select r.*, k.event_key, k.hours, {bucket} as bucket
            from compared_reports as r
            join compared_event_keys as k on k.incident_id = r.incident_id
        ),
        near as (
            select keyed.*, bucket + step as near_bucket
            from keyed cross join (values (-1), (0), (1)) as steps(step)
            where not answered
        )
        select n.incident_id, n.required_no, o.incident_id as other_incident_id,
               o.answered as other_answered, o.reported_s as other_reported_s
        from near as n
        join keyed as o
          on o.event_key = n.event_key and o.bucket = n.near_bucket
         and o.offence_subgroup = n.offence_subgroup and o.incident_id <> n.incident_id
        where abs(o.reported_s - n.reported_s) <= 3600 * n.hours
          and (o.answered or o.reported_s < n.reported_s
               or (o.reported_s = n.reported_s and o.incident_id < n.incident_id))
        """,
    )


def numbers_in_logs(incidents: str, dialect: Dialect) -> str:
    """SQL for the words of logs that may be the number of another log: incident_id and number, each once."""
    number = letters_and_digits("word", dialect)
    words = dialect.unnest(dialect.extract_all("upper(narrative)", _NUMBERS))
    return f"""
        select distinct incident_id, {number} as number
        from (select incident_id, {words} as word from {incidents} where narrative is not null) as words
        where length({number}) >= {SHORTEST_NUMBER}"""


def _log_numbers(incidents: Relation, dialect: Dialect, known: Relation | None) -> Step:
    unanswered = "incident_id in (select incident_id from compared_reports where not answered)"
    return Step(
        "compared_log_numbers",
        f"select incident_id, number from {known.name} where {unanswered}"
        if known
        else numbers_in_logs(f"(select * from {incidents.name} where {unanswered}) as unanswered", dialect),
    )


def _quoted_logs(incidents: Relation, dialect: Dialect) -> Step:
    """An unanswered required crime beside an earlier log whose number its text quotes, where that log
    calls for a crime or has one on record."""
    number = letters_and_digits("i.incident_id", dialect)
    reported = dialect.epoch_seconds("i.reported_at")
    return Step(
        "compared_quoted_logs",
        f"""
        with crimed as (
            select incident_id, max(answered) as answered
            from (
                select incident_id, case when answered then 1 else 0 end as answered from compared_reports
                union all
                select incident_id, 1 as answered from compared_pairs where link_class = 'clear'
            ) as every
            group by incident_id
        ),
        numbered as (
            select i.incident_id, {number} as number, {reported} as reported_s, c.answered
            from {incidents.name} as i
            join crimed as c on c.incident_id = i.incident_id
        )
        select r.incident_id, r.required_no, o.incident_id as other_incident_id,
               o.answered = 1 as other_answered, o.reported_s as other_reported_s
        from compared_reports as r
        join compared_log_numbers as q on q.incident_id = r.incident_id
        join numbered as o on o.number = q.number and o.incident_id <> r.incident_id
        where not r.answered and o.reported_s <= r.reported_s
        """,
    )
