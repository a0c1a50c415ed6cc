"""``opencdi frame DIR``, ``opencdi seed DIR SEED``, ``opencdi plan DIR``: the random sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pyarrow as pa

    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]


def frame(folder: AuditFolder) -> None:
    """Freeze the population and the design, and print the commitment to publish before the seed."""
    from opencdi.bundle import Bundle, freeze
    from opencdi.cli.up_to_date import refuse_stale
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    refuse_stale(workspace, "population")
    with workspace.locked(), workspace.engine() as engine:
        population = workspace.opened(engine, ["population"])["population"]
        frozen = freeze(population, workspace.audit, Bundle(folder / "sample"))
    typer.echo(f"Incidents in the frame: {frozen.incidents:,} in {len(frozen.design.strata.labels)} strata")
    typer.echo(f"Readings planned:       {frozen.design.readings:,} ({frozen.design.kind})")
    typer.echo(f"Frame SHA-256:          {frozen.frame_sha256}")
    typer.echo(f"Commitment to publish:  {frozen.commitment}")
    typer.echo(
        f"Publish it, then take the seed in public and run: opencdi seed {folder} SEED --origin WHERE_FROM"
    )


def seed(
    folder: AuditFolder,
    seed: Annotated[str, typer.Argument(metavar="SEED", help="The public seed, exactly as agreed")],
    origin: Annotated[str, typer.Option(help="Where it comes from: dice before witnesses, a beacon's round")],
    again: Annotated[str, typer.Option(metavar="REASON", help="Draw again, for a reason everyone sees")] = "",
    readings: Annotated[
        int | None, typer.Option(min=1, help="Extend the sample to this many readings")
    ] = None,
) -> None:
    """Take the public seed and draw the sample. Only after the frame is frozen, and once."""
    from opencdi.bundle import Bundle, draw_sample
    from opencdi.cli.hand_out import hand_out
    from opencdi.report.reading import OF_ONE_FORCE
    from opencdi.sampling.tickets import ticket
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    bundle = Bundle(folder / "sample")
    with workspace.locked(), workspace.engine() as engine:
        drawn = draw_sample(bundle, seed, origin, again, readings)
        # The order of reading has a purpose of its own, so that it says nothing of stratum or score.
        in_order = sorted(drawn.incidents, key=lambda incident: ticket(seed, "reading order", "", incident))
        said = hand_out(workspace, engine, in_order, "sample.xlsx", OF_ONE_FORCE)
    typer.echo(f"Drawn: {len(drawn.incidents):,} incidents, purpose `{drawn.purpose}`")
    typer.echo(f"Sample: {bundle.sample}")
    typer.echo(f"To read, with a sheet for the verdicts: {workspace.report / 'sample.xlsx'}")
    for sentence in said:
        typer.echo(sentence)


def plan(
    folder: AuditFolder,
    half_width: Annotated[float, typer.Option(help="Wanted half-width of the overall rate, in points")] = 1.5,
) -> None:
    """Show what precision each design gives for each group, before anything is read."""
    from rich.console import Console

    from opencdi.bundle.plan import EVERYTHING, KINDS, readings_for
    from opencdi.bundle.plan import plan as planned
    from opencdi.cli.up_to_date import refuse_stale
    from opencdi.report.plan import chart, table
    from opencdi.workspace import Workspace

    workspace = Workspace.open(folder)
    refuse_stale(workspace, "population")
    population = _population(workspace)
    settings = workspace.audit.sample
    console = Console()
    with console.status("Planning"):
        groups = planned(population, settings)
        needed = {
            kind: readings_for(population, settings.model_copy(update={"design": kind}), half_width / 100)
            for kind in KINDS
        }
        workspace.report.mkdir(exist_ok=True)
        (workspace.report / "plan.svg").write_text(chart(groups), encoding="utf-8")
    console.print(table(groups))
    for kind, readings in needed.items():
        found = f"{readings:,} readings" if readings else "not reached by any number of readings"
        console.print(f"±{half_width:g} points for {EVERYTHING} by the {kind} design: {found}")
    console.print(f"Chart: {workspace.report / 'plan.svg'}", soft_wrap=True, markup=False)


def _population(workspace: Workspace) -> pa.Table:
    from opencdi.bundle.freeze import population_table

    with workspace.engine() as engine:
        return population_table(workspace.opened(engine, ["population"])["population"])
