"""What must hold before the review room serves anybody. The server and ``opencdi review check`` ask it."""

from __future__ import annotations


def refuse_to_start_unsafely() -> None:
    """Raises ImproperlyConfigured, naming everything that is wrong."""
