"""``opencdi review serve``: serve the room."""

from __future__ import annotations

from typing import Annotated

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def serve(
    demo: DemoFolder = None,
    bind: Annotated[str, typer.Option(help="Address and port to listen at")] = "127.0.0.1:8000",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads of each process")] = 4,
) -> None:
    """Serve the room. It refuses to start while anything that must hold does not."""
    from opencdi.errors import UserError

    open_room(demo)
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from opencdi.review.project.checks import LOOPBACK, refuse_to_start_unsafely
    from opencdi.review.project.serving import run

    if settings.REVIEW_DEMO and bind.rpartition(":")[0] not in LOOPBACK:
        raise UserError("A demonstration listens at this machine only: use --bind 127.0.0.1:8000.")
    try:
        refuse_to_start_unsafely()
    except ImproperlyConfigured as error:
        raise UserError(str(error)) from None
    typer.echo(f"The review room is at http://{bind}/ (stop it with Ctrl+C).")
    run(bind=bind, workers=workers, threads=threads)
