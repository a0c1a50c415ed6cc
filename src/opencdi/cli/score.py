"""``opencdi score DIR TRUTH``: the findings on a made-up force against its truth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.comparison.accuracy import Scores
    from opencdi.comparison.losses import Losses
    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]
TruthFolder = Annotated[Path, typer.Argument(metavar="TRUTH", help="The truth `opencdi simulate` wrote")]


def score(folder: AuditFolder, truth: TruthFolder) -> None:
    """Compare every finding on a made-up force with the truth: precision and recall by kind."""
    from rich.console import Console
    from rich.table import Table

    from opencdi.workspace import Workspace

    console = Console()
    scores, lost = scored(Workspace.open(folder), truth)
    for title, lines in (("By kind", scores.by_kind), ("Missing, by offence group", scores.missing_by_group)):
        table = Table("", "Found", "True", "Right", "Precision", "Recall", title=title, title_justify="left")
        for line in lines:
            table.add_row(
                line.kind,
                f"{line.found:,}",
                f"{line.true:,}",
                f"{line.right:,}",
                share(line.precision),
                share(line.recall),
            )
        console.print(table)
    console.print(
        f"Cannot tell: {scores.cannot_tell[0]:,}, of which {scores.cannot_tell[1]:,} on a report "
        "with a missing crime."
    )
    for title, losses in (("False findings of missing crimes", lost.false), ("Missed", lost.missed)):
        table = Table("Number", "Room", "Why", title=title, title_justify="left")
        for loss in losses:
            table.add_row(f"{loss.count:,}", loss.room, loss.sentence)
        console.print(table)


def scored(workspace: Workspace, truth: Path) -> tuple[Scores, Losses]:
    """Scores and losses of a finished audit. Raises ``UserError`` where the truth is not there."""
    from opencdi.comparison.accuracy import ERRORS, accuracy
    from opencdi.comparison.losses import TRUE_REQUIRED, losses
    from opencdi.linkage import TRUTH as TRUE_LINKS

    contracts = {"errors": ERRORS, "required": TRUE_REQUIRED, "links": TRUE_LINKS}
    for name in contracts:
        if not (truth / f"{name}.parquet").exists():
            raise UserError(
                f"{truth} holds no {name}.parquet. Give the truth folder that `opencdi simulate` wrote."
            )
    names = ("findings", "matches", "required_crimes", "disclosed_offences", "links")
    with workspace.desk() as engine:
        tables = workspace.opened(engine, names)
        true = {
            name: engine.open(contract, truth / f"{name}.parquet") for name, contract in contracts.items()
        }
        return accuracy(tables["findings"], true["errors"]), losses(tables, true)


def share(value: float | None) -> str:
    """A share to two places; a dash where there is nothing to share."""
    return "-" if value is None else f"{value:.2f}"
