"""``opencdi review secret`` and ``sealing-key``: random texts for the settings."""

from __future__ import annotations

from typing import Annotated

import typer


def secret() -> None:
    """Print a secret for OPENCDI_REVIEW_SECRET_KEY."""
    from opencdi.review.project.keys import new_secret

    typer.echo(new_secret())


def sealing_key(name: Annotated[str, typer.Argument(help="A name for the key, such as 2026-11")]) -> None:
    """Print a key for OPENCDI_REVIEW_SEALING_KEYS. Put a new one first and keep the old ones behind it."""
    from opencdi.errors import UserError
    from opencdi.review.sealing import new_key

    if not name.replace("-", "").isalnum() or len(name) > 40:
        raise UserError("The name of a key is up to 40 letters, figures and hyphens.")
    typer.echo(new_key(name))
