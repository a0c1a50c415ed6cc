"""Whether the column taken for the log holds text: asked of the first logs of an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.workspace import Workspace


def doubt_of(workspace: Workspace) -> str | None:
    """A sentence where the logs do not read as text, with the column that does; None where they do.

    Only the first logs with anything in them are looked at.
    """
    from opencdi.discovery import narratives

    with workspace.desk() as desk:
        incidents = workspace.opened(desk, ["incidents"])["incidents"]
        filled = f"select narrative from {incidents.name} where trim(narrative) <> ''"
        tried = desk.rows(f"{filled} limit {narratives.ROWS_TRIED}")
    share = narratives.prose_share(row["narrative"] for row in tried)
    if narratives.warning(share, None) is None:
        return None
    try:
        other = narratives.elsewhere(workspace.audit.exports, workspace.root)
    except UserError:
        other = None
    return narratives.warning(share, other)
