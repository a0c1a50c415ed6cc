"""What the rules ask for, counted once by all that the report breaks it down by.

Required crimes are many, and so are incidents: the two are brought together for this alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from opencdi.engine import Relation, Step
from opencdi.schema import Column, Table

ASKED = Table(
    "asked",
    "the required crimes of one channel, opening group, offence group and edition",
    ("channel", "opening_group", "offence_group", "edition"),
    (
        Column("channel", "text", "How the report came"),
        Column("opening_group", "text", "Group of the opening code"),
        Column("offence_group", "text", "Group of the required offence"),
        Column("edition", "text", "Edition of the rules"),
        Column("required", "integer", "Crimes that the rules call for with all deciding facts known"),
    ),
)
COUNTED_FROM = ("required_crimes", "incidents")
"""The tables it is counted from. A required crime lies in the part of its incident, so each part counts for
itself."""


def asked(required: str, incidents: str, more: str = "") -> str:
    """SQL for the counts; ``more`` names further columns of the incidents (``i``) to count by."""
    by = f"i.channel, i.opening_group, r.offence_group, r.edition{more}"
    return f"""
        select {by}, count(*) filter (where r.record_as = 'crime' and r.certainty = 'required') as required
        from {required} as r join {incidents} as i on i.incident_id = r.incident_id
        group by {by}"""


def asked_of(tables: Mapping[str, Relation]) -> Relation:
    """The counts of an audit's tables, made here where they are not among them."""
    if ASKED.name in tables:
        return tables[ASKED.name]
    engine = tables["incidents"].engine
    required, incidents = (tables[name].name for name in COUNTED_FROM)
    engine.run([Step(ASKED.name, asked(required, incidents))])
    return Relation(engine, ASKED.name, ASKED)
