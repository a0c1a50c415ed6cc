"""Secrets that are made once and kept in a file only their owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from opencdi.review.sealing import new_key


def new_secret() -> str:
    """A secret for ``OPENCDI_REVIEW_SECRET_KEY``: 384 random bits."""
    return secrets.token_urlsafe(48)


def kept_secret(path: Path) -> str:
    return _kept(path, new_secret())


def kept_sealing_key(path: Path) -> str:
    return _kept(path, new_key("demo"))


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; ``fresh`` is written first where there is none, never over another process's."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh + "\n")
    return fresh
