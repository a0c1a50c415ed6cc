"""``opencdi simulate OUT``: a made-up force whose truth is known."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from opencdi.errors import UserError


class Style(StrEnum):
    A = "a"
    B = "b"


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"


def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; made if it is not there")],
    incidents: Annotated[int, typer.Option(min=1, help="How many incidents")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes")] = 1,
    force: Annotated[str, typer.Option(help="Name of the force")] = "Midshire",
    style: Annotated[Style, typer.Option(help="Layout, codes, shorthand and habits")] = Style.A,
    first_day: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period")
    ] = datetime(2025, 10, 1),
    days: Annotated[int, typer.Option(min=1, max=3660, help="Length of the period in days")] = 365,
    forces: Annotated[
        int, typer.Option(min=1, max=88, help="Share the incidents among so many forces, a partition each")
    ] = 1,
    file_format: Annotated[Format, typer.Option("--format", help="Format of the exports")] = Format.CSV,
) -> None:
    """Write what a force's two systems would export, and the truth in separate files."""
    from rich.progress import Progress

    from opencdi.simulation.country import forces_of
    from opencdi.simulation.force import simulate as write
    from opencdi.simulation.force import simulate_country
    from opencdi.simulation.settings import Force

    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file. Give the name of a folder to write into.")
    settings = Force(
        name=force,
        incidents=incidents,
        seed=seed,
        first_day=first_day.date(),
        days=days,
        style="b" if style is Style.B else "a",
    )
    as_parquet = file_format is Format.PARQUET
    with Progress(transient=True) as bar:
        task = bar.add_task("Making the force" if forces == 1 else "Making the forces", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        try:
            if forces == 1:
                made = write(settings, out, as_parquet=as_parquet, progress=progress)
            else:
                made = simulate_country(forces_of(settings, forces), out, as_parquet, progress)
        except OSError as error:
            raise UserError(
                f"{out} could not be written: {error.strerror or 'the disk refused'}. "
                "Make room, or give a folder you may write to, and run again."
            ) from None
    typer.echo(f"{made.incidents:,} incidents and {made.crimes:,} crimes in {out / 'exports'}")
    typer.echo(f"{made.required:,} records required; the truth is in {out / 'truth'}")
