"""Digests of a part's rows, so that a step knows whether what it uses has changed.

Where a row stands in an export is left out: an export in which other rows came or went changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from opencdi import schema
from opencdi.engine import Engine
from opencdi.parts import Placed

_ORIGIN = ("source_file", "source_line")
_NOT_LINKED_BY = {
    "incidents": (
        "channel",
        "caller_role",
        "opening_code",
        "closing_codes",
        "flags",
        "attended_at",
        "closed_at",
        "unit",
        "other_force",
        "auditable",
        "not_auditable_reason",
    ),
    "crimes": (
        "occurred_from",
        "occurred_to",
        "subcode",
        "offence_written",
        "status",
        "n100_code",
        "cancellation_code",
        "cancelled_at",
        "cancelled_by",
        "cancellation_reason",
        "victim_informed",
        "outcome_code",
        "outcome_at",
        "flags",
    ),
}
"""Columns that no link rests on."""

Digests = dict[str, dict[str, str]]
"""By the name of the part: the digest of its ``content``, and of what ``links`` rest on; of incidents and
crimes also the ``first`` and the ``last`` of their numbers in order."""


def content(contract: schema.Table) -> list[str]:
    """The columns that say something, in order."""
    return [name for name in contract.names if name not in _ORIGIN]


def linked_by(contract: schema.Table) -> list[str]:
    """The columns that links rest on."""
    left_out = _NOT_LINKED_BY.get(contract.name, ())
    return [name for name in content(contract) if name not in left_out]


def digests(placed: Placed) -> Digests:
    """Digests of each part of a placed relation, by the part's name.

    A row's content is told by what links rest on, which is digested once, and by all else that it says.
    """
    relation, dialect = placed.relation, placed.relation.engine.dialect
    linked = linked_by(relation.contract)
    other = [name for name in content(relation.contract) if name not in linked]
    columns = {"content": ["linked", *other], "links": ["linked"]}
    told = ["part", f"{dialect.digest_of_row(linked)} as linked", *other]
    sums = {name: dialect.digest_of_rows(names) for name, names in columns.items()}
    if len(relation.contract.key) == 1:
        told.append(f"{relation.contract.key[0]} as number")
        sums |= {"first": "min(number)", "last": "max(number)"}
    listed = ", ".join(f"{sql} as {name}" for name, sql in sums.items())
    source = f"(select {', '.join(told)} from {relation.name} as placed)"
    rows = relation.engine.rows(f"select part, {listed} from {source} as told group by part")
    return {placed.name(row["part"]): {name: str(row[name]) for name in sums} for row in rows}


def digest_by_part(engine: Engine, sql: str, part: str, columns: Sequence[str]) -> dict[int, str]:
    """Digests of some rows by the number of the part they matter to."""
    digest = engine.dialect.digest_of_rows(columns)
    rows = engine.rows(f"select {part} as part, {digest} as digest from ({sql}) as these group by part")
    return {int(row["part"]): str(row["digest"]) for row in rows}
