"""``opencdi review verify`` and ``checkpoint``: the chain of events, checked and signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def checkpoint(
    key: Annotated[Path, typer.Option("--key", help="File of the signing key (`opencdi ledger keygen`)")],
    demo: DemoFolder = None,
) -> None:
    """Print a signed checkpoint of the events. Keep it where the database is not."""
    open_room(demo)
    from opencdi.cli.ledger import text_of
    from opencdi.ledger.checkpoint import checkpoint as signed
    from opencdi.ledger.note import SigningKey
    from opencdi.review.events.chain import entries

    _whole()
    typer.echo(signed(list(entries()), SigningKey.decode(text_of(key))), nl=False)


def verify(
    against: Annotated[Path | None, typer.Option("--checkpoint", help="File of a signed checkpoint")] = None,
    verifier: Annotated[str, typer.Option(help="Verifier key of who signed it")] = "",
    demo: DemoFolder = None,
) -> None:
    """Check that the chain of events is whole and, with a checkpoint, that it is the one that was signed."""
    open_room(demo)
    from opencdi.cli.ledger import text_of
    from opencdi.errors import UserError
    from opencdi.ledger.checkpoint import check
    from opencdi.review.events.chain import entries
    from opencdi.review.events.models import Event

    _whole()
    if against is not None:
        problems = check(text_of(against), verifier, list(entries()))
        if problems:
            raise UserError(" ".join(problems))
    typer.echo(f"The chain of events is whole: {Event.objects.count():,} events.")


def _whole() -> None:
    """Raises ``UserError`` where it is not."""
    from opencdi.errors import UserError
    from opencdi.review.events.chain import verify as problems_of_chain

    problems = problems_of_chain()
    if problems:
        raise UserError(" ".join(problems) + " The database was changed past the application.")
