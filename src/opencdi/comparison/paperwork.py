"""Paperwork: a flag, the victim, a rationale or the telling of the victim missing from a record."""

from __future__ import annotations

from opencdi.comparison import cancellation
from opencdi.comparison.practice import naming_a_victim
from opencdi.counting import reference
from opencdi.engine import Dialect, Relation, Step


def paperwork(incidents: Relation, parties: Relation, dialect: Dialect) -> list[Step]:
    """Steps that end in the ``compared_kind_`` steps of paperwork."""
    return [
        _missing_flags(incidents, dialect),
        _missing_victims(parties),
        _cancellation_paperwork(),
    ]


def mandatory_flags() -> dict[str, str]:
    """The flags that are mandatory, with their titles as a sentence uses them."""
    return {
        name: flag.title[0].lower() + flag.title[1:]
        for name, flag in reference.flags().items()
        if flag.mandatory
    }


def _missing_flags(incidents: Relation, dialect: Dialect) -> Step:
    """A mandatory flag the report calls for, on a record that lacks it.

    A flag that no crime of the force carries is taken as not exported, and accuses nobody. Confidence is
    lower where the words alone call for the flag and the incident does not carry it either.
    """
    due = Step(
        "compared_flags_due",
        f"""
        select m.incident_id, m.required_no, m.crime_id, m.strength, m.probability,
               {dialect.unnest("m.flags_due")} as flag, i.flags as qualifiers
        from compared_matched as m
        join {incidents.name} as i on i.incident_id = m.incident_id
        where m.crime_id is not null and m.outcome in ('correct', 'late', 'wrong_class')
        """,
    )
    return Step(
        "compared_kind_flag",
        f"""
        select 'paperwork' as kind, 'flag' as wording, 'flag' as details,
               d.crime_id || ':' || d.flag as about, d.incident_id, min(d.required_no) as required_no,
               d.crime_id, cast(null as double) as hours_late, cast(null as double) as hours,
               max(d.strength * d.probability
                   * case when {dialect.contains("d.qualifiers", "d.flag")} then 1.0 else 0.4 end)
                   as confidence, d.flag
        from compared_flags_due as d
        join compared_flags_used as u on u.flag = d.flag
        join compared_crimes as c on c.crime_id = d.crime_id
        where not {dialect.contains("c.flags", "d.flag")}
        group by d.incident_id, d.crime_id, d.flag
        """,
        stages=(due,),
    )


def _missing_victims(parties: Relation) -> Step:
    """A live record with no victim among its parties, of an offence that always has one, or that may have one
    where the report names one. Affray or a breach of an order is against the state, whoever called.

    Where fewer than half of the live records name a victim, victims are taken as not exported.
    """
    return Step(
        "compared_kind_victim",
        f"""
        select 'paperwork' as kind, 'victim' as wording, 'victim' as details, c.crime_id as about,
               o.incident_id, cast(null as bigint) as required_no, c.crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               0.8 as confidence, cast(null as string) as flag
        from compared_crimes as c
        cross join compared_victims_exported as e
        left join compared_own_incident as o on o.crime_id = c.crime_id
        left join {naming_a_victim(parties)} as v on v.record_id = c.crime_id
        left join (select distinct crime_id from compared_matched where victim_no > 0) as m
          on m.crime_id = c.crime_id
        where e.exported and v.record_id is null and c.standing = 'live'
          and (c.against = 'V' or c.against = 'S/V' and m.crime_id is not null)
        """,
    )


def _cancellation_paperwork() -> Step:
    """Rationale missing; victim recorded as not told.

    The victim must be told of a transfer and of some cancellations (Crime Recording Rules, April 2026,
    page 26; ``counting/hocr/cancellations.csv``).
    """
    told_of = ", ".join(f"'{code}'" for code in cancellation.to_be_told())
    nothing = "cast(null as double) as hours_late, cast(null as double) as hours"
    return Step(
        "compared_kind_cancellation_paperwork",
        f"""
        select 'paperwork' as kind, 'rationale' as wording, 'rationale' as details, c.crime_id as about,
               l.incident_id, cast(null as bigint) as required_no, c.crime_id, {nothing},
               0.9 as confidence, cast(null as string) as flag
        from compared_crimes as c
        cross join compared_exported as e
        left join compared_own_incident as l on l.crime_id = c.crime_id
        where c.standing = 'dead' and e.has_rationale and c.cancellation_reason is null
        union all
        select 'paperwork' as kind, 'victim_not_told' as wording, 'victim_not_told' as details,
               c.crime_id as about, l.incident_id, cast(null as bigint) as required_no, c.crime_id, {nothing},
               0.9 as confidence, cast(null as string) as flag
        from compared_crimes as c
        left join compared_own_incident as l on l.crime_id = c.crime_id
        where c.standing = 'dead' and c.victim_informed = 'no'
          and (c.status = 'transferred' or coalesce(c.cancellation_code, '') in ({told_of}))
        """,
    )
