"""How the room is started."""

from __future__ import annotations

import pytest
from django.db import connections

from opencdi.review.project import serving


def test_no_connection_to_the_database_is_open_when_processes_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two processes on one inherited connection mix each other's answers up, or do not start."""
    done: list[str] = []
    monkeypatch.setattr(connections, "close_all", lambda: done.append("closed"))
    monkeypatch.setattr(serving._Room, "run", lambda self: done.append("running"))
    serving.run(bind="127.0.0.1:0", workers=2, threads=4)
    assert done == ["closed", "running"]
