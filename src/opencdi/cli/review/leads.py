"""``opencdi review leads DIR``: the findings of the nightly audit onto the registrar's desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def leads(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")], demo: DemoFolder = None
) -> None:
    """Take in what the last audit found: new leads, and what is no longer found. Run it after each night."""
    open_room(demo)
    from opencdi.review.desk.leads import nightly_rows, take_in
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    with workspace.desk() as engine:
        rows = nightly_rows(workspace.opened(engine, ["findings", "incidents"]))
    taken = take_in(workspace.audit.force, rows)
    typer.echo(f"New leads: {taken.new:,}. Still there: {taken.still:,}. No longer found: {taken.gone:,}.")
