"""All leads, the most serious first, and which of them stand behind each figure.

A lead counts in many figures. Ranked once and held as numbers, its columns say in one pass each which leads
come first in every figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from opencdi.engine import Relation, arrow_schema
from opencdi.schema import Column, Table

ANY = "any"
"""Stands for every kind of finding."""


@dataclass(frozen=True)
class Dimension:
    """One way to break the leads down: a column of theirs and its heading."""

    slug: str
    heading: str
    column: str | None
    most: int | None = None
    """Show only so many lines, those with the most leads."""


ALL = Dimension("all", "All leads", None)
"""All of them together."""

DIMENSIONS = (
    Dimension("group", "Offence group", "offence_group"),
    Dimension("abuse", "Domestic abuse", "abuse"),
    Dimension("channel", "Channel", "channel"),
    Dimension("opening", "Opening group", "opening_group"),
    Dimension("code", "Opening code", "opening_code", most=20),
)

LEADS = Table(
    "leads_broken_down",
    "one lead, with what the report breaks leads down by",
    ("finding_id",),
    (
        Column("finding_id", "text", "The lead"),
        Column("subject", "text", "The record that its page shows"),
        Column("kind", "text", "Kind of finding"),
        Column("offence_group", "text", "Offence group"),
        Column("channel", "text", "How the report came"),
        Column("opening_group", "text", "Group of the opening code"),
        Column("opening_code", "text", "Opening code"),
        Column("abuse", "text", "Whether domestic abuse is disclosed"),
        Column("seriousness", "integer", "1 is the most serious"),
        Column("confidence", "number", "How sure the machine is"),
        Column("deadline_at", "instant", "When the crime was to be on record"),
    ),
)
BROKEN_DOWN_FROM = ("findings", "incidents")
"""The tables they are told from. A lead lies in the part of its incident, so each part tells its own."""
_MOST_SERIOUS_FIRST = [
    ("seriousness", "ascending"),
    ("confidence", "descending"),
    ("deadline_at", "ascending"),
    ("finding_id", "ascending"),
]


@dataclass(frozen=True)
class Cell:
    """The leads of one kind (or ``ANY``) and one value: how many, and the first by their rank from 0."""

    value: str
    kind: str
    leads: int
    first: tuple[int, ...]


class Leads:
    """The leads, which are known by their rank: 0 is the most serious."""

    def __init__(self, finding_ids: pa.StringArray, subjects: pa.StringArray, columns: Mapping[str, _Coded]):
        self._finding_ids = finding_ids
        self._subjects = subjects
        self._columns = columns

    @classmethod
    def of(cls, leads: Relation) -> Leads:
        """From the rows of ``LEADS``."""
        schema = arrow_schema(LEADS)
        batches = leads.engine.batches(f"select {', '.join(LEADS.names)} from {leads.name} as leads")
        read = pa.Table.from_batches([batch.cast(schema) for batch in batches], schema).combine_chunks()
        order = pc.sort_indices(read, _MOST_SERIOUS_FIRST)
        broken = ["kind", *(each.column for each in DIMENSIONS if each.column)]
        coded = {name: _coded(read.column(name), order.to_numpy()) for name in broken}
        finding_ids, subjects = (_one(read.column(name).take(order)) for name in ("finding_id", "subject"))
        return cls(finding_ids, subjects, coded)

    def finding_id(self, rank: int) -> str:
        return str(self._finding_ids[rank])

    def subject(self, rank: int) -> str:
        """The record that its page shows: ``i`` and an incident, or ``c`` and a crime without one."""
        return str(self._subjects[rank])

    def cells(self, dimension: Dimension, most: int) -> list[Cell]:
        """The leads of each value of a dimension, by kind and of any kind, with so many of the first."""
        kinds = self._columns["kind"]
        whole = _Coded(np.zeros(len(kinds.codes), np.int32), [ALL.slug])
        values = self._columns[dimension.column] if dimension.column else whole
        own_kind = [
            Cell(
                values.values[code // len(kinds.values)], kinds.values[code % len(kinds.values)], count, ranks
            )
            for code, count, ranks in _first(values.codes * len(kinds.values) + kinds.codes, most)
        ]
        any_kind = [
            Cell(values.values[code], ANY, count, ranks) for code, count, ranks in _first(values.codes, most)
        ]
        return own_kind + any_kind


@dataclass(frozen=True)
class _Coded:
    """A column as numbers: ``values`` says what each stands for."""

    codes: NDArray[np.int32]
    values: Sequence[str]


def _coded(column: pa.ChunkedArray, order: NDArray[np.uint64]) -> _Coded:
    encoded = _one(column).dictionary_encode()
    return _Coded(encoded.indices.to_numpy()[order], encoded.dictionary.to_pylist())


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _first(codes: NDArray[np.int32], most: int) -> list[tuple[int, int, tuple[int, ...]]]:
    """Every code with how often it stands in the list, and where the first times."""
    places = np.argsort(codes, kind="stable")
    found, starts, counts = np.unique(codes[places], return_index=True, return_counts=True)
    return [
        (code, count, tuple(places[start : start + min(count, most)].tolist()))
        for code, start, count in zip(found.tolist(), starts.tolist(), counts.tolist(), strict=True)
    ]


def broken_down_of(tables: Mapping[str, Relation]) -> Relation:
    """The leads of an audit's tables, told here where they are not among them."""
    if LEADS.name in tables:
        return tables[LEADS.name]
    findings, incidents = (tables[name] for name in BROKEN_DOWN_FROM)
    return Relation(findings.engine, f"({broken_down(findings.name, incidents.name)})", LEADS)


def broken_down(findings: str, incidents: str, more: str = "") -> str:
    """SQL for the leads; ``more`` names further columns of the findings (``f``)."""
    return f"""
        select f.finding_id, coalesce('i' || f.incident_id, 'c' || f.crime_id) as subject, f.kind,
               f.offence_group, coalesce(f.channel, 'unknown') as channel,
               coalesce(f.opening_group, 'unknown') as opening_group,
               coalesce(i.opening_code, '(none)') as opening_code,
               case when f.domestic_abuse then 'disclosed' else 'not_disclosed' end as abuse,
               f.seriousness, f.confidence, f.deadline_at{more}
        from {findings} as f
        left join (select incident_id, opening_code from {incidents}) as i
          on i.incident_id = f.incident_id"""
