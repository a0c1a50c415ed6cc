"""``opencdi status DIR``: what is done, stale or missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]


def status(folder: AuditFolder) -> None:
    """Show which steps of an audit are done, stale or missing."""
    from opencdi.cli.pipeline import PIPELINE
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    for step in PIPELINE:
        state = workspace.state(step)
        rows = ", ".join(f"{count:,} {name}" for name, count in state.rows.items())
        typer.echo(f"{step.name:<12} {state.state:<8} {rows}")
