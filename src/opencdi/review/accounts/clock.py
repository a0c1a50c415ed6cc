"""Names under which a session keeps its times and what it has proved; what ends with it."""

from __future__ import annotations

STARTED, SEEN, PROVED = "started_at", "seen_at", "second_factor"

# "cookies" is left out: it would sign people out of every other service of their force's domain.
FORGET = '"cache", "storage"'
