"""The command line. One thin file a command: it reads, calls a room, writes.

Nothing here imports a heavy library at the top of a file, so that ``--help`` is quick.
"""

from __future__ import annotations

import os
import sys

import typer

from opencdi.cli.help import Commands
from opencdi.errors import UserError

app = typer.Typer(
    cls=Commands,
    name="opencdi",
    help="Audit of crime recording: which reports should have become crimes, and did they?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run a command; the only place where an error becomes words and an exit code.

    Exit code 2 for the user's mistake, 1 for ours, 130 for an interrupt. A traceback is shown only
    where OPENCDI_DEBUG is set, since an error of ours may quote data.
    """
    from opencdi.cli import commands

    commands.register(app)
    try:
        app()
    except UserError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing half-done was kept; run the same command again.", err=True)
        sys.exit(130)
    except Exception as error:
        if os.environ.get("OPENCDI_DEBUG"):
            raise
        typer.echo(fault(error), err=True)
        sys.exit(1)


def fault(error: Exception) -> str:
    """The sentence for an error of ours: where it happened, and nothing that it may quote."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown place"
    return (
        f"This is a fault of OpenCDI, not yours: {type(error).__name__} at {where}. "
        "Set OPENCDI_DEBUG=1 and run again to see more (it may show data), and report it."
    )
