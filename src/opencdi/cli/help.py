"""Help in plain text, which starts in half the time of help in boxes, with every command's sentence whole."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

LONGEST_SENTENCE = 400


class Commands(TyperGroup):
    """Commands whose list tells each in a whole sentence, wrapped where the screen ends."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list into the help."""
        known = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(LONGEST_SENTENCE))
            for name, command in known
            if command is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def command_group(sentence: str) -> typer.Typer:
    """Commands under a name of their own, which shows them where none is given."""
    return typer.Typer(cls=Commands, help=sentence, no_args_is_help=True)
