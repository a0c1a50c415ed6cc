"""What a person should know of a step that was done all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opencdi.cli.exports_beside import exports_beside
from opencdi.cli.exports_gone import exports_gone
from opencdi.cli.narrative_column import doubt_of

if TYPE_CHECKING:
    from opencdi.workspace import Step, Workspace


def run_and_remark(workspace: Workspace, step: Step) -> list[str]:
    """Bring one step up to date; what is to be said of it, in whole sentences."""
    before = workspace.kept(step)
    workspace.run(step)
    if step.name == "read":
        return _said(exports_gone(before, workspace.kept(step)), exports_beside(workspace))
    if step.name == "disclose":
        return _said(doubt_of(workspace))
    return []


def _said(*sentences: str | None) -> list[str]:
    return [sentence for sentence in sentences if sentence is not None]
