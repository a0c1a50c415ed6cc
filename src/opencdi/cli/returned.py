"""What has come back of each force's part of a national sample, and which verdicts count.

A force's file may not be there this time, or hold nothing yet: the verdicts that were taken in before stand
then, so that no estimate made again forgets what was judged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opencdi.bundle.files import Bundle
from opencdi.bundle.sample_file import read_sample
from opencdi.bundle.verdict_file import read_verdicts
from opencdi.errors import UserError
from opencdi.estimation.verdicts import Verdict
from opencdi.nightly.national import by_force, mark


@dataclass(frozen=True)
class Returned:
    """One force's drawn incidents, the verdicts in its file and those taken in of it before.

    Incidents are named ``FORCE/NUMBER``, as in the sample.
    """

    force: str
    path: Path
    drawn: int
    judged: Sequence[Verdict]
    before: Sequence[Verdict]

    @property
    def counted(self) -> Sequence[Verdict]:
        """The verdicts of the file; where it has none, those taken in before."""
        return self.judged or self.before

    @property
    def said(self) -> str | None:
        """What whoever estimates must know: what has not come back, or is not there any more."""
        read_before, gone = _incidents(self.before), _incidents(self.before) - _incidents(self.judged)
        if self.judged:
            return (
                f"{self.force}: {self.path} has no verdict any more on {len(gone):,} of the incidents "
                "judged before. They count as not yet read."
                if gone
                else None
            )
        stand = f"verdicts taken in before stand, on {len(read_before):,} of {self.drawn:,} drawn incidents"
        none = f"none of its drawn incidents ({self.drawn:,}) has a verdict yet"
        why = f"{self.path} holds no verdict" if self.path.exists() else f"there is no {self.path}"
        return f"{self.force}: {stand if read_before else none}, since {why}."


def returned(country: Path, bundle: Bundle, verdicts: Path | None) -> list[Returned]:
    """What has come back of each force, from ``verdicts`` or else from the forces' own reports.

    Raises ``UserError`` where nothing has come back at all, or a file cannot be read.
    """
    sampled = read_sample(bundle).incident_id
    drawn = by_force(sampled)
    paths = {force: _path(country, verdicts, force) for force in drawn}
    if not any(path.exists() for path in paths.values()):
        raise UserError(
            f"No workbook has come back: there is no {next(iter(paths.values()))}. Put them there, "
            "or name the folder that holds FORCE.xlsx of each force with --verdicts."
        )
    before = _taken_in_before(bundle, frozenset(sampled))
    return [
        Returned(
            force=force,
            path=path,
            drawn=len(drawn[force]),
            judged=_in_file(force, path, drawn[force]) if path.exists() else (),
            before=[each for each in before if each.incident_id.startswith(mark(force))],
        )
        for force, path in paths.items()
    ]


def under_another_name(verdicts: Path, found: Sequence[Returned]) -> Iterator[str]:
    """Which files bear the name of no force; the marks of workbooks that are open are passed over."""
    read = {each.path for each in found}
    for path in sorted(verdicts.iterdir()):
        holds_verdicts = path.suffix.lower() in (".xlsx", ".csv") and not path.name.startswith(("~$", "."))
        if holds_verdicts and path not in read:
            yield (
                f"{path}: not read, since no force with drawn incidents is called `{path.stem}`. Call it "
                "FORCE.xlsx, as the force's folder is called."
            )


def _path(country: Path, verdicts: Path | None, force: str) -> Path:
    """Where a force's verdicts lie, or would lie. Raises ``UserError`` where they lie there twice."""
    if verdicts is None:
        return country / "forces" / force / "report" / "national-sample.xlsx"
    as_workbook, as_csv = verdicts / f"{force}.xlsx", verdicts / f"{force}.csv"
    if as_workbook.exists() and as_csv.exists():
        raise UserError(
            f"{verdicts} holds both {as_workbook.name} and {as_csv.name}, and nothing says which of them "
            "counts. Take one away."
        )
    return as_csv if as_csv.exists() else as_workbook


def _in_file(force: str, path: Path, drawn: Sequence[str]) -> list[Verdict]:
    return [
        replace(verdict, incident_id=mark(force) + verdict.incident_id)
        for verdict in read_verdicts(path, frozenset(drawn))
    ]


def _taken_in_before(bundle: Bundle, sampled: frozenset[str]) -> list[Verdict]:
    """What an earlier estimate took in, of incidents that are still drawn."""
    if not bundle.verdicts.exists():
        return []
    with bundle.verdicts.open(encoding="utf-8", newline="") as file:
        named = {row["incident_id"] for row in csv.DictReader(file)}
    return [each for each in read_verdicts(bundle.verdicts, named) if each.incident_id in sampled]


def _incidents(verdicts: Sequence[Verdict]) -> set[str]:
    return {each.incident_id for each in verdicts}
