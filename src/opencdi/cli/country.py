"""``opencdi country DIR --exports FOLDER``: every force of a country, audited side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.nightly.country import ForceExports

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The country's folder; made if it is not there")]
Exports = Annotated[
    Path,
    typer.Option("--exports", metavar="FOLDER", help="Holds incidents/force=NAME/* and crimes/force=NAME/*"),
]
Name = Annotated[str, typer.Option("--name", help="Name of the country")]
Workers = Annotated[int, typer.Option(min=1, help="Forces worked on at a time")]
Memory = Annotated[
    str | None,
    typer.Option("--memory", metavar="SIZE", help="Memory each engine may use, such as 4GB"),
]
Leads = Annotated[int, typer.Option(min=1, help="Leads of the national worklist, the gravest first")]
UpTo = Annotated[str, typer.Option("--to", metavar="STEP", help="Stop after this step")]


def country(
    folder: Folder,
    exports: Exports,
    name: Name = "England and Wales",
    workers: Workers = 2,
    memory: Memory = None,
    to: UpTo = "report",
    leads: Leads = 100_000,
) -> None:
    """Audit every force of a country, each in a folder of its own, add up what was found, and rank the leads.

    A force's folder is an audit like any other, and is brought up to date like any other. A force that
    cannot be audited is named, and holds no other up.
    """
    from rich.console import Console
    from rich.progress import Progress

    from opencdi.nightly.country import forces_in, side_by_side, summaries
    from opencdi.report.country import write_country

    forces = forces_in(exports)

    def audited(force: ForceExports) -> str | None:
        return _audited(force, folder / "forces" / force.name, memory, to)

    problems: dict[str, str] = {}
    with Progress(transient=True) as bar:
        task = bar.add_task("Forces", total=len(forces))
        for done in side_by_side(forces, workers, audited):
            bar.advance(task)
            if done.problem is not None:
                problems[done.force] = done.problem
    console = Console()
    if to == "report":
        (folder / "report").mkdir(exist_ok=True)
        found = summaries(folder)
        write_country(folder / "report", name, found)
        if found:
            _write_worklist(folder, name, memory, leads)
        console.print(f"{len(found)} of {len(forces)} forces audited.")
        console.print(f"Report: {folder / 'report' / 'index.html'}", soft_wrap=True)
    if problems:
        told = "\n".join(f"  {force}: {problem}" for force, problem in sorted(problems.items()))
        raise UserError(f"{len(problems)} of {len(forces)} forces could not be audited:\n{told}")


def _write_worklist(folder: Path, name: str, memory: str | None, most: int) -> None:
    """``worklist.xlsx`` beside the country's page: the gravest leads of all forces."""
    from contextlib import closing

    from opencdi.engine import started
    from opencdi.nightly.national import gravest_leads
    from opencdi.report.worklist import write_worklist

    with closing(started("duckdb", memory, None, folder / ".scratch")) as engine:
        found = gravest_leads(engine, folder, most)
        last = engine.rows(f"select max(reported_at) as last from {found.name} as leads")[0]["last"]
        write_worklist(folder / "report" / "worklist.xlsx", found, name, last)


def _audited(force: ForceExports, folder: Path, memory: str | None, to: str) -> str | None:
    """Bring one force's audit up to date in a process of its own; its sentence where that fails."""
    files = [f"--incidents={path}" for path in force.incidents] + [
        f"--crimes={path}" for path in force.crimes
    ]
    if not (folder / "audit.toml").exists():
        problem = _run("init", str(folder), *files, f"--force={force.name}")
        if problem is not None:
            return problem
    return _run("audit", str(folder), f"--to={to}", *([f"--memory={memory}"] if memory else []))


def _run(*arguments: str) -> str | None:
    import subprocess
    import sys

    code = "from opencdi.cli import main; main()"
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    return finished.stderr.strip().removeprefix("Error: ") if finished.returncode else None
