"""``opencdi study``: simulate, and show how far the intervals and tests can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from opencdi.cli.help import command_group
from opencdi.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from opencdi.estimation.study.coverage import Cell, CellResult
    from opencdi.estimation.study.headline import Headline

Given = TypeVar("Given")
Found = TypeVar("Found")

app = command_group("Simulate: how far can the intervals and tests be trusted?")

Seed = Annotated[int, typer.Option(help="Seed of the simulation; the same seed gives the same figures")]
Processes = Annotated[int, typer.Option(min=1, help="Processes to use")]


@app.command()
def coverage(
    grid: Annotated[str, typer.Option(help="small or full")] = "small",
    write: Annotated[
        Path | None, typer.Option(metavar="DOCS", help="Write the dated page and map into this folder")
    ] = None,
    replicates: Annotated[int, typer.Option(min=40, help="Draws a cell")] = 1000,
    seed: Seed = 2026,
    processes: Processes = 2,
) -> None:
    """Coverage of every interval over the grid; exit code 1 where the offered one fails anywhere."""
    from rich.console import Console
    from rich.progress import track

    from opencdi.estimation.study.grid import FLOOR, SMALL_TOLERANCE
    from opencdi.estimation.study.grid import grid as cells_of

    if grid not in ("small", "full"):
        raise UserError(f"There is no grid `{grid}`. Use --grid small or --grid full.")
    cells = cells_of("small" if grid == "small" else "full")
    console = Console()
    results = list(
        track(_each_cell(cells, replicates, seed, processes), "Simulating", len(cells), console=console)
    )
    floor = FLOOR - (SMALL_TOLERANCE if grid == "small" else 0.0)
    failing = [result for result in results if result.of("offered").covered < floor]
    lowest = min(results, key=lambda result: result.of("offered").covered)
    shown = lowest.of("offered")
    console.print(f"Cells: {len(results)}; below {100 * floor:g} %: {len(failing)}")
    console.print(
        f"Lowest: {100 * shown.covered:.1f} ± {100 * shown.standard_error:.1f} % ({lowest.cell.name})"
    )
    if write is not None:
        command = f"opencdi study coverage --grid {grid} --replicates {replicates} --seed {seed} --write docs"
        _write(write, results, replicates, seed, processes, command)
        console.print(f"Written: {write / 'coverage.md'}", soft_wrap=True, markup=False)
    for result in failing:
        console.print(f"Below: {100 * result.of('offered').covered:.1f} % ({result.cell.name})")
    if failing:
        raise typer.Exit(1)


@app.command()
def headline(
    repeats: Annotated[int, typer.Option(min=2, help="Repeats, for the error bar")] = 6,
    seed: Seed = 2026,
    processes: Processes = 2,
) -> None:
    """Readings needed with the score, as a ratio to a simple random sample, with error bars."""
    from rich.console import Console
    from rich.progress import track

    console = Console()
    found = list(track(_headlines(repeats, seed, processes), "Solving", 12, console=console))
    for each in found:
        crimes = "several crimes an incident" if each.clustered else "one crime an incident"
        console.print(
            f"{100 * each.target.rate:g} % ± {100 * each.target.half_width:g}, {crimes}, {each.design}: "
            f"{each.readings:,.0f} of {each.simple_readings:,.0f} = {each.ratio:.3f} ± "
            f"{each.standard_error:.3f} (at most {each.target.at_most}); "
            f"coverage {100 * each.coverage:.1f} ± "
            f"{100 * each.coverage_error:.1f} %; law {each.law:.2f}"
        )


def _each_cell(cells: list[Cell], replicates: int, seed: int, processes: int) -> Iterator[CellResult]:
    from functools import partial

    from opencdi.estimation.study.grid import study_cell

    yield from _in_processes(partial(study_cell, replicates=replicates, seed=seed), cells, processes)


def _headlines(repeats: int, seed: int, processes: int) -> Iterator[Headline]:
    from functools import partial

    from opencdi.estimation.study.headline import headline_cells, headline_of

    yield from _in_processes(partial(headline_of, repeats=repeats, seed=seed), headline_cells(), processes)


def _in_processes(work: Callable[[Given], Found], items: Iterable[Given], processes: int) -> Iterator[Found]:
    from concurrent.futures import ProcessPoolExecutor

    if processes == 1:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(work, items)


def _write(
    folder: Path, results: list[CellResult], replicates: int, seed: int, processes: int, command: str
) -> None:
    import csv
    from datetime import date

    from opencdi.estimation.study.levels import all_levels
    from opencdi.estimation.study.reviewing import PLANS, review
    from opencdi.report.coverage import coverage_map, page, rows_of
    from opencdi.workspace import write_whole

    rows = rows_of(results)
    beside = folder / "coverage"
    beside.mkdir(parents=True, exist_ok=True)
    with (beside / "coverage.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_whole(beside / "map.svg", coverage_map(rows))
    reviewers = [each for plan in PLANS for each in review(plan, 4 * replicates, seed)]
    headlines = list(_headlines(6, seed, processes))
    text = page(rows, headlines, all_levels(replicates, seed), reviewers, date.today(), command)
    write_whole(folder / "coverage.md", text)
