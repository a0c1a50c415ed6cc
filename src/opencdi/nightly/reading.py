"""Exports as tables in parts; a night's exports are read alone and laid into the parts they touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opencdi import records, schema
from opencdi.counting import classification
from opencdi.engine import Engine, Relation, arrow_schema
from opencdi.nightly.digests import Digests, digests
from opencdi.nightly.exports import ExportFile, as_notes, export_files, new_files, part_names
from opencdi.nightly.laying import WHOLE, lay_in
from opencdi.nightly.placing import KINDS, fill, placed_records, weeks_of
from opencdi.parts import Calendar, Placed, calendar_for, write_parts
from opencdi.workspace import Made, Record, Workspace


def bring_records(workspace: Workspace, kept: Record | None, fresh: Path) -> Made:
    """Read the exports into fresh parts; only the new ones where nothing else has changed.

    ``kept`` is what is known of the tables as they stand, None where they are to be made from nothing.
    """
    files = export_files(workspace)
    if kept is not None and kept["notes"]["settings"] == _settings(workspace):
        new = new_files(files, kept["notes"]["files"])
        made = lay_in(workspace, kept, files, new, fresh) if new else None
        if made is not None:
            return made
    return _everything(workspace, files, fresh)
