"""``opencdi review check``: whether the room would start here, and why not."""

from __future__ import annotations

import typer

from opencdi.cli.review.room import DemoFolder, open_room


def check(demo: DemoFolder = None) -> None:
    """Ask everything that must hold before the room serves, Django's own deployment checks included."""
    from opencdi.errors import UserError

    open_room(demo)
    from django.conf import settings
    from django.core.checks import run_checks

    from opencdi.review.project.checks import what_is_wrong

    wrong = what_is_wrong()
    found = run_checks(include_deployment_checks=not settings.REVIEW_DEMO)
    wrong += [message.msg for message in found if message.is_serious() and message.msg not in wrong]
    wrong += [message.msg for message in found if not message.is_serious() and not message.is_silenced()]
    if wrong:
        raise UserError("The review room would not start here:\n" + "\n".join(f"- {one}" for one in wrong))
    typer.echo("Everything that must hold before the review room serves holds.")
