"""From matches to findings, kind by kind (taxonomy: domain.md 3.5, assembled from inspection reports).

Each step gives rows of one shape, ``_SHAPE``; ``findings`` unites them, adds what the incident says and
words them. Confidence is the strength of the disclosed offence times the chance that the link, or its
absence, is right; it orders leads and is no probability of an error.
"""

from __future__ import annotations

from opencdi.comparison import wording
from opencdi.comparison.paperwork import mandatory_flags, paperwork
from opencdi.counting.facts import FACTS
from opencdi.engine import Dialect, Relation, Step
from opencdi.schema import CRIME_GROUPS

_SHAPE = (
    "kind",
    "wording",
    "details",
    "about",
    "incident_id",
    "required_no",
    "crime_id",
    "hours_late",
    "hours",
    "confidence",
    "flag",
)

ALLOWED_SECONDS = 24 * 3600
"""Time to record where no required crime gives the deadline (Crime Recording Rules, April 2026, page 10)."""

NO_RULE = "none applied"
"""Edition of a finding that rests on the recorded crime alone."""

FAULT_CONFIDENCE = {
    "transfer_unsupported": 0.5,
    "no_other_crime": 0.5,
    "self_defence_class": 0.7,
    "not_independent": 0.6,
    "authority": 0.9,
    "rationale_missing": 0.4,
    "rationale_weak": 0.8,
    "rationale_unverified": 0.4,
}
"""How far each fault alone speaks against a cancellation, set by judgement."""


def finding_steps(
    incidents: Relation,
    decisions: Relation,
    disclosed: Relation,
    parties: Relation,
    dialect: Dialect,
) -> list[Step]:
    """Steps that end in ``compared_findings``."""
    kinds = [
        _missing(),
        _cannot_tell(),
        _wrong_class(),
        _late(dialect),
        _n100(),
        _wrongly_cancelled(),
        _over_recorded(incidents, decisions, disclosed, parties),
        *paperwork(incidents, parties, dialect),
    ]
    united = " union all ".join(
        f"select {', '.join(_SHAPE)} from {step.name}"
        for step in kinds
        if step.name.startswith("compared_kind_")
    )
    return [*kinds, _told((Step("compared_united", united), _questions(dialect)), incidents, dialect)]


def _missing() -> Step:
    return Step(
        "compared_kind_missing",
        """
        select case when n.incident_id is null then 'missing' else 'additional_missing' end as kind,
               case when m.record_as = 'n100' and n.incident_id is null then 'n100_record' else '' end
                   as wording,
               case when m.record_as = 'n100' then 'n100_record' end as details,
               cast(m.required_no as string) as about,
               m.incident_id, m.required_no, cast(null as string) as crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               m.strength as confidence, cast(null as string) as flag
        from compared_matched as m
        left join (select distinct incident_id from compared_pairs where link_class <> 'weak') as n
          on n.incident_id = m.incident_id
        where m.outcome = 'missing'
        """,
    )


def _cannot_tell() -> Step:
    return Step(
        "compared_kind_cannot_tell",
        """
        select 'cannot_tell' as kind,
               m.doubt as wording, m.doubt as details, cast(m.required_no as string) as about,
               m.incident_id, m.required_no, coalesce(m.crime_id, m.possible_crime_id) as crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               0.5 * m.strength as confidence, cast(null as string) as flag
        from (
            select *, case when round = 'n100_any'
                             or (standing = 'n100' and record_as = 'crime' and round <> 'weak')
                           then 'n100_on_record'
                           when crime_id is not null and round <> 'weak' then 'unmapped_class'
                           when crime_id is not null or possible_crime_id is not null then 'possible_crime'
                           when code_only then 'code_only'
                           when certainty <> 'cannot_tell' then 'faint_words'
                           else 'missing_fact' end as doubt
            from compared_matched where outcome = 'cannot_tell'
        ) as m
        """,
    )


def _wrong_class() -> Step:
    """The record's class is less grave than, or beside, the class described.

    Classes of one subgroup are the easiest to mistake in reading a log, so that far classes are the surer
    lead (measured on made-up forces, ``docs/findings.md``).
    """
    return Step(
        "compared_kind_wrong_class",
        """
        select 'wrong_class' as kind,
               case when m.round = 'subgroup' then 'same_subgroup' else '' end as wording,
               case m.round when 'subgroup' then 'same_subgroup' when 'group' then 'same_group'
                    else 'other_group' end as details,
               m.crime_id as about, m.incident_id, m.required_no, m.crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               m.strength * m.probability
                   * case m.round when 'subgroup' then 0.4 when 'group' then 0.6 else 0.8 end as confidence,
               cast(null as string) as flag
        from compared_matched as m
        where m.outcome = 'wrong_class'
        """,
    )


def _late(dialect: Dialect) -> Step:
    """Over 24 hours from report to record, for crimes that answer a report they are surely linked to, or came
    without a log.

    The clock starts with the log; for a record without a surely linked log, with the report time that
    the crime record itself gives.
    """
    recorded, reported = (dialect.epoch_seconds(f"c.{moment}") for moment in ("recorded_at", "reported_at"))
    logless = Step(
        "compared_logless",
        f"""
        select c.crime_id, ({recorded} - {reported}) / 3600.0 as hours,
               ({recorded} - ({reported} + {ALLOWED_SECONDS})) / 3600.0 as hours_late
        from compared_crimes as c
        where c.crime_id not in (
            select crime_id from compared_pairs where route = 'link' and link_class in ('clear', 'ambiguous'))
        """,
    )
    return Step(
        "compared_kind_late",
        """
        select 'late' as kind, '' as wording, cast(null as string) as details, crime_id as about,
               incident_id, required_no, crime_id, hours_past_deadline as hours_late,
               hours_to_record as hours, probability as confidence, cast(null as string) as flag
        from compared_matched
        where hours_past_deadline > 0 and round not in ('quoted', 'quoted_group', 'weak')
        union all
        select 'late' as kind, '' as wording, cast(null as string) as details, crime_id as about,
               cast(null as string) as incident_id, cast(null as bigint) as required_no, crime_id, hours_late,
               hours, 0.6 as confidence, cast(null as string) as flag
        from compared_logless where hours_late > 0
        """,
        stages=(logless,),
    )


def _n100() -> Step:
    return Step(
        "compared_kind_n100",
        """
        select 'n100_instead_of_crime' as kind,
               case when m.round = 'n100_group' then 'other_sexual' else '' end as wording,
               m.n100_code as details, m.crime_id as about,
               m.incident_id, m.required_no, m.crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               m.strength * m.probability * case when m.round = 'n100_group' then 0.4 else 1.0 end
                   as confidence,
               cast(null as string) as flag
        from compared_matched as m
        where m.outcome = 'n100'
        """,
    )


def _wrongly_cancelled() -> Step:
    weights = " ".join(f"when '{fault}' then {weight}" for fault, weight in FAULT_CONFIDENCE.items())
    return Step(
        "compared_kind_wrongly_cancelled",
        f"""
        select 'wrongly_cancelled' as kind, c.fault as wording, c.fault as details, c.crime_id as about,
               c.incident_id, m.required_no, c.crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               case c.fault {weights} end
                   * case when m.crime_id is null then 0.5 else m.strength * m.probability end as confidence,
               cast(null as string) as flag
        from compared_cancellations as c
        left join (select * from compared_matched where outcome = 'cancelled') as m
          on m.crime_id = c.crime_id and m.incident_id = c.incident_id
        where c.fault is not null
          and (m.crime_id is not null
               or c.fault in ('authority', 'not_independent', 'rationale_weak', 'self_defence_class'))
        """,
    )


def _over_recorded(incidents: Relation, decisions: Relation, disclosed: Relation, parties: Relation) -> Step:
    """A live crime, clearly linked, that no required crime needs, for one of three reasons.

    Nothing is disclosed at all and no code of the incident names a crime; or what it records is counted in
    the principal crime (the principal crime and finished incident rules); or it repeats class and victim of
    the crime that answers the report.
    """
    crime_groups = ", ".join(f"'{group}'" for group in sorted(CRIME_GROUPS))
    spare = Step(
        "compared_spare",
        f"""
        select p.incident_id, p.crime_id, p.probability, c.family, c.answer_class,
               i.opening_group in ({crime_groups}) or i.closing_group in ({crime_groups}) as coded
        from compared_pairs as p
        join compared_crimes as c on c.crime_id = p.crime_id and c.standing = 'live'
        join {incidents.name} as i on i.incident_id = p.incident_id
        left join compared_assigned as a on a.incident_id = p.incident_id and a.crime_id = p.crime_id
        where p.route = 'link' and p.link_class = 'clear' and i.auditable
          and i.narrative is not null and a.crime_id is null
        """,
    )
    spare_ones = "incident_id in (select incident_id from compared_spare)"
    return Step(
        "compared_kind_over_recorded",
        f"""
        select 'over_recorded' as kind, reason as wording, reason as details, crime_id as about,
               incident_id, cast(null as bigint) as required_no, crime_id,
               cast(null as double) as hours_late, cast(null as double) as hours,
               case reason when 'nothing_disclosed' then 0.3 else 0.5 end * probability as confidence,
               cast(null as string) as flag
        from (
            select s.*, case
                when said.incident_id is null and not s.coded then 'nothing_disclosed'
                when answering.incident_id is not null then 'repeats_a_crime'
                when merged.incident_id is not null then 'counted_in_principal'
            end as reason
            from compared_spare as s
            left join (select distinct incident_id from {disclosed.name} where {spare_ones}) as said
              on said.incident_id = s.incident_id
            left join compared_victims as v on v.crime_id = s.crime_id
            left join (
                select distinct a.incident_id, c.answer_class, v.victim
                from compared_assigned as a
                join compared_crimes as c on c.crime_id = a.crime_id and c.standing = 'live'
                join compared_victims as v on v.crime_id = a.crime_id
                where a.{spare_ones}
            ) as answering
              on answering.incident_id = s.incident_id and answering.answer_class = s.answer_class
             and answering.victim = v.victim
            left join (
                select distinct o.incident_id, coalesce(k.family, d.class_code) as family
                from {decisions.name} as o
                join {disclosed.name} as d on d.incident_id = o.incident_id and d.offence_no = o.offence_no
                left join compared_classes as k on k.class_code = d.class_code
                where o.outcome = 'merged' and o.{spare_ones}
            ) as merged on merged.incident_id = s.incident_id and merged.family = s.family
        ) as reasons
        where reason is not null
        """,
        stages=(spare, _victims(parties, spare_ones)),
    )


def _victims(parties: Relation, spare_ones: str) -> Step:
    """The crimes in question that name a victim, with the victims' names and dates of birth as one text."""
    parts = ("surname", "forename", "cast(born_on as string)")
    one = " || '|' || ".join(f"coalesce({part}, '')" for part in parts)
    return Step(
        "compared_victims",
        f"""
        select record_id as crime_id, min({one}) || max({one}) as victim
        from {parties.name}
        where record_kind = 'crime' and role = 'victim' and record_id in (
            select crime_id from compared_spare
            union all select crime_id from compared_assigned where {spare_ones})
        group by record_id
        """,
    )


def _questions(dialect: Dialect) -> Step:
    """The questions that settle each set of missing facts: few sets occur, in very many doubtful crimes."""
    known = " ".join(f"when '{name}' then '{_quoted(fact.question)}'" for name, fact in FACTS.items())
    sets = Step(
        "compared_sets",
        f"""
        select distinct {_facts(dialect)} as facts from compared_required as r
        where r.certainty = 'cannot_tell'
        """,
    )
    asked = Step(
        "compared_asked",
        f"""
        select facts, {dialect.unnest(dialect.items("facts", " "))} as fact from compared_sets
        """,
        stages=(sets,),
    )
    return Step(
        "compared_questions",
        f"""
        select facts,
               {dialect.joined(dialect.list_in_order(f"case fact {known} else fact end", "fact"), " ")}
                   as questions
        from compared_asked group by facts
        """,
        stages=(asked,),
    )


def _facts(dialect: Dialect) -> str:
    """SQL for the missing facts of the required crime ``r`` as one text."""
    return dialect.joined("r.missing_facts", " ")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _told(united: tuple[Step, ...], incidents: Relation, dialect: Dialect) -> Step:
    """``compared_findings``, from findings of all kinds and the questions that would settle them."""
    called = Step(
        "compared_called",
        f"""
        select incident_id, flags, channel, opening_group, closing_group, reported_at
        from {incidents.name} where incident_id in (select incident_id from compared_united)
        """,
    )
    flag_words = " ".join(f"when '{flag}' then '{title}'" for flag, title in mandatory_flags().items())
    placed = Step(
        "compared_placed",
        f"""
        select u.kind, u.wording, u.details, u.about, u.incident_id, u.required_no, u.crime_id,
               u.hours_late, u.confidence, r.edition,
               case when r.record_as = 'n100' then 'N100' else r.class_code end as class_required,
               c.answer_class as class_recorded,
               case when r.incident_id is null then '' else coalesce(k.title, 'title not known') end
                   as title_required,
               coalesce(c.title, '') as title_recorded,
               coalesce(r.offence_group, c.offence_group, 'Not classified') as offence_group,
               coalesce(r.offence_subgroup, c.offence_subgroup, 'Not classified') as offence_subgroup,
               coalesce(r.seriousness, c.seriousness, 5) as seriousness,
               coalesce({dialect.contains("r.flags_due", "'domestic_abuse'")}, false)
                 or coalesce({dialect.contains("c.flags", "'domestic_abuse'")}, false)
                 or coalesce({dialect.contains("i.flags", "'domestic_abuse'")}, false) as domestic_abuse,
               i.channel, i.opening_group, i.closing_group, i.reported_at, r.deadline_at,
               coalesce(q.questions, {dialect.joined("r.missing_facts", "; ")}) as missing_facts,
               case when e.repeats is null then ''
                    when e.repeats = 1 then ' (another log of the same event is counted here)'
                    else ' (' || cast(e.repeats as string)
                         || ' other logs of the same event are counted here)' end as repeats,
               cast(cast(floor(u.hours) as bigint) as string) as hours_to_record,
               case u.flag {flag_words} end as flag
        from compared_united as u
        left join compared_required as r
          on r.incident_id = u.incident_id and r.required_no = u.required_no
        left join compared_classes as k on k.class_code = r.class_code
        left join compared_crimes as c on c.crime_id = u.crime_id
        left join compared_called as i on i.incident_id = u.incident_id
        left join compared_questions as q
          on q.facts = {_facts(dialect)} and r.certainty = 'cannot_tell'
        left join compared_repeats as e on e.incident_id = u.incident_id
        """,
        stages=(*united, called),
    )
    return Step(
        "compared_findings",
        f"""
        select coalesce(incident_id, 'no incident') || '|' || about || '|' || kind
                 || case when kind = 'paperwork' then '|' || details else '' end as finding_id,
               kind, incident_id, required_no, crime_id, coalesce(edition, '{NO_RULE}') as edition,
               class_required, class_recorded, offence_group, offence_subgroup, domestic_abuse,
               channel, opening_group, closing_group, reported_at, deadline_at, hours_late,
               cast(seriousness as bigint) as seriousness,
               least(1.0, greatest(0.0, confidence)) as confidence, details,
               {wording.sentence(wording.EXPLANATIONS)} as explanation,
               {wording.sentence(wording.SETTLES)} as settles
        from compared_placed
        """,
        stages=(placed,),
    )
