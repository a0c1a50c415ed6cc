"""From a figure to the leads behind it, in a bounded number of pages.

Every figure of the leads tables has a page that lists its most serious leads; each of these has a page
that shows the whole record. How many leads a figure shows is the most that keeps the record pages within
the limit. Nothing is lost: every lead is in the worklist.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opencdi.engine import Relation, Step, sql_text
from opencdi.report.figures import Line
from opencdi.report.leads import ALL, ANY, Cell, Dimension, Leads


@dataclass(frozen=True)
class Limits:
    """How much the drill-down may hold."""

    leads_a_figure: int = 10
    record_pages: int = 1_200
    log_characters: int = 20_000
    strata: int = 15
    reject_reasons: int = 30


Key = tuple[str, str, str]
"""A figure: dimension, value and kind of finding."""

Lead = Mapping[str, Any]
"""A finding's columns and its subject."""

_SHOWN = (
    "finding_id",
    "incident_id",
    "crime_id",
    "kind",
    "offence_group",
    "seriousness",
    "confidence",
    "explanation",
    "settles",
    "reported_at",
    "deadline_at",
)


@dataclass(frozen=True)
class Figure:
    """A count of leads and the page that lists the first of them."""

    key: Key
    count: int
    page: str


def figures(kinds: Mapping[str, int], tables: Mapping[Dimension, Sequence[Line]]) -> dict[Key, Figure]:
    """Every figure above nought, with the name of its page (made of numbers and known words only)."""
    found = [
        Figure((ALL.slug, "all", kind), count, f"leads/all-{kind}.html")
        for kind, count in kinds.items()
        if count
    ]
    for dimension, lines in tables.items():
        for number, line in enumerate(lines, start=1):
            stem = f"leads/{dimension.slug}-{number:02d}"
            found.append(Figure((dimension.slug, line.value, ANY), line.total, f"{stem}.html"))
            found += [
                Figure((dimension.slug, line.value, kind), count, f"{stem}-{kind}.html")
                for kind, count in sorted(line.leads.items())
            ]
    return {figure.key: figure for figure in found}


def leads_shown(cells: Iterable[Cell], leads: Leads, limits: Limits) -> int:
    """The most leads a figure can show so that the record pages stay within the limit (at least one)."""
    new = Counter(_first_places(cells, leads).values())
    shown, pages = 1, new[1]
    for place in range(2, limits.leads_a_figure + 1):
        pages += new[place]
        if pages > limits.record_pages:
            break
        shown = place
    return shown


def _first_places(cells: Iterable[Cell], leads: Leads) -> dict[str, int]:
    """The first place, from 1, of each record in any figure."""
    found: dict[str, int] = {}
    for cell in cells:
        for place, rank in enumerate(cell.first, start=1):
            subject = leads.subject(rank)
            found[subject] = min(place, found.get(subject, place))
    return found


def pages_of(cells: Iterable[Cell], leads: Leads, shown: int) -> dict[str, str]:
    """Each record's page, by its subject, where every figure shows so many leads."""
    subjects = {leads.subject(rank) for cell in cells for rank in cell.first[:shown]}
    return {subject: _page(subject) for subject in sorted(subjects)}


def _page(subject: str) -> str:
    """The same from one report to the next; no record's number stands in it, which may hold anything."""
    folder = "incidents" if subject.startswith("i") else "crimes"
    return f"{folder}/{hashlib.sha256(subject.encode()).hexdigest()[:16]}.html"


def listed(
    findings: Relation,
    figures: Collection[Key],
    cells: Mapping[Dimension, Sequence[Cell]],
    leads: Leads,
    shown: int,
) -> dict[Key, list[Lead]]:
    """The leads that some figures show, in order, each with its finding's columns and its subject."""
    of_figure = {
        key: cell.first[:shown]
        for dimension, own in cells.items()
        for cell in own
        if (key := (dimension.slug, cell.value, cell.kind)) in figures
    }
    ranks = sorted({rank for first in of_figure.values() for rank in first})
    found = _findings(findings, [leads.finding_id(rank) for rank in ranks])
    by_rank = {rank: {**found[leads.finding_id(rank)], "subject": leads.subject(rank)} for rank in ranks}
    return {key: [by_rank[rank] for rank in first] for key, first in of_figure.items()}


def _findings(findings: Relation, finding_ids: Sequence[str]) -> dict[str, Lead]:
    if not finding_ids:
        return {}
    values = ", ".join(f"({sql_text(each)})" for each in finding_ids)
    listed = f"select finding_id from (values {values}) as listed(finding_id)"
    findings.engine.run([Step("report_listed", listed)])
    rows = findings.engine.rows(
        f"select {', '.join(_SHOWN)} from {findings.name} "
        "where finding_id in (select finding_id from report_listed)"
    )
    return {row["finding_id"]: row for row in rows}
