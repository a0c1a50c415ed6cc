"""Names under which a session keeps its times and what it has proved."""

from __future__ import annotations

STARTED, SEEN, PROVED = "started_at", "seen_at", "second_factor"
