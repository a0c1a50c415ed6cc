"""The database an environment names: PostgreSQL by its address, otherwise a file of SQLite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ADDRESS = "OPENCDI_REVIEW_DATABASE"
FILE = "OPENCDI_REVIEW_SQLITE"

# About ten times the writes a second of Django's defaults, and no "database is locked". Triggers that
# guard the event table fire on REPLACE only with recursive_triggers.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA recursive_triggers=ON; PRAGMA foreign_keys=ON"
    ),
}


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's entry for the database.

    ``OPENCDI_REVIEW_DATABASE=postgresql://user:password@host:5432/name?sslmode=verify-full`` names
    PostgreSQL; without it ``OPENCDI_REVIEW_SQLITE`` names a file (``review.sqlite3`` if unset).
    """
    address = environ.get(ADDRESS, "")
    if address:
        return postgresql(address)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environ.get(FILE, "review.sqlite3"),
        "OPTIONS": dict(SQLITE),
    }


def postgresql(address: str) -> dict[str, Any]:
    """The parts of a PostgreSQL address; whatever follows ``?`` goes to the driver (sslmode, sslrootcert)."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{ADDRESS} must look like postgresql://user:password@host:5432/name?sslmode=verify-full."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A new connection for every request cost two thirds of the throughput.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
