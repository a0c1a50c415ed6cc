"""``opencdi audit DIR``: from a force's exports to the report."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
Edition = Annotated[
    str | None, typer.Option("--edition", metavar="E", help="What if: count by this edition of the rules")
]


_MADE_BETWEEN_LOOKS = 20_000
"""Objects made before Python looks for lost ones: tables are Arrow's, and rows of Python's lose few."""


class EngineChoice(StrEnum):
    """Where tables are computed."""

    duckdb = "duckdb"
    spark = "spark"


UpTo = Annotated[str, typer.Option("--to", metavar="STEP", help="Stop after this step")]
Engine = Annotated[
    EngineChoice | None,
    typer.Option("--engine", help="Where tables are computed; without it as audit.toml says (duckdb)"),
]
Memory = Annotated[
    str | None,
    typer.Option("--memory", metavar="SIZE", help="Memory the engine may use, such as 4GB; it spills beyond"),
]


def audit(
    folder: AuditFolder,
    to: UpTo = "report",
    edition: Edition = None,
    engine: Engine = None,
    memory: Memory = None,
) -> None:
    """Bring an audit up to date: read, link, disclose, count, compare, report.

    Steps whose exports, settings and code have not changed are left as they are; of the others, the
    stretches of time whose records have not changed.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from opencdi import records, report
    from opencdi.cli.pipeline import steps_up_to
    from opencdi.cli.remarks import run_and_remark
    from opencdi.engine.lean import suit_arrow_to
    from opencdi.workspace import Workspace

    steps = steps_up_to(to)
    workspace = Workspace.open(folder)
    if edition is not None:
        workspace = _counted_by(workspace, edition)
    if engine is not None:
        workspace = _computed_by(workspace, engine)
    if memory is not None:
        workspace = _within(workspace, memory)
    suit_arrow_to(workspace.audit.resources.engine)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    shown = Progress(*columns, console=console, transient=True)
    with workspace.locked(), _lost_objects_looked_for_seldom(), shown as progress:
        if addresses := records.database_tables(workspace.audit):
            task = progress.add_task("fetching from the database", total=None)
            records.fetch(addresses, workspace.root)
            progress.remove_task(task)
        for number, step in enumerate(steps, start=1):
            task = progress.add_task(f"{number}/{len(steps)} {step.name}", total=None)
            gc.freeze()  # what earlier steps loaded stays: looking through it each time is slow
            remarks = run_and_remark(workspace, step)
            progress.remove_task(task)
            for remark in remarks:
                console.print(remark, soft_wrap=True, markup=False, highlight=False)
    if to == "report":
        said = workspace.notes("report")
        console.print(report.Summary.from_notes(said["summary"]))
        console.print("\n".join(said["morning"]))
        console.print(f"Morning list: {workspace.report / 'morning.html'}", soft_wrap=True, markup=False)
        console.print(f"Report: {workspace.report / 'index.html'}", soft_wrap=True, markup=False)
        console.print(f"Worklist: {workspace.report / 'worklist.xlsx'}", soft_wrap=True, markup=False)


@contextmanager
def _lost_objects_looked_for_seldom() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(_MADE_BETWEEN_LOOKS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _computed_by(workspace: Workspace, engine: EngineChoice) -> Workspace:
    from opencdi.workspace import Workspace

    resources = workspace.audit.resources.model_copy(update={"engine": engine.value})
    return Workspace(workspace.root, workspace.audit.model_copy(update={"resources": resources}))


def _counted_by(workspace: Workspace, edition: str) -> Workspace:
    """The same audit counted by one edition. Raises ``UserError`` for an edition that does not exist."""
    from opencdi.counting import editions
    from opencdi.settings import Counting
    from opencdi.workspace import Workspace

    editions.edition(edition)
    audit = workspace.audit.model_copy(update={"counting": Counting(edition=edition)})
    return Workspace(workspace.root, audit)


def _within(workspace: Workspace, memory: str) -> Workspace:
    """The same audit in less memory. Raises ``UserError`` where that is no size."""
    from opencdi.workspace import Workspace

    check_size(memory)
    resources = workspace.audit.resources.model_copy(update={"memory_limit": memory})
    return Workspace(workspace.root, workspace.audit.model_copy(update={"resources": resources}))


def check_size(memory: str) -> None:
    """Raises ``UserError`` where a text is no size of memory."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", memory):
        raise UserError(f"`{memory}` is no size of memory. Write it with its unit, such as 4GB or 900MB.")
