"""The leads of the last audit, kept so that a morning list can say what is new and what was put right.

The leads are kept under the hash of their table. Which are compared changes only when the findings do, so
that running again, or being killed on the way, leaves the list as it was. An audit is told against the last
that was counted by the same edition: what if another had been in force is no night between two others.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from opencdi import schema
from opencdi.counting.batch import BY_DATE
from opencdi.engine import Engine, Relation
from opencdi.nightly.homes import parts_about
from opencdi.report.figures import Reach
from opencdi.report.morning import Before, Morning, morning, write_morning
from opencdi.storage import keep_notes, kept_notes
from opencdi.workspace import Relations, Workspace


def write_morning_list(
    workspace: Workspace, engine: Engine, tables: Relations, reach: Reach, folder: Path
) -> Morning:
    """Keep the leads as they are now, and write the list into an existing folder."""
    _keep(workspace, reach.last)
    listed = _morning(workspace, engine, tables, reach.last)
    write_morning(folder, workspace.audit.force, listed, reach.editions)
    return listed


def _morning(workspace: Workspace, engine: Engine, tables: Relations, last: datetime | None) -> Morning:
    kept = _kept(workspace).get("before")
    folder = _page(workspace, kept["findings"]) if kept else None
    if kept is None or folder is None or not folder.is_dir():
        return morning(tables, last, None)
    then, now = (
        {path.name: path for path in of.glob("*.parquet")} for of in (folder, workspace.table("findings"))
    )
    hashes = workspace.hashes
    same = {
        name
        for name in {*then} & {*now}
        if then[name].samefile(now[name]) or hashes.hash(then[name]) == hashes.hash(now[name])
    }
    at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
    before, since = (
        engine.open_files(schema.FINDINGS, [of[name] for name in sorted({*of} - same)], f"findings_{when}")
        for of, when in ((then, "before"), (now, "since"))
    )
    answers = _answers(workspace, engine, before, since)
    return morning({**tables, "matches": answers}, last, Before(at, before, since))


def _answers(workspace: Workspace, engine: Engine, before: Relation, since: Relation) -> Relation:
    """The matches of those parts that may hold an incident on which a lead is gone."""
    gone = (
        f"select incident_id as number from {before.name} where incident_id is not null "
        f"and finding_id not in (select finding_id from {since.name})"
    )
    parts = parts_about(workspace, engine, "incidents", gone)
    return workspace.opened_parts(engine, "matches", parts, "answering")


def _keep(workspace: Workspace, at: datetime | None) -> None:
    kept = _kept(workspace)
    now = {"findings": workspace.table_hash("findings"), "at": at.isoformat() if at else None}
    last = kept.get("now")
    if last is not None and last["findings"] == now["findings"]:
        return
    folder = _folder(workspace)
    _keep_parts(workspace, _page(workspace, str(now["findings"])))
    keep_notes(folder / "kept.json", {"now": now, "before": last})
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
    kept: dict[str, dict[str, str] | None] | None = kept_notes(_folder(workspace) / "kept.json")
    return kept or {}


def _folder(workspace: Workspace) -> Path:
    edition = workspace.audit.counting.edition
    return workspace.memory / ("morning" if edition == BY_DATE else f"morning-{edition}")


def _page(workspace: Workspace, findings: str) -> Path:
    return _folder(workspace) / findings
