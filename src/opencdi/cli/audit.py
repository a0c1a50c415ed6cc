"""``opencdi audit DIR``: from a force's exports to the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
UpTo = Annotated[str, typer.Option("--to", metavar="STEP", help="Stop after this step")]


def audit(folder: AuditFolder, to: UpTo = "report") -> None:
    """Bring an audit up to date: read, link, disclose, count, compare, report.

    Steps whose exports, settings and code have not changed are left as they are.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from opencdi import report
    from opencdi.cli.pipeline import steps_up_to
    from opencdi.workspace import Workspace

    steps = steps_up_to(to)
    workspace = Workspace.open(folder)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with workspace.locked(), Progress(*columns, console=console, transient=True) as progress:
        for number, step in enumerate(steps, start=1):
            task = progress.add_task(f"{number}/{len(steps)} {step.name}", total=None)
            workspace.run(step)
            progress.remove_task(task)
        if to == "report":
            with workspace.engine() as engine:
                tables = workspace.opened(engine, report.SUMMARY_TABLES)
                console.print(report.summary(tables))
    if to == "report":
        console.print(f"Report: {workspace.report / 'index.html'}", soft_wrap=True)
        console.print(f"Worklist: {workspace.report / 'worklist.xlsx'}", soft_wrap=True)
