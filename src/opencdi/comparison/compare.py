"""Required crimes against recorded crimes: what answers what, and what is then wrong."""

from __future__ import annotations

from dataclasses import dataclass

from opencdi import schema
from opencdi.comparison import assignment, cancellation, candidates, findings, matching, same_event
from opencdi.comparison.offences import class_tables
from opencdi.comparison.practice import Practice, practice_of, practice_tables
from opencdi.engine import Relation


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
    log_numbers: Relation | None = None,
) -> Compared:
    """Match recorded crimes to required crimes, incident by incident, and say what is wrong.

    Every table is a relation of one engine under the contract of ``opencdi.schema``; the results are step
    tables of the same engine. Findings are leads: people decide. ``practice`` is the force's, where these
    are not all of its crimes; ``log_numbers`` (``numbers_in_logs``) is given where the logs' text is not.
    """
    engine = required.engine
    dialect = engine.dialect
    engine.run(
        [
            *class_tables(),
            *practice_tables(practice or practice_of(crimes, parties)),
            candidates.required_crimes(required, incidents, decisions, disclosed),
            candidates.recorded_crimes(crimes),
            *candidates.quoted_crimes(incidents, dialect),
            *candidates.candidates(links),
            *assignment.assignment(),
            *same_event.same_event(incidents, parties, dialect, log_numbers),
            *matching.matched(disclosed, dialect),
            *matching.match_table(),
            *cancellation.cancellations(crimes, incidents, disclosed),
            *findings.finding_steps(incidents, decisions, disclosed, parties, crimes, dialect),
        ]
    )
    return Compared(
        engine.relation(schema.MATCHES, "compared_matches"),
        engine.relation(schema.FINDINGS, "compared_findings"),
    )
