"""From a figure to the leads behind it, in a bounded number of pages.

Every figure of the leads tables has a page that lists its most serious leads; each of these has a page
that shows the whole record. How many leads a figure shows is the most that keeps the record pages within
the limit. Nothing is lost: every lead is in the worklist.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opencdi.engine import Engine, Step
from opencdi.report.figures import DIMENSIONS, Dimension, Line

ANY = "any"
"""Stands for every kind of finding."""


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

ALL = Dimension("all", "All leads", "'all'")


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


def rank_leads(engine: Engine, limits: Limits) -> None:
    """``report_ranked``: every lead in every figure that counts it, the most serious first."""
    cells = [
        f"select '{dimension.slug}' as dimension, {dimension.column} as value, {kind} as figure_kind, rank"
        for dimension in (ALL, *DIMENSIONS)
        for kind in ("kind", f"'{ANY}'")
    ]
    united = " union all ".join(f"{cell} from report_leads" for cell in cells)
    engine.run(
        [
            Step(
                "report_ranked",
                f"""
                select ranked.dimension, ranked.value, ranked.figure_kind, led.finding_id,
                       coalesce('i' || led.incident_id, 'c' || led.crime_id) as subject, ranked.place
                from (
                    select dimension, value, figure_kind, rank,
                           row_number() over (
                               partition by dimension, value, figure_kind order by rank) as place
                    from ({united}) as cells
                ) as ranked
                join report_leads as led on led.rank = ranked.rank
                where ranked.place <= {limits.leads_a_figure}
                """,
            )
        ]
    )


def leads_shown(engine: Engine, limits: Limits) -> int:
    """The most leads a figure can show so that the record pages stay within the limit (at least one)."""
    rows = engine.rows(
        """
        select place, count(*) as subjects
        from (select subject, min(place) as place from report_ranked group by subject) as first
        group by place order by place
        """
    )
    new = {int(row["place"]): int(row["subjects"]) for row in rows}
    shown, pages = 1, new.get(1, 0)
    for place in range(2, limits.leads_a_figure + 1):
        pages += new.get(place, 0)
        if pages > limits.record_pages:
            break
        shown = place
    return shown


def choose(engine: Engine, shown: int) -> dict[str, str]:
    """Keep the leads to be shown in ``report_chosen``; give each record's page by its subject."""
    engine.run([Step("report_chosen", f"select * from report_ranked where place <= {shown}")])
    rows = engine.rows("select distinct subject from report_chosen order by subject")
    return {row["subject"]: _page(row["subject"]) for row in rows}


def _page(subject: str) -> str:
    """The same from one report to the next; no record's number stands in it, which may hold anything."""
    folder = "incidents" if subject.startswith("i") else "crimes"
    return f"{folder}/{hashlib.sha256(subject.encode()).hexdigest()[:16]}.html"


def listed(engine: Engine, findings_name: str) -> dict[Key, list[Lead]]:
    """The leads shown by figure, in order, each with its finding's columns and its subject."""
    rows = engine.rows(
        f"""
        select c.dimension, c.value, c.figure_kind, c.place, c.subject, f.*
        from report_chosen as c
        join {findings_name} as f on f.finding_id = c.finding_id
        order by c.dimension, c.value, c.figure_kind, c.place
        """
    )
    by_figure: dict[Key, list[Lead]] = {}
    for row in rows:
        by_figure.setdefault((row["dimension"], row["value"], row["figure_kind"]), []).append(row)
    return by_figure
