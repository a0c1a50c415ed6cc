"""Several logs of one event: repeat callers and passers-by must not each make a missing crime.

Two logs are taken for reports of one event when the same subgroup of offence is disclosed at the same
written place within a few hours, or by the same caller (telephone, or full name) within two days, or when
the later one quotes the number of the earlier in its text. The crime is then looked for once: on the log
that has a record, else on the first.
"""

from __future__ import annotations

from opencdi.comparison.beside import Beside
from opencdi.engine import Dialect, Relation, Step


def same_event(incidents: Relation, beside: Beside, dialect: Dialect) -> list[Step]:
    """Steps that end in ``compared_elsewhere`` (required crime, the log that counts it) and
    ``compared_repeats`` (log that counts, number of other logs of the event)."""
    return [
        _reports(incidents, beside, dialect),
        _same(beside.events),
        _quoted_logs(incidents, beside.quoted_logs, dialect),
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


def _reports(incidents: Relation, beside: Beside, dialect: Dialect) -> Step:
    """The required crimes of logs that stand beside another."""
    return Step(
        "compared_reports",
        f"""
        select r.incident_id, r.required_no, r.offence_subgroup,
               {dialect.epoch_seconds("i.reported_at")} as reported_s,
               a.crime_id is not null as answered
        from compared_required as r
        join {incidents.name} as i on i.incident_id = r.incident_id
        left join compared_assigned as a
          on a.incident_id = r.incident_id and a.required_no = r.required_no
        where r.record_as = 'crime' and r.certainty = 'required' and r.incident_id in (
            select incident_id from {beside.events}
            union all select incident_id from {beside.quoted_logs}
            union all select other_id from {beside.quoted_logs})
        """,
    )


def _same(events: str) -> Step:
    """An unanswered required crime beside another log that is answered, or was first."""
    return Step(
        "compared_same",
        f"""
        select n.incident_id, n.required_no, o.incident_id as other_incident_id,
               o.answered as other_answered, o.reported_s as other_reported_s
        from {events} as beside
        join compared_reports as n on n.incident_id = beside.incident_id and not n.answered
        join compared_reports as o
          on o.incident_id = beside.other_id and o.offence_subgroup = n.offence_subgroup
        where o.answered or o.reported_s < n.reported_s
           or (o.reported_s = n.reported_s and o.incident_id < n.incident_id)
        """,
    )


def _quoted_logs(incidents: Relation, quoted_logs: str, dialect: Dialect) -> Step:
    """An unanswered required crime beside an earlier log whose number its text quotes, where that log
    calls for a crime or has one on record."""
    reported = dialect.epoch_seconds("other.reported_at")
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
            where incident_id in (select other_id from {quoted_logs})
            group by incident_id
        )
        select r.incident_id, r.required_no, other.incident_id as other_incident_id,
               crimed.answered = 1 as other_answered, {reported} as other_reported_s
        from compared_reports as r
        join {quoted_logs} as quoted on quoted.incident_id = r.incident_id
        join {incidents.name} as other on other.incident_id = quoted.other_id
        join crimed on crimed.incident_id = quoted.other_id
        where not r.answered and {reported} <= r.reported_s
        """,
    )
