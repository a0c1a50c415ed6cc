"""What the audit's tables say about each incident, gathered to one row, as SQL steps."""

from __future__ import annotations

from opencdi.engine import Dialect, Relation, Step

SEPARATOR = "|"

MISSING_KINDS = ("missing", "additional_missing", "wrongly_cancelled", "n100_instead_of_crime")
ANSWERING = ("correct", "late", "wrong_class")


def steps(
    incidents: Relation,
    disclosed: Relation,
    links: Relation,
    required: Relation,
    matches: Relation,
    findings: Relation,
    crimes: Relation,
) -> list[Step]:
    """Steps that end in ``discovery_evidence``: one row an incident."""
    dialect = incidents.engine.dialect
    return [
        Step("discovery_said", _said(disclosed, dialect)),
        Step("discovery_linked", _linked(links)),
        Step("discovery_required", _required(required)),
        Step("discovery_answered", _answered(matches)),
        Step("discovery_leads", _leads(findings)),
        Step("discovery_evidence", _together(incidents, crimes, dialect)),
    ]


def _said(disclosed: Relation, dialect: Dialect) -> str:
    said = f"concept || '{SEPARATOR}' || assertion || '{SEPARATOR}' || cast(strength as string)"
    asserted = "case when assertion = 'asserted' then class_code end"
    flagged = dialect.contains("flags_due", "'domestic_abuse'")
    return f"""
        select incident_id,
               {dialect.list_in_order(f"case when basis <> 'code' then {said} end", "offence_no")} as said,
               {dialect.list_in_order(asserted, "offence_no")} as classes,
               max(case when {flagged} then 1 else 0 end) as domestic_abuse,
               min(case when assertion = 'asserted' then victim_age end) as youngest
        from {disclosed.name}
        group by incident_id
    """


def _linked(links: Relation) -> str:
    return f"""
        select incident_id, max(coalesce(probability, 0.5)) as link_probability, count(*) as crimes,
               max(case when link_class = 'clear' then 1 else 0 end) as recorded
        from {links.name}
        where incident_id is not null and link_class <> 'none'
        group by incident_id
    """


def _required(required: Relation) -> str:
    return f"""
        select incident_id, count(*) as required
        from {required.name} where record_as = 'crime' group by incident_id
    """


def _answered(matches: Relation) -> str:
    answering = ", ".join(f"'{outcome}'" for outcome in ANSWERING)
    return f"""
        select incident_id, count(*) as answered
        from {matches.name} where outcome in ({answering}) and required_no is not null group by incident_id
    """


def _leads(findings: Relation) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in MISSING_KINDS)
    return f"""
        select incident_id, max(confidence) as lead_confidence
        from {findings.name} where kind in ({kinds}) and incident_id is not null group by incident_id
    """


def _together(incidents: Relation, crimes: Relation, dialect: Dialect) -> str:
    reported, last = dialect.epoch_seconds("i.reported_at"), dialect.epoch_seconds("max(recorded_at)")
    return f"""
        select i.incident_id, i.narrative, i.opening_group, i.closing_group,
               s.said, s.classes, coalesce(s.domestic_abuse, 0) as domestic_abuse, s.youngest,
               coalesce(l.link_probability, 0.0) as link_probability, coalesce(l.recorded, 0) as recorded,
               coalesce(r.required, 0) as required, coalesce(a.answered, 0) as answered,
               coalesce(f.lead_confidence, 0.0) as lead_confidence,
               (t.last_recorded - {reported}) / 3600.0 as hours_since
        from {incidents.name} i
        left join discovery_said s on s.incident_id = i.incident_id
        left join discovery_linked l on l.incident_id = i.incident_id
        left join discovery_required r on r.incident_id = i.incident_id
        left join discovery_answered a on a.incident_id = i.incident_id
        left join discovery_leads f on f.incident_id = i.incident_id
        cross join (select {last} as last_recorded from {crimes.name}) t
    """
