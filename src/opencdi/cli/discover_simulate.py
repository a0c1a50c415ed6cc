"""``opencdi discover-simulate DIR``: how much reading a target recall is expected to cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opencdi.errors import UserError

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

    from opencdi.discovery.stopping import positives_needed, reads_for, reads_for_elusion
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    if not workspace.table("scores").exists():
        raise UserError(
            f"{folder} has no scores yet, on which expected reads rest. "
            f"Run `opencdi discover {folder} --batch 0` first: it scores every incident and hands out none."
        )
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
    looks = Table(
        "Elusion test after",
        "Incidents read",
        "90 % of runs between",
        "Recall reached",
        "Certified at the look",
    )
    for expected in _depths(target):
        with console.status(f"Elusion test after {expected:.1%}"):
            plan = reads_for_elusion(probability, expected, target, confidence, runs, seed)
        low, high = np.quantile(plan.reads, [0.05, 0.95])
        looks.add_row(
            f"{expected:.1%} expected, place {plan.depth:,}",
            f"{plan.reads.mean():,.0f} of {len(probability):,}",
            f"{low:,.0f} and {high:,.0f}",
            f"{plan.recall.mean():.1%}",
            f"{plan.certified.mean():.0%} of runs",
        )
    console.print(looks)
    console.print(
        f"To promise {target:.0%}, the control sample must hold {positives_needed(target, confidence):,} "
        "missing crimes; where it holds fewer, everything is read."
    )
    console.print(
        "A look that does not certify is followed by reading everything, which these figures count."
    )
    console.print(
        f"The scores expect {probability.sum():,.0f} missing crimes. Where they are too sure of themselves, "
        "reading costs more than this; the promise holds all the same."
    )


def _sizes(incidents: int) -> list[int]:
    return sorted({min(incidents, size) for size in (500, 1_000, 2_000, 4_000)})


def _depths(target: float) -> list[float]:
    """Expected recalls at which the look may be made: a quarter, a half and more of what may be missed."""
    return [1 - (1 - target) * share for share in (0.75, 0.5, 0.25, 0.1)]
