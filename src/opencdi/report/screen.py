"""The summary as a table for the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table

from opencdi.report.summary import LEADS_NOT_RATES, GroupLine, Summary


def on_screen(summary: Summary) -> Group:
    """What ``opencdi audit`` prints at its end."""
    return Group(
        f"Rows in {summary.rows_in:,} = accepted {summary.accepted:,} + rejected {summary.rejected:,} "
        f"+ skipped {summary.skipped:,}{_superseded(summary)}. "
        f"Incidents {summary.incidents:,}, crime records {summary.crimes:,}.",
        Padding(_groups(summary), (1, 0)),
        LEADS_NOT_RATES,
    )


def _superseded(summary: Summary) -> str:
    return f" + superseded {summary.superseded:,}" if summary.superseded else ""


HEADINGS = (
    "Offence group",
    "Dis-\nclosed",
    "Re-\nquired",
    "On\nrecord",
    "Missing",
    "Late",
    "Wrong\nclass",
    "Can-\ncelled",
    "Other",
)


def _groups(summary: Summary) -> Table:
    table = Table(
        title="Leads by offence group",
        title_justify="left",
        show_footer=True,
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    total = _cells(summary.total)
    table.add_column(HEADINGS[0], footer=total[0])
    for heading, footer in zip(HEADINGS[1:], total[1:], strict=True):
        table.add_column(heading, footer=footer, justify="right", no_wrap=True, vertical="bottom")
    for line in summary.groups:
        table.add_row(*_cells(line))
    return table


def _cells(line: GroupLine) -> list[str]:
    shown = ("late", "wrong_class", "wrongly_cancelled")
    other = sum(line.leads.values()) - line.missing - sum(line.leads.get(kind, 0) for kind in shown)
    counts = (line.disclosed, line.required, line.recorded, line.missing)
    return [
        line.offence_group,
        *(f"{count:,}" for count in counts),
        *(f"{line.leads.get(kind, 0):,}" for kind in shown),
        f"{other:,}",
    ]
