"""Every table of an audit: its columns, types and meaning, said once.

Validation, documents and published metadata are derived from what stands here.
"""

from __future__ import annotations

from opencdi.schema.columns import Column, Kind, Table
from opencdi.schema.leads import HARM_GROUPS, LEADS, SCORES
from opencdi.schema.matching import FINDINGS, LINK_COMPARISONS, LINKS, MATCHES
from opencdi.schema.offences import DISCLOSED_OFFENCES, OFFENCE_DECISIONS, REQUIRED_CRIMES
from opencdi.schema.records import CRIMES, INCIDENTS, PARTIES, RECONCILIATION, REJECTS
from opencdi.schema.sample import POPULATION, RATES, VERDICTS
from opencdi.schema.words import (
    ANSWERS,
    ASSERTIONS,
    CALLER_ROLES,
    CHANNELS,
    CRIME_GROUPS,
    CRIME_STATUSES,
    FINDING_KINDS,
    FLAGS,
    INCIDENT_GROUPS,
    LINK_CLASSES,
    MATCH_OUTCOMES,
    OFFENCE_OUTCOMES,
    PARTY_ROLES,
    RECORD_AS,
    REJECT_EFFECTS,
    VERDICTS_ON_A_CRIME,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        INCIDENTS,
        CRIMES,
        PARTIES,
        REJECTS,
        RECONCILIATION,
        LINKS,
        DISCLOSED_OFFENCES,
        REQUIRED_CRIMES,
        OFFENCE_DECISIONS,
        MATCHES,
        FINDINGS,
        POPULATION,
        SCORES,
        LEADS,
        VERDICTS,
        RATES,
    )
}

__all__ = [
    "ANSWERS",
    "ASSERTIONS",
    "CALLER_ROLES",
    "CHANNELS",
    "CRIMES",
    "CRIME_GROUPS",
    "CRIME_STATUSES",
    "DISCLOSED_OFFENCES",
    "FINDINGS",
    "FINDING_KINDS",
    "FLAGS",
    "HARM_GROUPS",
    "INCIDENTS",
    "INCIDENT_GROUPS",
    "LEADS",
    "LINKS",
    "LINK_CLASSES",
    "LINK_COMPARISONS",
    "MATCHES",
    "MATCH_OUTCOMES",
    "OFFENCE_DECISIONS",
    "OFFENCE_OUTCOMES",
    "PARTIES",
    "PARTY_ROLES",
    "POPULATION",
    "RATES",
    "RECONCILIATION",
    "RECORD_AS",
    "REJECTS",
    "REJECT_EFFECTS",
    "REQUIRED_CRIMES",
    "SCORES",
    "TABLES",
    "VERDICTS",
    "VERDICTS_ON_A_CRIME",
    "Column",
    "Kind",
    "Table",
]
