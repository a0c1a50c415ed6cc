"""What the rules ask for, counted part by part and kept: a night counts the parts that changed."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi.engine import Engine, Relation
from opencdi.nightly.homes import numbered_rows, opened_parts
from opencdi.nightly.kept_parts import kept_by_part
from opencdi.nightly.pages import Pages
from opencdi.report.asked import ASKED, COUNTED_FROM, asked
from opencdi.workspace import Workspace


def asked_by_part(workspace: Workspace, engine: Engine) -> Relation:
    """The counts of all parts."""
    hashes = [workspace.part_hashes(name) for name in COUNTED_FROM]
    rests_on = {part: [of.get(part) for of in hashes] for part in hashes[0]}

    def rows_of(parts: Sequence[str]) -> str:
        (required,) = opened_parts(workspace, engine, parts, "required_crimes")
        incidents = numbered_rows(workspace, engine, "incidents", parts, "asked_of")
        return asked(required.name, f"({incidents})", ", i.part")

    kept = kept_by_part(workspace, engine, ASKED, rests_on, rows_of, ("report/asked.py", "nightly"))
    Pages(workspace, ASKED.name).keep_only(kept.pages.values())
    return kept.relation
