"""``opencdi link-train DIR``: linkage weights learned from a force's own records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from opencdi.linkage.weights import Weights
    from opencdi.workspace import Workspace

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder; its exports are read")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write; DIR/weights.json if not given")]
Reviewed = Annotated[
    Path | None,
    typer.Option("--reviewed", help="Parquet file of crimes whose incident a person has established"),
]


def link_train(folder: AuditFolder, out: Out = None, reviewed: Reviewed = None) -> None:
    """Learn how much each agreement says in this force, and write a weights file.

    Needs the extra `train`. Without --reviewed the probabilities keep the calibration of the weights
    that the audit uses now.
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from opencdi.linkage.weights import to_json
    from opencdi.workspace import Workspace, write_whole

    workspace = Workspace.open(folder)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with workspace.locked(), Progress(*columns, transient=True) as progress:
        progress.add_task("Learning from this force's records", total=None)
        weights = _learned(workspace, reviewed)
    target = out or folder / "weights.json"
    write_whole(target, to_json(weights))
    typer.echo(f"Written: {target}. To use it, put this in {folder / 'audit.toml'}:\n")
    typer.echo(f'[linkage]\nweights = "{target.name if out is None else target.resolve()}"')


def _learned(workspace: Workspace, reviewed: Path | None) -> Weights:
    from opencdi import __version__
    from opencdi.counting import classification
    from opencdi.linkage.accuracy import TRUTH
    from opencdi.linkage.em import splink_version
    from opencdi.linkage.training import calibrated, gather, train, truth_of
    from opencdi.linkage.weights import load_weights
    from opencdi.workspace import file_hash

    settings = workspace.linkage
    names = ("incidents", "crimes", "parties")
    with workspace.desk() as engine:
        tables = workspace.opened(engine, names)
        families = classification.load().families()
        pairs = gather(tables["incidents"], tables["crimes"], tables["parties"], settings, families)
        provenance: dict[str, str | int | float] = {
            "made_by": f"opencdi {__version__} link-train",
            "splink": splink_version(),
            "force": workspace.audit.force,
            "incidents": pairs.incidents,
            "crimes": pairs.crimes,
            "candidate_pairs": len(pairs.candidates),
            **{f"{name}_sha256": file_hash(workspace.table(name)) for name in names},
        }
        weights = train(pairs, load_weights(settings.weights), provenance)
        if reviewed is None:
            return weights
        return calibrated(weights, [(pairs, truth_of(engine.open(TRUTH, reviewed)))])
