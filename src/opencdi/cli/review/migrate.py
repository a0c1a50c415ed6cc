"""``opencdi review migrate``: make or bring up to date the database's tables."""

from __future__ import annotations

from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def migrate(
    demo: DemoFolder = None,
    run_role: Annotated[
        str, typer.Option(help="PostgreSQL role that will run the room: gets what it needs and no more")
    ] = "",
) -> None:
    """Make or bring up to date the tables. Run it as the database role that owns them."""
    open_room(demo)
    from django.core.management import call_command

    from opencdi.review.accounts.kept import forget_old_answers
    from opencdi.review.project.counts import make_table
    from opencdi.review.project.granting import grant_to

    call_command("migrate", interactive=False, verbosity=0)
    make_table()
    call_command("clearsessions", verbosity=0)
    forget_old_answers()
    if run_role:
        grant_to(run_role)
    typer.echo("The tables are of this version.")
