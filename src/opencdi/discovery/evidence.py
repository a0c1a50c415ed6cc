"""What the audit's tables say about each incident, gathered to one row by SQL steps."""

from __future__ import annotations

from collections.abc import Iterator

from opencdi.engine import Dialect, Relation, Step, sql_text

SEPARATOR = "|"

ROWS_AT_ONCE = 1_000_000
"""Disclosed offences gathered to one row an incident at a time. An engine that spills all else holds lists in
an order in memory, whole."""
ROWS_A_BATCH = 50_000

MISSING_KINDS = ("missing", "additional_missing", "wrongly_cancelled", "n100_instead_of_crime")
ANSWERING = ("correct", "late", "wrong_class")


def gather(
    incidents: Relation,
    disclosed: Relation,
    links: Relation,
    required: Relation,
    matches: Relation,
    findings: Relation,
    crimes: Relation,
) -> None:
    """Make the table ``discovery_evidence`` in the engine: one row an incident, without its log."""
    engine = incidents.engine
    *stretches, said = _said(disclosed, engine.dialect)
    engine.run([*stretches, said])
    engine.drop(step.name for step in stretches)
    engine.run(
        [
            Step("discovery_linked", _linked(links)),
            Step("discovery_required", _required(required)),
            Step("discovery_answered", _answered(matches)),
            Step("discovery_leads", _leads(findings)),
            Step("discovery_evidence", _together(incidents, crimes, engine.dialect)),
        ]
    )


def with_logs(incidents: Relation) -> str:
    """SQL for ``discovery_evidence`` with each incident's log, which is stored nowhere a second time."""
    return f"""
        select e.*, i.narrative from {incidents.name} i
        join discovery_evidence e on e.incident_id = i.incident_id
    """


def _said(disclosed: Relation, dialect: Dialect) -> Iterator[Step]:
    """What each log says, gathered one stretch of incident numbers after the other."""
    stretches = list(_stretches(disclosed))
    if len(stretches) == 1:
        yield Step("discovery_said", _said_in(stretches[0], disclosed, dialect))
        return
    names = [f"discovery_said_{number}" for number, _ in enumerate(stretches)]
    for name, stretch in zip(names, stretches, strict=True):
        yield Step(name, _said_in(stretch, disclosed, dialect))
    yield Step("discovery_said", " union all ".join(f"select * from {name}" for name in names))


def _stretches(disclosed: Relation) -> Iterator[str]:
    """Conditions on the incident number, each true of some ``ROWS_AT_ONCE`` offences, together of all."""
    beyond = "true"
    for bound in _bounds(disclosed) if disclosed.count() > ROWS_AT_ONCE else ():
        yield f"incident_id <= {bound} and {beyond}"
        beyond = f"incident_id > {bound}"
    yield beyond


def _bounds(disclosed: Relation) -> Iterator[str]:
    """The incident number, as SQL, after every ``ROWS_AT_ONCE`` offences or some more, each once."""
    passed, last = 0, None
    ordered = f"select incident_id from {disclosed.name} order by incident_id"
    for batch in disclosed.engine.batches(ordered, ROWS_A_BATCH):
        passed += batch.num_rows
        bound = batch.column("incident_id")[-1].as_py()
        if passed >= ROWS_AT_ONCE and bound != last:
            yield sql_text(bound)
            passed, last = 0, bound


def _said_in(stretch: str, disclosed: Relation, dialect: Dialect) -> str:
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
        where {stretch}
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
        select i.incident_id, i.opening_group, i.closing_group,
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
