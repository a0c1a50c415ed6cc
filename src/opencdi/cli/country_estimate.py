"""``opencdi country-estimate DIR``: rates of a country, from the workbooks its forces' readers filled in."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.estimate import Grade, Recorded
from opencdi.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opencdi.bundle.files import Bundle
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

    An incident without a verdict counts as not yet read. Where a force's workbook is not there, the verdicts
    that were taken in of it before stand.
    """
    from rich.console import Console

    from opencdi.bundle.estimate import estimated, take_in
    from opencdi.bundle.files import Bundle
    from opencdi.bundle.sample_file import read_sample
    from opencdi.cli.estimate import graded, shown
    from opencdi.nightly.national import by_force

    bundle = Bundle(folder / "sample")
    drawn = by_force(read_sample(bundle).incident_id)
    returned = {force: _workbook(folder, verdicts, force) for force in drawn}
    if not any(path.exists() for path in returned.values()):
        raise UserError(
            f"No workbook has come back: there is no {next(iter(returned.values()))}. Put them there, "
            "or name the folder that holds FORCE.xlsx of each force with --verdicts."
        )
    away = {
        force: _taken_in_before(bundle, force, drawn[force])
        for force, path in returned.items()
        if not path.exists()
    }
    come = (_verdicts_of(force, path, drawn[force]) for force, path in returned.items() if path.exists())
    take_in(bundle, [*chain.from_iterable(come), *chain.from_iterable(away.values())])
    console = Console()
    for sentence in (*_without(returned, away, drawn), *_unread(verdicts, returned)):
        console.print(sentence, soft_wrap=True, markup=False, highlight=False)
    rows = estimated(bundle, recorded)
    console.print(shown(rows))
    console.print(f"Rates: {bundle.rates}", soft_wrap=True)
    if grade is not None:
        console.print(graded(rows, grade), soft_wrap=True)


def _workbook(folder: Path, verdicts: Path | None, force: str) -> Path:
    """Where a force's verdicts lie, or would lie. Raises ``UserError`` where they lie there twice."""
    if verdicts is None:
        return folder / "forces" / force / "report" / "national-sample.xlsx"
    as_workbook, as_csv = verdicts / f"{force}.xlsx", verdicts / f"{force}.csv"
    if as_workbook.exists() and as_csv.exists():
        raise UserError(
            f"{verdicts} holds both {as_workbook.name} and {as_csv.name}, and nothing says which of them "
            "counts. Take one away."
        )
    return as_csv if as_csv.exists() else as_workbook


def _verdicts_of(force: str, path: Path, drawn: Sequence[str]) -> list[Verdict]:
    """One force's verdicts, their incidents named ``FORCE/NUMBER`` as in the sample."""
    from dataclasses import replace

    from opencdi.bundle.verdict_file import read_verdicts
    from opencdi.nightly.national import mark

    return [
        replace(verdict, incident_id=mark(force) + verdict.incident_id)
        for verdict in read_verdicts(path, frozenset(drawn))
    ]


def _taken_in_before(bundle: Bundle, force: str, drawn: Sequence[str]) -> list[Verdict]:
    """The verdicts of a force that an earlier estimate took in, of incidents that are still drawn."""
    from opencdi.bundle.verdict_file import read_verdicts
    from opencdi.nightly.national import mark

    if not bundle.verdicts.exists():
        return []
    still = {mark(force) + number for number in drawn}
    return [each for each in read_verdicts(bundle.verdicts, still) if each.incident_id in still]


def _without(
    returned: Mapping[str, Path],
    away: Mapping[str, Sequence[Verdict]],
    drawn: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Whose workbook is not there, and what counts instead."""
    for force, before in away.items():
        read = len({verdict.incident_id for verdict in before})
        stand = f"the verdicts on {read:,} of its {len(drawn[force]):,} incidents taken in before stand"
        none = f"its {len(drawn[force]):,} incidents count as not yet read"
        yield f"{force}: {stand if read else none}, since there is no {returned[force]}."


def _unread(verdicts: Path | None, returned: Mapping[str, Path]) -> Iterator[str]:
    """Which files bear the name of no force; the marks of workbooks that are open are passed over."""
    if verdicts is None:
        return
    read = set(returned.values())
    for path in sorted(verdicts.iterdir()):
        is_file_of_verdicts = path.suffix.lower() in (".xlsx", ".csv") and not path.name.startswith(
            ("~$", ".")
        )
        if is_file_of_verdicts and path not in read:
            yield (
                f"{path}: not read, since no force with drawn incidents is called `{path.stem}`. Call it "
                "FORCE.xlsx, as the force's folder is called."
            )
