"""Which export files an audit rests on, and which of them are new since it was last read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opencdi.records.database import is_address
from opencdi.records.profile import profile_path
from opencdi.records.sources import SourceFile, expanded
from opencdi.settings import Audit, Export
from opencdi.workspace import Workspace

TABLES = ("incidents", "crimes")


@dataclass(frozen=True)
class ExportFile:
    """One file of an export: ``name`` as tables call it, ``path`` as settings would, and its hashes."""

    table: str
    name: str
    path: str
    profile: str
    sha256: str
    profile_sha256: str


def export_files(workspace: Workspace) -> list[ExportFile]:
    """Every file in the order of reading, those of incidents first: a later one supersedes."""
    root = workspace.root
    files = [
        ExportFile(
            export.table,
            source.name,
            _as_settings_say(source, root),
            export.profile,
            workspace.hashes.hash(source.path),
            workspace.hashes.hash(profile_path(export.profile, root)),
        )
        for export in workspace.audit.exports
        for source in expanded(export.files, root)
    ]
    return sorted(files, key=lambda file: TABLES.index(file.table))


def _as_settings_say(source: SourceFile, root: Path) -> str:
    if is_address(source.name):
        return source.name
    return str(source.path.relative_to(root) if source.path.is_relative_to(root) else source.path)


def as_notes(files: Sequence[ExportFile]) -> list[dict[str, str]]:
    return [asdict(file) for file in files]


def new_files(files: Sequence[ExportFile], known: Sequence[Mapping[str, Any]]) -> list[ExportFile] | None:
    """The files that came after those known; None where anything else changed.

    Something else is a known file that is gone or has other bytes, another profile, or a new file that
    does not come last, so that it does not supersede all it repeats.
    """
    new: list[ExportFile] = []
    for table in TABLES:
        now = [file for file in files if file.table == table]
        before = [ExportFile(**file) for file in known if file["table"] == table]
        if now[: len(before)] != before:
            return None
        new += now[len(before) :]
    return new


def of_only(audit: Audit, files: Sequence[ExportFile]) -> Audit:
    """The same audit with only some files as its exports."""
    each = dict.fromkeys((file.table, file.path, file.profile) for file in files)
    exports = [Export.model_validate({"table": t, "files": [path], "profile": p}) for t, path, p in each]
    return audit.model_copy(update={"exports": exports})


def part_names(files: Sequence[ExportFile]) -> dict[tuple[str, str], str]:
    """The part of the rejects that each file's stand in, by table and name: ``incidents-0001`` and so on."""
    names: dict[tuple[str, str], str] = {}
    for table in TABLES:
        own = dict.fromkeys(file.name for file in files if file.table == table)
        names |= {(table, name): f"{table}-{number:04d}" for number, name in enumerate(own, start=1)}
    return names
