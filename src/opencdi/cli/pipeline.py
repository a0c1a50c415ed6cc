"""The steps of an audit, in order: which tables each takes and makes, and the room that does it."""

from __future__ import annotations

from opencdi.workspace import Step

PIPELINE: tuple[Step, ...] = ()
