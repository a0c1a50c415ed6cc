"""``opencdi discover-simulate DIR``: how much reading a target recall is expected to cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]


def discover_simulate(
    folder: AuditFolder,
    control: Annotated[
        list[int] | None, typer.Option(help="Sizes of the control sample to try; may be repeated")
    ] = None,
    target: Annotated[
        float, typer.Option(min=0.5, max=0.99, help="Share of the missing crimes to find")
    ] = 0.95,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure the promise is")] = 0.95,
    runs: Annotated[int, typer.Option(min=10, max=2000, help="Simulated audits")] = 200,
    seed: Annotated[int, typer.Option(min=0)] = 1,
) -> None:
    """Show expected reads for a target recall before anyone starts, if the scores mean what they say."""
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    from opencdi.discovery.stopping import reads_for
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    with workspace.engine() as engine:
        scores = workspace.opened(engine, ["scores"])["scores"]
        probability = np.concatenate(
            [np.asarray(batch["missing"], dtype=float) for batch in scores.batches(["missing"])]
        )
    console = Console()
    table = Table(
        "Control sample", "Incidents read", "90 % of runs between", "Recall reached", "Promise kept"
    )
    for size in control or _sizes(len(probability)):
        with console.status(f"Control sample of {size:,}"):
            reads, recall = reads_for(probability, size, target, confidence, runs, seed)
        low, high = np.quantile(reads, [0.05, 0.95])
        table.add_row(
            f"{size:,}",
            f"{reads.mean():,.0f} of {len(probability):,}",
            f"{low:,.0f} and {high:,.0f}",
            f"{recall.mean():.1%}",
            f"{(recall >= target).mean():.0%} of runs",
        )
    console.print(table)
    console.print(
        f"The scores expect {probability.sum():,.0f} missing crimes. Where they are too sure of themselves, "
        "reading costs more than this; the promise holds all the same."
    )


def _sizes(incidents: int) -> list[int]:
    return sorted({min(incidents, size) for size in (500, 1_000, 2_000, 4_000)})
