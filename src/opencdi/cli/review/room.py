"""Opens the review room for a command: Django with the settings of this place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

DemoFolder = Annotated[
    Path | None,
    typer.Option("--demo", help="A folder for made-up data; serves this machine only, without HTTPS"),
]


def open_room(demo: Path | None = None) -> None:
    """Loads Django. Raises UserError where the settings are incomplete or the web extra is not installed."""
    from opencdi.errors import UserError

    if demo is not None:
        os.environ["OPENCDI_REVIEW_DEMO"] = str(demo)
    chosen = "demo" if os.environ.get("OPENCDI_REVIEW_DEMO") else "production"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"opencdi.review.project.{chosen}")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ModuleNotFoundError:
        raise UserError("The review room needs the web parts: install opencdi[review].") from None
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise UserError(str(error)) from None
