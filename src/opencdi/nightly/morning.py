"""The leads of the last audit, kept so that a morning list can say what is new and what was put right.

The leads are kept under the hash of their table. Which are compared changes only when the findings do, so
that running again, or being killed on the way, leaves the list as it was.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine
from opencdi.report.figures import reach
from opencdi.report.morning import Morning, morning, write_morning
from opencdi.storage import write_whole
from opencdi.workspace import Relations, Workspace


def morning_of(workspace: Workspace, engine: Engine, tables: Relations) -> Morning:
    """The morning list of the audit as it stands."""
    before = _kept(workspace).get("before")
    parts = sorted(_page(workspace, before["findings"]).glob("*.parquet")) if before else []
    if before is None or not parts:
        return morning(tables, None, None)
    findings = engine.open_files(schema.FINDINGS, parts, "findings_before")
    since = datetime.fromisoformat(before["at"]) if before["at"] else None
    return morning(tables, findings, since)


def write_morning_list(workspace: Workspace, engine: Engine, tables: Relations, folder: Path) -> None:
    """Keep the leads as they are now, and write the list into an existing folder."""
    found = reach(tables)
    _keep(workspace, found.last)
    write_morning(folder, workspace.audit.force, morning_of(workspace, engine, tables), found.editions)


def _keep(workspace: Workspace, at: datetime | None) -> None:
    kept = _kept(workspace)
    now = {"findings": workspace.table_hash("findings"), "at": at.isoformat() if at else None}
    last = kept.get("now")
    if last is not None and last["findings"] == now["findings"]:
        return
    folder = _folder(workspace)
    _keep_parts(workspace, _page(workspace, str(now["findings"])))
    write_whole(folder / "kept.json", json.dumps({"now": now, "before": last}))
    wanted = {_page(workspace, str(each["findings"])) for each in (now, last) if each}
    for page in set(folder.iterdir()) - wanted - {folder / "kept.json"}:
        _forget(page)


def _keep_parts(workspace: Workspace, page: Path) -> None:
    """The findings' parts as they are, by another name: a part is replaced and never written into."""
    beside = page.with_name("beside")
    for old in (beside, page):
        _forget(old)
    beside.mkdir(parents=True)
    for part in workspace.table("findings").glob("*.parquet"):
        try:
            (beside / part.name).hardlink_to(part)
        except OSError:
            shutil.copyfile(part, beside / part.name)
    beside.replace(page)


def _forget(page: Path) -> None:
    if page.is_dir():
        shutil.rmtree(page)
    else:
        page.unlink(missing_ok=True)


def _kept(workspace: Workspace) -> dict[str, dict[str, str] | None]:
    page = _folder(workspace) / "kept.json"
    kept: dict[str, dict[str, str] | None] = json.loads(page.read_text()) if page.exists() else {}
    return kept


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "morning"


def _page(workspace: Workspace, findings: str) -> Path:
    return _folder(workspace) / findings
