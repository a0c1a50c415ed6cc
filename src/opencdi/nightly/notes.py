"""What reading keeps for the next night and for the steps after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opencdi.nightly.digests import Digests
from opencdi.nightly.exports import ExportFile, as_notes
from opencdi.parts import Calendar
from opencdi.storage import json_hash
from opencdi.workspace import Workspace, code_hash

DIGESTED = ("incidents", "crimes", "parties")
READ = "read"


def notes(
    workspace: Workspace,
    files: Sequence[ExportFile],
    days: Mapping[int, int],
    calendar: Calendar,
    found: Mapping[str, Digests],
) -> dict[str, Any]:
    """``files`` read, ``days`` with their incidents, the ``calendar``, and each part's ``digests``."""
    return {
        "settings": settings_hash(workspace),
        "files": as_notes(files),
        "days": {str(day): count for day, count in sorted(days.items())},
        "calendar": calendar.days,
        "digests": found,
    }


def settings_hash(workspace: Workspace) -> str:
    """All that reading depends on besides the files."""
    audit = workspace.audit
    return json_hash(
        {
            **audit.model_dump(mode="json", include={"force", "period"}),
            "part": audit.resources.incidents_a_part,
        }
    )


def calendar_of(workspace: Workspace) -> Calendar:
    """The parts that the audit's tables are kept in."""
    return Calendar(int(workspace.notes(READ)["calendar"]))


def made_by(workspace: Workspace, *rooms: str) -> str:
    """What a page rests on besides records: the code of the rooms that made it, and the calendar of parts."""
    return json_hash([code_hash(rooms), calendar_of(workspace).days])


def digests_of(workspace: Workspace, table: str) -> Digests:
    """The digests of the parts of a table that was read."""
    found: Digests = workspace.notes(READ)["digests"][table]
    return found


def rows_by_part(workspace: Workspace) -> dict[str, int]:
    """Incidents of each part."""
    calendar = calendar_of(workspace)
    rows: dict[str, int] = {}
    for day, count in workspace.notes(READ)["days"].items():
        part = calendar.name(int(day) // calendar.days)
        rows[part] = rows.get(part, 0) + int(count)
    return rows
