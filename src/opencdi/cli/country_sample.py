"""``opencdi country-frame DIR``, ``opencdi country-seed DIR SEED``: one random sample over all forces."""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.audit import check_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opencdi.bundle.freeze import Frozen
    from opencdi.settings import Sample

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The country's folder")]


class DesignChoice(StrEnum):
    """How a national sample may be drawn."""

    simple = "simple"
    proportional = "proportional"
    neyman = "neyman"
    pareto = "pareto"


def country_frame(
    folder: Folder,
    name: Annotated[str, typer.Option("--name", help="Name of the country")] = "England and Wales",
    readings: Annotated[int, typer.Option(min=1, help="Incidents to read in all forces together")] = 1000,
    design: Annotated[DesignChoice, typer.Option(help="How readings are shared out")] = DesignChoice.neyman,
    memory: Annotated[str, typer.Option("--memory", metavar="SIZE", help="As of `opencdi country`")] = "4GB",
) -> None:
    """Freeze one population over all forces, and print the commitment to publish before the seed.

    An incident is named FORCE/NUMBER. Strata are as for one force; a force has its share by chance.
    """
    from opencdi.cli.up_to_date import refuse_stale
    from opencdi.nightly.country import force_folders
    from opencdi.nightly.national import forces_without
    from opencdi.settings import Sample
    from opencdi.storage import one_run
    from opencdi.workspace import Workspace

    check_size(memory)
    sample = Sample(design=design.value, readings=readings)
    forces = force_folders(folder)
    with one_run(folder):
        without = forces_without(folder, "population")
        for force in forces:
            if force.name not in without:
                refuse_stale(Workspace.open(force), "population")
        frozen = frozen_over_forces(folder, name, sample, memory)
    typer.echo(f"Incidents in the frame: {frozen.incidents:,} in {len(frozen.design.strata.labels)} strata")
    if without:
        typer.echo(f"Not in the frame, since not audited yet: {', '.join(without)}")
    typer.echo(f"Readings planned:       {frozen.design.readings:,} ({frozen.design.kind})")
    typer.echo(f"Frame SHA-256:          {frozen.frame_sha256}")
    typer.echo(f"Commitment to publish:  {frozen.commitment}")
    typer.echo(
        "Publish it, then take the seed in public and run: "
        f"opencdi country-seed {folder} SEED --origin WHERE_FROM"
    )


def frozen_over_forces(folder: Path, name: str, sample: Sample, memory: str) -> Frozen:
    """Freeze the incidents of all forces that have a population, as they lie, under one design.

    Raises ``UserError`` where no force has one, or the folder holds a drawn sample.
    """
    from contextlib import closing

    from opencdi.bundle import Bundle, freeze
    from opencdi.engine import started
    from opencdi.engine.lean import arrow_without_pandas
    from opencdi.nightly.country import force_folders
    from opencdi.nightly.national import force_by_force
    from opencdi.settings import load_audit

    arrow_without_pandas()
    with closing(started("duckdb", memory, None, folder / ".scratch")) as engine:
        population = force_by_force(engine, folder, "population")
        first = load_audit(force_folders(folder)[0] / "audit.toml")
        audit = first.model_copy(update={"force": name, "sample": sample})
        return freeze(population, audit, Bundle(folder / "sample"))


def country_seed(
    folder: Folder,
    seed: Annotated[str, typer.Argument(metavar="SEED", help="The public seed, exactly as agreed")],
    origin: Annotated[str, typer.Option(help="Where it comes from: dice before witnesses, a beacon's round")],
    again: Annotated[str, typer.Option(metavar="REASON", help="Draw again, for a reason everyone sees")] = "",
) -> None:
    """Take the public seed, draw the sample, and write each force's part of it into the force's report."""
    from opencdi.bundle import Bundle, draw_sample
    from opencdi.nightly.national import by_force
    from opencdi.storage import one_run

    bundle = Bundle(folder / "sample")
    with one_run(folder):
        drawn = draw_sample(bundle, seed, origin, again)
        forces = by_force(drawn.incidents)
        said = [_sheet(folder / "forces" / force, own, seed) for force, own in sorted(forces.items())]
    typer.echo(f"Drawn: {len(drawn.incidents):,} incidents, purpose `{drawn.purpose}`")
    typer.echo(f"Sample: {bundle.sample}")
    typer.echo(f"To read, force by force: {len(forces)} sheets `report/national-sample.xlsx`")
    for sentence in chain.from_iterable(said):
        typer.echo(sentence)
    typer.echo(f"Once they are read, run: opencdi country-estimate {folder}")


def _sheet(force: Path, drawn: Sequence[str], seed: str) -> list[str]:
    """Write one force's incidents to read; what there is to say of them."""
    from opencdi.cli.hand_out import hand_out
    from opencdi.report.reading import OF_A_COUNTRY
    from opencdi.workspace import Workspace

    workspace = Workspace.open(force)
    with workspace.locked(), workspace.desk() as desk:
        return hand_out(workspace, desk, _in_reading_order(drawn, seed), "national-sample.xlsx", OF_A_COUNTRY)


def _in_reading_order(incidents: Sequence[str], seed: str) -> list[str]:
    """In an order with a purpose of its own, so that it says nothing of stratum or score."""
    from opencdi.sampling.tickets import ticket

    return sorted(incidents, key=lambda incident: ticket(seed, "reading order", "", incident))
