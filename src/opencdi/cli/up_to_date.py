"""A frame, a plan and a ranking rest only on tables that belong together.

A run that stopped at an earlier step, one under another edition (``--edition``), and settings changed since
leave tables that are older than those they are made from, or not as ``audit.toml`` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.workspace import Step, Workspace


def refuse_stale(workspace: Workspace, to: str) -> None:
    """Raises ``UserError`` where a step up to the named one is not as ``audit.toml`` and its tables call for.

    Exports are not looked for: once they are read they need not be kept.
    """
    from opencdi.cli.pipeline import steps_up_to

    for step in steps_up_to(to):
        if not _is_done(workspace, step):
            raise UserError(
                f"{workspace.root}: `{step.name}` is not done as audit.toml and the tables before it call "
                "for (never done, or a run with --to or --edition, or settings changed since). Run "
                f"`opencdi audit {workspace.root}` first."
            )


def _is_done(workspace: Workspace, step: Step) -> bool:
    from opencdi.nightly.notes import READ, settings_hash

    if step.name != READ:
        return workspace.state(step).state == "done"
    kept = workspace.kept(step)
    return kept is not None and kept["notes"]["settings"] == settings_hash(workspace)
