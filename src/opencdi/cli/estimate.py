"""``opencdi estimate DIR``: rates with intervals from the sample and its verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from opencdi.estimation.rates import RateRow

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
Recorded = Annotated[
    Path | None, typer.Option(help="CSV of crimes recorded in a year: dimension, group_name, recorded")
]
Grade = Annotated[
    str | None, typer.Option(metavar="RULES", help="Say what the rate alone says by dated grade rules")
]


def estimate(
    folder: AuditFolder,
    verdicts: Annotated[
        Path | None,
        typer.Option(help="Verdicts as .csv or .xlsx; DIR/sample/verdicts.csv where not given"),
    ] = None,
    recorded: Recorded = None,
    grade: Grade = None,
) -> None:
    """Estimate recording rates, with intervals, for all crimes and every group, and write the table."""
    from rich.console import Console

    from opencdi import schema
    from opencdi.bundle.estimate import estimate_bundle
    from opencdi.bundle.files import Bundle
    from opencdi.engine import batch_of
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    bundle = Bundle(folder / "sample")
    console = Console()
    with workspace.locked(), console.status("Estimating"):
        rows = estimate_bundle(bundle, verdicts, recorded)
        with workspace.desk() as engine:
            batch = batch_of(schema.RATES, [row.to_dict() for row in rows])
            workspace.tables.mkdir(exist_ok=True)
            engine.from_batches(schema.RATES, [batch]).write_whole(workspace.table("rates"))
    console.print(shown(rows))
    console.print(f"Rates: {bundle.rates}", soft_wrap=True, markup=False)
    if grade is not None:
        console.print(graded(rows, grade), soft_wrap=True)


def graded(rows: Sequence[RateRow], rules_name: str) -> str:
    """What the all-crimes rate says by the rules, and what else the grade needs."""
    from opencdi.bundle.grading import read_grade_rules
    from opencdi.estimation.grades import towards_grade
    from opencdi.estimation.interval import Interval

    rules = read_grade_rules(rules_name)
    row = next(each for each in rows if each.measure == rules.measure and each.dimension == "all")
    if row.estimate is None or row.lower is None or row.upper is None:
        return f"No grade can be spoken of: {row.note}"
    return str(towards_grade(rules, row.estimate, Interval(row.lower, row.upper, row.method or "")))


def shown(rows: Sequence[RateRow]) -> Table:
    """The rates a person looks at first: shares with their interval, counts and the official-style one."""
    from rich.table import Table

    table = Table("Measure", "Group", "Estimate", "95 % interval", "Read", "Official-style", "Note")
    for row in rows:
        percent = row.unit == "share"
        table.add_row(
            row.measure.replace("_", " "),
            row.group_name,
            _figure(row.estimate, percent),
            f"{_figure(row.lower, percent)} to {_figure(row.upper, percent)}",
            f"{row.numerator:,} of {row.denominator:,}"
            if row.numerator is not None and row.denominator is not None
            else "",
            f"{_figure(row.official_lower, percent)} to {_figure(row.official_upper, percent)}"
            if row.official_lower is not None
            else "",
            row.note or (f"worst case {_figure(row.worst_lower, percent)}" if row.open_cases else ""),
        )
    return table


def _figure(value: float | None, percent: bool) -> str:
    if value is None:
        return "none"
    if percent:
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if abs(value) > 5 else f"{value:.3f}"
