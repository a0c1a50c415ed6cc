"""The workbook of drawn incidents, which may lie where another stands with verdicts typed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencdi.engine import Engine
    from opencdi.workspace import Workspace


def hand_out(workspace: Workspace, engine: Engine, drawn: Sequence[str], name: str, then: str) -> list[str]:
    """Write the drawn incidents, in their order, into a workbook of the report; ``then`` says what to do with
    it. Gives sentences on what whoever drew has to know: an earlier workbook kept, incidents that are gone.
    """
    from opencdi.report.reading import write_reading_sheet

    workspace.report.mkdir(exist_ok=True)
    sheet = workspace.report / name
    beside = sheet.with_name(f"{name}.new")
    tables = workspace.opened(engine, ["incidents", "crimes", "links"])
    gone = write_reading_sheet(beside, workspace.audit.force, drawn, **tables, then=then)
    kept = _kept_apart(sheet, beside)
    beside.replace(sheet)
    said = []
    if kept is not None:
        said.append(
            f"{sheet} stood there already and is kept as {kept.name}: verdicts typed into it are there."
        )
    if gone:
        said.append(
            f"{len(gone):,} of the drawn incidents {'is' if len(gone) == 1 else 'are'} not among the records "
            f"of {workspace.root} any more, such as {gone[0]}: the workbook says so beside each."
        )
    return said


def _kept_apart(sheet: Path, new: Path) -> Path | None:
    """The name under which an earlier workbook is kept; None where there is none, or it is the new one."""
    from opencdi.storage import file_hash

    if not sheet.exists() or (found := file_hash(sheet)) == file_hash(new):
        return None
    kept = sheet.with_name(f"{sheet.stem}-earlier-{found[:8]}{sheet.suffix}")
    sheet.replace(kept)
    return kept
