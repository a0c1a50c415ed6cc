"""The settings of a force, for tests."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from opencdi.review.project.keys import new_secret
from opencdi.review.sealing import new_key

HERE = "https://review.force.police.example"


def production_values(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    """The settings that ``production`` comes to with these variables set."""
    given = {
        "SECRET_KEY": new_secret(),
        "SEALING_KEYS": new_key("first"),
        "HOSTS": "review.force.police.example",
        "DATABASE": "postgresql://room:secret@db.force.police.example/review?sslmode=verify-full",
    } | variables
    for name, value in given.items():
        monkeypatch.setenv(f"OPENCDI_REVIEW_{name}", value)
    return {
        name: value
        for name, value in runpy.run_module("opencdi.review.project.production").items()
        if name.isupper()
    }


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The room as a force runs it, on the database of the tests."""
    for name, value in production_values(monkeypatch).items():
        if name not in ("DATABASES", "LOGGING", "SEALING_KEYS", "SECRET_KEY"):
            setattr(settings, name, value)
    return settings
