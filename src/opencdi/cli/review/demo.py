"""``opencdi review demo-people``: made-up people of every role for a first look."""

from __future__ import annotations

from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def demo_people(
    demo: DemoFolder = None,
    force: Annotated[str, typer.Option(help="The made-up force that is audited")] = "Thamesmere",
) -> None:
    """Add made-up people of every role, all with one password made here. Only for a demonstration."""
    from opencdi.errors import UserError

    open_room(demo)
    from django.conf import settings
    from rich.console import Console
    from rich.table import Table

    from opencdi.review.project.demonstration import add_people

    if not settings.REVIEW_DEMO:
        raise UserError("Made-up people are for a demonstration: give --demo FOLDER.")
    made = add_people(force)
    shown = Table("Role", "Sign in with", "Password")
    for role, email in made.people:
        shown.add_row(role, email, made.password)
    Console().print(shown)
