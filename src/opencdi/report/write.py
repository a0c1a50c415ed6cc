"""The report of one audit: ``index.html``, the pages behind its figures, and the worklist."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from markupsafe import Markup

from opencdi import __version__
from opencdi.counting import classification
from opencdi.report import drill, figures
from opencdi.report.asked import ASKED, asked_of
from opencdi.report.drill import Figure, Key, Lead, Limits
from opencdi.report.figures import Reach
from opencdi.report.index import index_values
from opencdi.report.kept_pages import KeptPages
from opencdi.report.leads import ALL, ANY, DIMENSIONS, Leads, broken_down_of
from opencdi.report.pages import filled, write_page
from opencdi.report.pieces import BLOCKS, Pieces
from opencdi.report.record import Record, mark_crimes, records
from opencdi.report.rules import applied
from opencdi.report.sources import AllOfTables, Sources
from opencdi.report.summary import LEADS_NOT_RATES, Summary, Tables
from opencdi.report.words import KINDS, label
from opencdi.report.worklist import write_worklist
from opencdi.settings import Audit

REPORT_TABLES = (
    "incidents",
    "crimes",
    "rejects",
    "reconciliation",
    "links",
    "disclosed_offences",
    "required_crimes",
    "offence_decisions",
    "matches",
    "findings",
)
"""Tables the report reads."""


def write(
    folder: Path,
    audit: Audit,
    tables: Tables,
    limits: Limits | None = None,
    beside: Mapping[str, str] | None = None,
    kept_pages: KeptPages | None = None,
    sources: Sources | None = None,
    kept_pieces: Pieces | None = None,
    reach: Reach | None = None,
) -> Summary:
    """Write the report of an audit into an existing, empty folder; give its figures.

    ``beside`` names documents that will stand beside it, by their file; ``kept_pages`` knows the pages of the
    report before, of which those that still stand are left out; ``sources`` tells what pages rest on,
    ``kept_pieces`` holds rows of the worklist, and ``reach`` is that of the tables, if it is known.

    ``tables`` holds the relations named in ``REPORT_TABLES``, all of one engine, and those of ``asked``,
    ``leads_broken_down`` and ``lead_blocks`` that are kept. The same tables and settings give the same bytes.
    The folder holds narratives: it is as sensitive as the exports.
    """
    kept = limits or Limits()
    made = kept_pages or KeptPages()
    engine = tables["findings"].engine
    tables = {**tables, ASKED.name: asked_of(tables)}
    leads = Leads.of(broken_down_of(tables))
    cells = {dimension: leads.cells(dimension, kept.leads_a_figure) for dimension in (ALL, *DIMENSIONS)}
    every = list(chain.from_iterable(cells.values()))
    kinds = figures.kinds(cells[ALL])
    crossed = {dimension: figures.cross_table(dimension, cells[dimension]) for dimension in DIMENSIONS}
    counted = drill.figures(kinds, crossed)
    shown = drill.leads_shown(every, leads, kept)
    pages = drill.pages_of(every, leads, shown)
    reach = reach or figures.reach(tables)
    common = {
        "force": audit.force,
        "reach": reach,
        "leads_not_rates": LEADS_NOT_RATES,
        "version": __version__,
        "label": label,
        "class_titles": {code: each.title for code, each in classification.load().classes.items()},
    }
    values = index_values(tables, crossed, kept)
    write_page(
        folder / "index.html",
        "index.html.jinja",
        **common,
        **values,
        kinds=kinds,
        figures=counted,
        shown=shown,
        record_pages=len(pages),
        beside=beside or {},
    )
    listed = drill.listed(tables["findings"], counted.keys(), cells, leads, shown)
    _write_lead_pages(folder, common, counted, listed, pages, made)
    mark_crimes(engine, tables, pages)
    record = partial(records, engine, log_characters=kept.log_characters)
    _write_record_pages(folder, common, sources or AllOfTables(tables), record, pages, made)
    write_worklist(
        folder / "worklist.xlsx",
        tables["findings"],
        audit.force,
        reach.last,
        kept_pieces,
        tables.get(BLOCKS.name),
    )
    found_in_all: Summary = values["summary"]
    return found_in_all


def _write_lead_pages(
    folder: Path,
    common: Mapping[str, Any],
    counted: Mapping[Key, Figure],
    listed: Mapping[Key, Sequence[Lead]],
    pages: Mapping[str, str],
    kept: KeptPages,
) -> None:
    about = (common["force"], common["reach"].editions)
    told: dict[str, Markup] = {}

    def tell(lead: Lead) -> Markup:
        """A lead as it stands on a page; it stands on many."""
        finding = lead["finding_id"]
        if finding not in told:
            told[finding] = Markup(filled("lead.html.jinja", lead=lead, page=pages[lead["subject"]]))
        return told[finding]

    def made(figure: Figure) -> str:
        leads = [tell(lead) for lead in listed[figure.key]]
        return filled("leads.html.jinja", **common, heading=_heading(figure.key), figure=figure, leads=leads)

    for key, figure in counted.items():
        kept.write(folder, figure.page, (about, figure, listed[key]), partial(made, figure))


def _heading(key: Key) -> str:
    dimension, value, kind = key
    what = "All kinds of lead" if kind == ANY else KINDS[kind].heading
    return what if dimension == "all" else f"{what}: {label(dimension, value)}"


def _write_record_pages(
    folder: Path,
    common: Mapping[str, Any],
    sources: Sources,
    record_of: Callable[..., Mapping[str, Record]],
    pages: Mapping[str, str],
    kept: KeptPages,
) -> None:
    about = (common["force"], common["reach"].editions)
    rest_on = {subject: f"{about} {digest}" for subject, digest in sources.rest_on().items()}

    def made(record: Record) -> str:
        return filled("record.html.jinja", **common, record=record, applied=applied)

    changed = [subject for subject, page in pages.items() if not kept.leave(page, rest_on.get(subject))]
    found = record_of(tables=sources.holding(changed), subjects=changed)
    for subject in changed:
        says, make = (about, found[subject]), partial(made, found[subject])
        kept.write(folder, pages[subject], says, make, rest_on.get(subject))
