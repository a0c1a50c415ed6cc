"""Exports as tables in parts; a night's exports are read alone and laid into the parts they touch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opencdi import records
from opencdi.counting import classification
from opencdi.nightly.digests import digests
from opencdi.nightly.exports import ExportFile, export_files, new_files, part_names
from opencdi.nightly.laying import lay_in
from opencdi.nightly.notes import DIGESTED, notes, settings_hash
from opencdi.nightly.placing import days_of, fill, placed_records
from opencdi.parts import calendar_for, write_parts, write_stored_parts
from opencdi.workspace import Made, Record, Workspace


def bring_records(workspace: Workspace, kept: Record | None, fresh: Path) -> Made:
    """Read the exports into fresh parts; only the new ones where nothing else has changed.

    ``kept`` is what is known of the tables as they stand, None where they are to be made from nothing.
    """
    files = export_files(workspace)
    if kept is not None and kept["notes"]["settings"] == settings_hash(workspace):
        new = new_files(files, kept["notes"]["files"])
        made = lay_in(workspace, kept, files, new, fresh) if new else None
        if made is not None:
            return made
    return _everything(workspace, files, fresh)


def _everything(workspace: Workspace, files: Sequence[ExportFile], fresh: Path) -> Made:
    offences = classification.load().offence_list()
    file_parts = part_names(files)
    with workspace.engine() as engine:
        relations = records.read(
            engine, workspace.audit, workspace.root, offences, hashed=workspace.hashes.hash
        )
        days = days_of(relations["incidents"])
        calendar = calendar_for(days, workspace.audit.resources.incidents_a_part)
        placed = placed_records(relations, calendar, file_parts)
        rows = {}
        for name, each in placed.items():
            (fresh / name).mkdir(parents=True)
            write = write_stored_parts if name in DIGESTED else write_parts
            rows[name] = write(each, fresh / name)
        found = {name: digests(placed[name]) for name in DIGESTED}
    fill(rows, fresh, file_parts)
    gone = {name: sorted(set(workspace.part_names(name)) - set(parts)) for name, parts in rows.items()}
    return Made(rows, gone, notes(workspace, files, days, calendar, found))
