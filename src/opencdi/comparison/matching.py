"""How each required crime compares with what is on record."""

from __future__ import annotations

from opencdi.comparison.assignment import SAME_FAMILY
from opencdi.engine import Dialect, Relation, Step

ANOTHER_CLASS = 0.85
"""How strongly a report must describe another class before the class on record is called wrong. Words alone
seldom reach it; words that an incident code bears out do."""
NEIGHBOUR = 0.75
"""How strongly the words alone must do so where the class on record is of the same subgroup: an incident code
bears out the whole subgroup, and tells no class of it from its neighbours."""
FAINT = 0.45
"""Below this strength a report describes an offence too faintly for a missing crime, or for saying that an
N100 should have been one; it says to ask."""


def matched(incidents: Relation, disclosed: Relation, dialect: Dialect) -> Step:
    """``compared_matched``: each required crime, its answer and its outcome."""
    return Step(
        "compared_matched",
        f"""
        select m.incident_id, m.required_no, m.record_as, m.certainty, m.strength, m.victim_no, m.flags_due,
               m.code_only, m.crime_id, m.round, m.standing, m.n100_code, m.probability, m.hours_to_record,
               m.hours_past_deadline, q.possible_crime_id,
               case
                 when m.crime_id is null then
                   case when e.incident_id is not null then 'elsewhere'
                        when m.certainty = 'cannot_tell' or m.code_only or q.incident_id is not null
                             or m.strength < {FAINT} then 'cannot_tell'
                        else 'missing' end
                 when m.round in ('quoted', 'quoted_group') then 'elsewhere'
                 when m.round in ('weak', 'n100_any') then 'cannot_tell'
                 when m.standing = 'dead' then 'cancelled'
                 when m.standing = 'n100' and m.record_as = 'crime' then
                   case when m.certainty = 'cannot_tell' or m.code_only or m.strength < {FAINT}
                        then 'cannot_tell' else 'n100' end
                 when m.record_as = 'crime' and m.recorded_class is null then 'cannot_tell'
                 when m.record_as = 'crime' and not m.class_agrees and not m.code_only
                      and not m.record_described and m.strength >= {ANOTHER_CLASS}
                      and (m.round <> 'subgroup' or m.words >= {NEIGHBOUR}) then 'wrong_class'
                 when m.hours_past_deadline > 0 then 'late'
                 else 'correct'
               end as outcome
        from compared_answered as m
        left join compared_elsewhere as e
          on e.incident_id = m.incident_id and e.required_no = m.required_no
        left join compared_possible as q
          on q.incident_id = m.incident_id and q.required_no = m.required_no
        """,
        stages=(_possible(), _described(disclosed), _answered(incidents, dialect)),
    )


def _described(disclosed: Relation) -> Step:
    """The families of offence that the words of each report describe, merged into another crime or not, where
    a record of another family answers the report."""
    same_family = ", ".join(f"'{name}'" for name in SAME_FAMILY)
    return Step(
        "compared_described",
        f"""
        select distinct d.incident_id, coalesce(k.family, d.class_code) as family
        from {disclosed.name} as d
        left join compared_classes as k on k.class_code = d.class_code
        where d.assertion = 'asserted' and d.basis <> 'code' and d.incident_id in (
            select incident_id from compared_assigned where round not in ({same_family}))
        """,
    )


def _possible() -> Step:
    """For an unanswered required crime, a crime whose link is in doubt between this report and another."""
    return Step(
        "compared_possible",
        """
        select r.incident_id, r.required_no, min(c.crime_id) as possible_crime_id
        from compared_required as r
        join (
            select incident_id, crime_id from compared_pairs where link_class = 'weak'
            union
            select runner_up_incident_id as incident_id, crime_id from compared_pairs
            where link_class <> 'clear' and runner_up_incident_id is not null
        ) as doubtful on doubtful.incident_id = r.incident_id
        join compared_crimes as c
          on c.crime_id = doubtful.crime_id and c.offence_subgroup = r.offence_subgroup
        where c.standing <> 'dead'
        group by r.incident_id, r.required_no
        """,
    )


def _answered(incidents: Relation, dialect: Dialect) -> Step:
    """Each required crime with its answer.

    The class agrees where it is the same, of the same family, narrower or graver: such a record rests on
    facts learnt after the call. A code that stands for several classes agrees with each of them, one that
    tells of the same act with the class described, and a course of conduct with what it takes the place of.
    ``record_described`` says that the report tells of what was recorded, too.
    """
    recorded = dialect.epoch_seconds("c.recorded_at")
    return Step(
        "compared_answered",
        f"""
        select r.incident_id, r.required_no, r.record_as, r.certainty, r.strength, r.victim_no, r.flags_due,
               r.code_only, r.words, a.crime_id, a.round, c.standing, c.n100_code,
               c.answer_class as recorded_class,
               coalesce(a.probability, 0) as probability,
               r.answer_class = c.answer_class or r.family = c.family or c.place < r.place
                   or narrower.described is not null or by_record.class_code is not null
                   or by_report.class_code is not null or answering.described is not null as class_agrees,
               told.family is not null as record_described,
               ({recorded} - {dialect.epoch_seconds("i.reported_at")}) / 3600.0 as hours_to_record,
               ({recorded} - {dialect.epoch_seconds("r.deadline_at")}) / 3600.0 as hours_past_deadline
        from compared_required as r
        left join compared_assigned as a
          on a.incident_id = r.incident_id and a.required_no = r.required_no
        left join compared_crimes as c on c.crime_id = a.crime_id
        left join {incidents.name} as i on i.incident_id = a.incident_id
        left join compared_codes as by_record
          on by_record.subcode = c.subcode and by_record.class_code = r.class_code
        left join compared_codes as by_report
          on by_report.subcode = r.subcode and by_report.class_code = c.class_code
        left join compared_narrower as narrower
          on narrower.described = r.class_code and narrower.recorded = c.class_code
        left join compared_answering as answering
          on answering.recorded_subcode = c.subcode and answering.described = r.class_code
          and not (r.subcode is not null and answering.but_not like '%' || r.subcode || '%')
        left join compared_described as told
          on told.incident_id = a.incident_id and told.family = c.family
        """,
    )


def match_table() -> list[Step]:
    """Steps that end in ``compared_matches``, under the contract of the table of matches."""
    return [
        Step(
            "compared_own_incident",
            """
            select crime_id, min(incident_id) as incident_id from compared_pairs where route = 'link'
            group by crime_id
            """,
        ),
        Step(
            "compared_matches",
            """
            with every as (
                select incident_id, required_no, crime_id, outcome, hours_to_record from compared_matched
                union all
                select p.incident_id, cast(null as bigint) as required_no, p.crime_id,
                       'additional' as outcome, cast(null as double) as hours_to_record
                from compared_pairs as p
                left join compared_assigned as a
                  on a.incident_id = p.incident_id and a.crime_id = p.crime_id
                where p.route = 'link' and a.crime_id is null
            )
            select incident_id,
                   row_number() over (
                       partition by incident_id
                       order by coalesce(required_no, 1000000), coalesce(crime_id, '')) as match_no,
                   required_no, crime_id, outcome, hours_to_record
            from every
            """,
        ),
    ]
