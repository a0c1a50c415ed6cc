"""Which recorded crimes may answer an incident: those linked to it, and those its log quotes.

A crime linked to one log may answer another log of the same event that quotes its number. A record
cancelled as a duplicate (C3) or as made in error (C4) beside another live record of the same incident
answers nothing and wrongs nobody: it is left out.
"""

from __future__ import annotations

from opencdi.comparison.beside import Beside
from opencdi.disclosure.disclosing import BOTH_SAY_SO
from opencdi.engine import Relation, Step

DEAD = "('cancelled', 'transferred')"


def required_crimes(required: Relation, decisions: Relation, disclosed: Relation) -> Step:
    """Crimes and N100s that should be on record, with what they rest on.

    ``code_only`` marks one whose principal offence rests on the opening code and on no word of the log;
    ``words`` is how strongly the words alone describe that offence, whatever code bears them out.
    """
    return Step(
        "compared_required",
        f"""
        select r.incident_id, r.required_no, r.edition, r.record_as, r.class_code, r.subcode, r.victim_no,
               r.deadline_at, r.flags_due, r.strength, r.certainty, r.missing_facts,
               r.offence_group, r.offence_subgroup,
               coalesce(k.seriousness, 5) as seriousness,
               coalesce(k.family, r.class_code) as family, coalesce(k.place, 1000) as place,
               case when r.record_as = 'n100' then 'N100' else r.class_code end as answer_class,
               coalesce(grounds.basis = 'code', false) as code_only,
               coalesce(grounds.words, r.strength) as words
        from {required.name} as r
        left join compared_classes as k on k.class_code = r.class_code
        left join (
            select d.incident_id, d.required_no, max(o.basis) as basis,
                   max(case o.basis when 'words' then o.strength
                                    when 'both' then (o.strength - {BOTH_SAY_SO}) / (1.0 - {BOTH_SAY_SO})
                       end) as words
            from {decisions.name} as d
            join {disclosed.name} as o on o.incident_id = d.incident_id and o.offence_no = d.offence_no
            where d.outcome in ('principal', 'n100')
            group by d.incident_id, d.required_no
        ) as grounds on grounds.incident_id = r.incident_id and grounds.required_no = r.required_no
        where r.record_as in ('crime', 'n100')
        """,
    )


def recorded_crimes(crimes: Relation) -> Step:
    """Recorded crimes with their place in the offence list."""
    return Step(
        "compared_crimes",
        f"""
        select c.crime_id, c.status, c.class_code, c.subcode, c.n100_code, c.recorded_at, c.reported_at,
               c.flags, c.cancellation_code, c.cancelled_by, c.cancellation_reason, c.victim_informed,
               case when c.status = 'n100' then 'Sexual offences'
                    else coalesce(k.offence_group, 'Not classified') end as offence_group,
               case when c.status = 'n100' then 'Rape'
                    else coalesce(k.offence_subgroup, 'Not classified') end as offence_subgroup,
               case when c.status = 'n100' then 'N100' else c.class_code end as answer_class,
               coalesce(k.title, case when c.status = 'n100' then 'Reported incident of rape'
                                      else 'title not known' end) as title,
               coalesce(k.seriousness, case when c.status = 'n100' then 1 else 5 end) as seriousness,
               coalesce(k.family, c.class_code) as family, coalesce(k.place, 1000) as place,
               coalesce(by_code.against, k.against, 'S/V') as against,
               case when c.status = 'n100' then 'n100'
                    when c.status in {DEAD} then 'dead' else 'live' end as standing
        from {crimes.name} as c
        left join compared_classes as k on k.class_code = c.class_code
        left join compared_code_against as by_code on by_code.subcode = c.subcode
        """,
    )


def candidates(links: Relation, beside: Beside) -> list[Step]:
    """Every pair of incident and crime that may be matched: by link or, where the incident requires a crime,
    by quotation."""
    return [
        Step(
            "compared_pairs",
            f"""
            select l.incident_id, l.crime_id, 'link' as route, l.link_class,
                   coalesce(l.probability, 0) as probability, l.runner_up_incident_id
            from {links.name} as l
            where l.link_class <> 'none' and l.incident_id is not null
            union all
            select q.incident_id, q.crime_id, 'quoted' as route, 'ambiguous' as link_class,
                   0.5 as probability, null as runner_up_incident_id
            from {beside.quotes} as q
            left join {links.name} as l on l.crime_id = q.crime_id and l.incident_id = q.incident_id
                                       and l.link_class <> 'none'
            where l.crime_id is null and q.incident_id in (select incident_id from compared_required)
            """,
        ),
        Step(
            "compared_superseded",
            """
            select distinct p.incident_id, p.crime_id
            from compared_pairs as p
            join compared_crimes as c on c.crime_id = p.crime_id
            join compared_live as other
              on other.incident_id = p.incident_id and other.crime_id <> p.crime_id
             and other.offence_subgroup = c.offence_subgroup
            where c.status = 'cancelled' and c.cancellation_code in ('C3', 'C4')
            """,
            stages=(
                Step(
                    "compared_live",
                    """
            select p.incident_id, c.crime_id, c.offence_subgroup
            from compared_pairs as p
            join compared_crimes as c on c.crime_id = p.crime_id
            where c.standing = 'live' and p.route = 'link'
            """,
                ),
            ),
        ),
        Step(
            "compared_pool",
            """
            select p.incident_id, p.crime_id, p.route, p.link_class, p.probability,
                   c.standing, c.answer_class, c.family, c.offence_subgroup, c.offence_group, c.recorded_at,
                   case when p.route = 'quoted' then 4
                        when p.link_class = 'clear' then 1
                        when p.link_class = 'ambiguous' then 2
                        else 3 end as preference
            from compared_pairs as p
            join compared_crimes as c on c.crime_id = p.crime_id
            left join compared_superseded as s
              on s.incident_id = p.incident_id and s.crime_id = p.crime_id
            where s.crime_id is null
            """,
        ),
    ]
