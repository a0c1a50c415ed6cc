"""``opencdi review assign`` and ``progress``: who reads a loaded audit, and how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room

if TYPE_CHECKING:
    from opencdi.review.audits.models import Audit

AuditFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder")]


def assign(folder: AuditFolder, demo: DemoFolder = None) -> None:
    """Give every case that lacks one a reader, by ticket order, and every difference an adjudicator."""
    open_room(demo)
    from opencdi.review.adjudication.settling import assign_waiting
    from opencdi.review.audits.services import assign_readers

    audit = _audit(folder)
    typer.echo(f"Readers given:      {assign_readers(audit):,}")
    typer.echo(f"Adjudicators given: {assign_waiting(audit):,}")


def progress(folder: AuditFolder, demo: DemoFolder = None) -> None:
    """How many cases are in which state."""
    open_room(demo)
    from django.db.models import Count

    from opencdi.review.audits.states import MEANING, State

    rows = _audit(folder).cases.values("state").annotate(count=Count("pk"))
    counted = {row["state"]: row["count"] for row in rows}
    for state in State:
        typer.echo(f"{counted.get(state, 0):6,}  {state}: {MEANING[state]}")


def _audit(folder: Path) -> Audit:
    """The loaded audit of a folder. Raises ``UserError`` where it is not loaded, or is another's."""
    from opencdi.bundle import Bundle
    from opencdi.bundle.files import sha256_of
    from opencdi.errors import UserError
    from opencdi.review.audits.models import Audit

    name = folder.resolve().name
    audit = Audit.objects.filter(name=name).first()
    if audit is None:
        raise UserError(f"The audit {name} is not loaded. Load it with `opencdi review load {folder}`.")
    design = Bundle(folder / "sample").design
    if not design.exists() or sha256_of(design) != audit.commitment:
        raise UserError(
            f"The sample in {folder} is not the one the audit {name} was loaded with: it is of another "
            "audit. Give the folder that was loaded."
        )
    return audit
