"""``opencdi country-estimate DIR``: rates of a country, from the workbooks its forces' readers filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.estimate import Grade, Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opencdi.estimation.verdicts import Verdict


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

    An incident without a verdict, and a force without a workbook, count as not yet read.
    """
    from rich.console import Console

    from opencdi.bundle.estimate import estimated, take_in
    from opencdi.bundle.files import Bundle
    from opencdi.bundle.sample_file import read_sample
    from opencdi.cli.estimate import graded, shown
    from opencdi.errors import UserError
    from opencdi.nightly.national import by_force

    bundle = Bundle(folder / "sample")
    drawn = by_force(read_sample(bundle).incident_id)
    returned = {force: _workbook(folder, verdicts, force) for force in drawn}
    if not any(path.exists() for path in returned.values()):
        raise UserError(
            f"No workbook has come back: there is no {next(iter(returned.values()))}. Put them there, "
            "or name the folder that holds FORCE.xlsx of each force with --verdicts."
        )
    judged = [
        verdict
        for force, path in returned.items()
        if path.exists()
        for verdict in _verdicts_of(force, path, drawn[force])
    ]
    take_in(bundle, judged)
    console = Console()
    for sentence in _said(returned, drawn):
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)
    rows = estimated(bundle, recorded)
    console.print(shown(rows))
    console.print(f"Rates: {bundle.rates}", soft_wrap=True)
    if grade is not None:
        console.print(graded(rows, grade), soft_wrap=True)


def _workbook(folder: Path, verdicts: Path | None, force: str) -> Path:
    """Where a force's verdicts lie, or would lie."""
    if verdicts is None:
        return folder / "forces" / force / "report" / "national-sample.xlsx"
    as_csv = verdicts / f"{force}.csv"
    return as_csv if as_csv.exists() else verdicts / f"{force}.xlsx"


def _verdicts_of(force: str, path: Path, drawn: Sequence[str]) -> list[Verdict]:
    """One force's verdicts, their incidents named ``FORCE/NUMBER`` as in the sample."""
    from dataclasses import replace

    from opencdi.bundle.verdict_file import read_verdicts
    from opencdi.nightly.national import mark

    return [
        replace(verdict, incident_id=mark(force) + verdict.incident_id)
        for verdict in read_verdicts(path, frozenset(drawn))
    ]


def _said(returned: Mapping[str, Path], drawn: Mapping[str, Sequence[str]]) -> list[str]:
    """What has not come back."""
    return [
        f"{force}: its {len(drawn[force]):,} incidents count as not yet read, since there is no {path}."
        for force, path in returned.items()
        if not path.exists()
    ]
