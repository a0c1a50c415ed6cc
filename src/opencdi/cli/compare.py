"""``opencdi compare``: two audits, several forces, or a rate with a threshold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opencdi.cli.help import command_group

app = command_group("Compare two audits, several forces, or a rate with a threshold")


@app.command()
def change(
    first: Annotated[Path, typer.Argument(metavar="OLD", help="rates.csv of the earlier audit")],
    second: Annotated[Path, typer.Argument(metavar="NEW", help="rates.csv of the later audit")],
) -> None:
    """Say of every rate whether it has changed, or cannot be shown to have."""
    from rich.console import Console
    from rich.table import Table

    from opencdi.bundle.comparing import changes

    table = Table("Measure", "Group", "Change", "95 % interval", "p", "So")
    for (measure, _, group), found in sorted(changes(first, second).items()):
        table.add_row(
            measure.replace("_", " "),
            group,
            f"{100 * found.difference:+.1f}",
            f"{100 * found.interval.lower:+.1f} to {100 * found.interval.upper:+.1f}",
            f"{found.p_value:.3f}",
            "a change" if found.is_proven else "not a proven change",
        )
    Console().print(table)


@app.command()
def forces(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="force, rate, effective_size")],
) -> None:
    """Set forces beside each other: funnel, shrunken rates, rank intervals, and who cannot be told apart."""
    from rich.console import Console
    from rich.table import Table

    from opencdi.bundle.comparing import forces as compared

    found = compared(file)
    stands = {each.name: each.stands for each in found.funnel.forces}
    drawn = {each.name: each for each in found.shrinkage.forces}
    table = Table("Force", "Rate", "Drawn to the mean (95 %)", "Rank", "Funnel")
    for rank in found.ranking.ranks:
        force = drawn[rank.name]
        table.add_row(
            rank.name,
            f"{100 * rank.rate:.1f} %",
            f"{100 * force.shrunken:.1f} % ({100 * force.lower:.1f} to {100 * force.upper:.1f})",
            f"{rank.best} to {rank.worst}",
            stands[rank.name],
        )
    console = Console()
    console.print(table)
    for group in found.ranking.groups:
        if len(group) > 1:
            console.print(f"Cannot be told apart: {', '.join(group)}")


@app.command()
def threshold(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")],
    rate: Annotated[float, typer.Argument(metavar="RATE", help="The threshold, such as 0.95")],
    look: Annotated[list[int], typer.Option(help="Incidents read at a planned look; give it once a look")],
    most: Annotated[int, typer.Option(min=1, help="Most crimes an incident may hold, fixed beforehand")] = 5,
) -> None:
    """Decide whether the recording rate is above or below a threshold, at planned looks."""
    from opencdi.bundle import Bundle
    from opencdi.bundle.comparing import decide_threshold
    from opencdi.workspace import Workspace

    Workspace.open(folder)
    typer.echo(str(decide_threshold(Bundle(folder / "sample"), rate, sorted(look), most)))
