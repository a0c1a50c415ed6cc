"""The command line. One thin file a command: it reads, calls a room, writes.

Nothing here imports a heavy library at the top of a file, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import os
import sys

import typer

from opencdi.cli.help import Commands
from opencdi.errors import UserError

_REFUSALS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})

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
        refusal = refused_by_the_disk(error)
        typer.echo(f"Error: {refusal}" if refusal else fault(error), err=True)
        sys.exit(2 if refusal else 1)


def refused_by_the_disk(error: Exception) -> str | None:
    """The sentence for a file that may not be read or written or finds no room; None for any other error."""
    if not isinstance(error, OSError) or error.errno not in _REFUSALS:
        return None
    return (
        f"{error.filename or 'A file'} cannot be read or written: {error.strerror}. Give yourself the "
        "right, make room, or name another place."
    )


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
