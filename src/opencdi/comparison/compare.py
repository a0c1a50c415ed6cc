"""Required crimes against recorded crimes: what answers what, and what is then wrong."""

from __future__ import annotations

from dataclasses import dataclass

from opencdi import schema
from opencdi.comparison import assignment, cancellation, candidates, findings, matching, same_event
from opencdi.comparison.beside import FOUND, Beside, beside_steps
from opencdi.comparison.offences import class_tables
from opencdi.comparison.practice import Practice, practice_of, practice_tables
from opencdi.engine import Relation

READ = {
    "incidents": (
        "incident_id",
        "reported_at",
        "channel",
        "opening_group",
        "closing_group",
        "flags",
        "other_force",
        "auditable",
        "narrative",
    ),
    "crimes": (
        "crime_id",
        "status",
        "class_code",
        "subcode",
        "n100_code",
        "reported_at",
        "recorded_at",
        "flags",
        "cancellation_code",
        "cancelled_by",
        "cancellation_reason",
        "victim_informed",
    ),
    "links": ("crime_id", "incident_id", "link_class", "probability", "runner_up_incident_id"),
    "parties": ("record_kind", "record_id", "role", "surname", "forename", "born_on"),
    "disclosed_offences": (
        "incident_id",
        "offence_no",
        "class_code",
        "strength",
        "basis",
        "assertion",
        "other_force_records",
    ),
    "offence_decisions": ("incident_id", "offence_no", "required_no", "outcome"),
}
"""What the comparison and the population read of records, besides which stand beside one another, and of what
is disclosed; of a log, whether there is one and whether it has words."""


@dataclass(frozen=True)
class Compared:
    """The tables ``schema.MATCHES`` and ``schema.FINDINGS``."""

    matches: Relation
    findings: Relation


def compare(
    required: Relation,
    decisions: Relation,
    disclosed: Relation,
    links: Relation,
    crimes: Relation,
    incidents: Relation,
    parties: Relation,
    practice: Practice | None = None,
    beside: Beside | None = None,
) -> Compared:
    """Match recorded crimes to required crimes, incident by incident, and say what is wrong.

    Every table is a relation of one engine under the contract of ``opencdi.schema``; the results are step
    tables of the same engine. Findings are leads: people decide. ``practice`` is the force's and ``beside``
    what stands beside one another among all its records, where these are not all or not whole. Where
    ``beside`` is given, the columns of ``READ`` suffice.
    """
    engine = required.engine
    dialect = engine.dialect
    if beside is None:
        beside = FOUND
        engine.run(beside_steps(required, crimes, incidents, parties))
    engine.run(
        [
            *class_tables(dialect),
            *practice_tables(practice or practice_of(crimes, parties)),
            candidates.required_crimes(required, decisions, disclosed),
            candidates.recorded_crimes(crimes),
            *candidates.candidates(links, beside),
        ]
    )
    assignment.assign(engine)
    engine.run(
        [
            *same_event.same_event(incidents, beside, dialect),
            matching.matched(incidents, disclosed, dialect),
            *matching.match_table(),
            cancellation.cancellations(incidents, disclosed, beside),
            *findings.finding_steps(incidents, decisions, disclosed, parties, dialect),
        ]
    )
    return Compared(
        engine.relation(schema.MATCHES, "compared_matches"),
        engine.relation(schema.FINDINGS, "compared_findings"),
    )
