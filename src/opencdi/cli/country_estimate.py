"""``opencdi country-estimate DIR``: rates of a country, from the workbooks its forces' readers filled in."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from opencdi.cli.estimate import Grade, Recorded


def country_estimate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The country's folder")],
    verdicts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Holds FORCE.xlsx or FORCE.csv of each force; without it, the workbooks as they lie in the "
            "forces' reports",
        ),
    ] = None,
    recorded: Recorded = None,
    grade: Grade = None,
) -> None:
    """Estimate the country's recording rates from the national sample, with intervals, and write the table.

    An incident without a verdict counts as not yet read. Where a force's workbook is not there or holds no
    verdict, those that were taken in of it before stand.
    """
    from rich.console import Console

    from opencdi.bundle.estimate import estimated, take_in
    from opencdi.bundle.files import Bundle
    from opencdi.cli.estimate import graded, shown
    from opencdi.cli.returned import returned, under_another_name
    from opencdi.storage import one_run

    bundle = Bundle(folder / "sample")
    console = Console()
    with one_run(folder):
        found = returned(folder, bundle, verdicts)
        take_in(bundle, [verdict for force in found for verdict in force.counted])
        of_forces = (force.said for force in found if force.said)
        for sentence in chain(of_forces, under_another_name(verdicts, found) if verdicts else ()):
            console.print(sentence, soft_wrap=True, markup=False, highlight=False)
        rows = estimated(bundle, recorded)
    console.print(shown(rows))
    console.print(f"Rates: {bundle.rates}", soft_wrap=True, markup=False)
    if grade is not None:
        console.print(graded(rows, grade), soft_wrap=True)
