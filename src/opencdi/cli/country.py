"""``opencdi country DIR --exports FOLDER``: every force of a country, audited side by side."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.audit import check_size
from opencdi.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from opencdi.nightly.costs import Cost
    from opencdi.nightly.country import Done, ForceExports, Work
    from opencdi.report.summary import Summary

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The country's folder; made if it is not there")]
Exports = Annotated[
    Path,
    typer.Option("--exports", metavar="FOLDER", help="Holds incidents/force=NAME/* and crimes/force=NAME/*"),
]
Name = Annotated[str, typer.Option("--name", help="Name of the country")]
Workers = Annotated[int, typer.Option(min=1, help="Forces worked on at a time; the cores are shared out")]
Memory = Annotated[
    str,
    typer.Option(
        "--memory", metavar="SIZE", help="Memory each engine may use, such as 4GB; it spills beyond"
    ),
]
Leads = Annotated[int, typer.Option(min=1, help="Leads of the national worklist, the gravest first")]
UpTo = Annotated[str, typer.Option("--to", metavar="STEP", help="Stop after this step")]


def country(
    folder: Folder,
    exports: Exports,
    name: Name = "England and Wales",
    workers: Workers = 2,
    memory: Memory = "4GB",
    to: UpTo = "report",
    leads: Leads = 100_000,
) -> None:
    """Audit every force of a country, each in a folder of its own, add up what was found, and rank the leads.

    A force's folder is an audit like any other, and is brought up to date like any other. A force that
    cannot be audited is named, and holds no other up.
    """
    from rich.console import Console

    from opencdi.cli.pipeline import steps_up_to
    from opencdi.engine.lean import arrow_without_pandas
    from opencdi.nightly.country import Work, forces_in, not_audited_now
    from opencdi.storage import one_run

    steps_up_to(to)
    check_size(memory)
    arrow_without_pandas()
    forces = forces_in(exports)
    at_a_time = min(workers, len(forces))
    threads = max(1, (os.cpu_count() or 1) // at_a_time)
    work = Work("opencdi.cli.force_work:main", to, at_a_time, memory, threads)
    (folder / "report").mkdir(parents=True, exist_ok=True)
    with one_run(folder):
        audited = _audited(folder, forces, work)
        costs = [(force, cost) for force, done in sorted(audited.items()) for cost in done.costs]
        not_now = not_audited_now(folder, audited)
        if to == "report":
            costs += [("", cost) for cost in _reported(folder, name, memory, leads, not_now)]
        _write_costs(folder / "report" / "costs.csv", costs)
    console = Console()
    for sentence in _said(audited, not_now, exports):
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)
    if to == "report":
        console.print(f"Report: {folder / 'report' / 'index.html'}", soft_wrap=True, markup=False)
    problems = {force: done.problem for force, done in audited.items() if done.problem is not None}
    if problems:
        told = "\n".join(f"  {force}: {problem}" for force, problem in sorted(problems.items()))
        raise UserError(f"{len(problems)} of {len(forces)} forces could not be audited:\n{told}")


def _audited(folder: Path, forces: Sequence[ForceExports], work: Work) -> dict[str, Done]:
    """Every force brought up to date, with a bar of those that are done."""
    from rich.progress import Progress

    from opencdi.nightly.country import side_by_side

    audited: dict[str, Done] = {}
    with Progress(transient=True) as bar:
        task = bar.add_task("Forces", total=len(forces))
        for done in side_by_side(folder, forces, work):
            bar.advance(task)
            audited[done.force] = done
    return audited


def _reported(folder: Path, name: str, memory: str, leads: int, not_now: Collection[str]) -> list[Cost]:
    """The country's page, figures and worklist are written; what adding up and ranking cost."""
    from opencdi.nightly.costs import measured

    found: dict[str, Summary] = {}
    costs = [measured("add up", lambda: found.update(_added_up(folder, name, not_now)))]
    if found:
        costs.append(measured("rank", lambda: _write_worklist(folder, name, memory, leads)))
    return costs


def _said(audited: Mapping[str, Done], not_now: Collection[str], exports: Path) -> Iterator[str]:
    """How many forces were audited, what is to be said of each, and whose exports are gone."""
    for force, done in sorted(audited.items()):
        for remark in done.remarks:
            yield f"{force}: {remark}"
    for force in not_now:
        if force not in audited:
            yield f"{force} has no exports in {exports} any more. Its figures are those of an earlier audit."
    done_now = sum(force not in not_now for force in audited)
    yield f"{done_now} of {len(audited)} forces audited."


def _added_up(folder: Path, name: str, not_now: Collection[str]) -> dict[str, Summary]:
    """Each force's summary; the country's page and ``forces.csv`` are written from them."""
    from opencdi.nightly.country import summaries
    from opencdi.report.country import write_country

    found = summaries(folder)
    write_country(folder / "report", name, found, not_now)
    return found


def _write_worklist(folder: Path, name: str, memory: str, most: int) -> None:
    """``worklist.xlsx`` beside the country's page: the gravest leads of all forces."""
    from contextlib import closing

    from opencdi.engine import started
    from opencdi.nightly.national import gravest_leads
    from opencdi.report.worklist import write_worklist

    with closing(started("duckdb", memory, None, folder / ".scratch")) as engine:
        found = gravest_leads(engine, folder, most)
        last = engine.rows(f"select max(reported_at) as last from {found.name} as leads")[0]["last"]
        write_worklist(folder / "report" / "worklist.xlsx", found, name, last)


def _write_costs(path: Path, costs: Sequence[tuple[str, Cost]]) -> None:
    """``costs.csv``: what each step of each force cost in this run; of the country as a whole, no force."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["force", "step", "seconds", "processor_seconds", "peak_bytes"])
        for force, cost in costs:
            writer.writerow([force, cost.step, cost.seconds, cost.processor_seconds, cost.peak_bytes])
