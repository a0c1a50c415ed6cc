"""``opencdi init DIR``: an audit's folder, with a proposed profile for each export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from opencdi.records.guessing import Proposal

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make")]
Incidents = Annotated[
    list[str],
    typer.Option(
        "--incidents",
        metavar="FILE",
        help="Export of incident logs: a file, or postgres://SERVER/DATABASE#TABLE",
    ),
]
Crimes = Annotated[
    list[str],
    typer.Option("--crimes", metavar="FILE", help="Export of recorded crimes: a file, or the same"),
]
Force = Annotated[str | None, typer.Option("--force", metavar="NAME", help="Name of the force")]


def init(folder: Folder, incidents: Incidents, crimes: Crimes, force: Force = None) -> None:
    """Propose how a force's exports are read, and write audit.toml and profiles/*.toml."""
    import tempfile

    from opencdi.engine import DuckDBEngine
    from opencdi.records.setup import propose_audit, write_audit

    with tempfile.TemporaryDirectory() as scratch, DuckDBEngine(scratch=Path(scratch)) as engine:
        proposed = propose_audit(engine, folder, incidents, crimes, force or folder.resolve().name)
    write_audit(folder, proposed)
    for name, proposal in proposed.profiles.items():
        _show(name, proposal)
    typer.echo(f"\nWritten: {folder / 'audit.toml'} and its profiles. Next: opencdi audit {folder}")


def _show(name: str, proposal: Proposal) -> None:
    looked_at = f", {proposal.looked_at:,} looked at" if proposal.looked_at < proposal.rows else ""
    typer.echo(f"\n{name} ({proposal.rows:,} rows{looked_at})")
    for field, columns in proposal.columns.items():
        typer.echo(f"  {field:<20} {' + '.join(columns)}")
    for doubt in proposal.doubts:
        typer.echo(f"  Unsure: {doubt}")
