"""A few incidents as a relation, so that an engine picks them out of many."""

from __future__ import annotations

from collections.abc import Iterable

from opencdi.engine import Engine, Relation, batch_of
from opencdi.schema import Column, Table

CHOSEN = Table(
    "chosen", "one chosen incident", ("incident_id",), (Column("incident_id", "text", "The incident"),)
)


def chosen(engine: Engine, incidents: Iterable[str]) -> Relation:
    """The given incidents, each once."""
    rows = [{"incident_id": incident} for incident in sorted(set(incidents))]
    return engine.from_batches(CHOSEN, [batch_of(CHOSEN, rows)])
