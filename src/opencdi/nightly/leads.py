"""The leads of each part with what the report breaks them down by, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi.engine import Engine
from opencdi.nightly.homes import numbered_rows, opened_parts
from opencdi.nightly.kept_parts import KeptTable, kept_by_part
from opencdi.nightly.notes import digests_of
from opencdi.nightly.pages import Pages
from opencdi.report.figures import LEADS, broken_down
from opencdi.workspace import Workspace


def said_leads(workspace: Workspace, engine: Engine) -> KeptTable:
    """Every lead, in the part of its finding: a finding on an incident stands in the incident's part."""
    incidents = digests_of(workspace, "incidents")
    rests_on = {
        part: [found, incidents.get(part, {}).get("content")]
        for part, found in workspace.part_hashes("findings").items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        (incidents,) = opened_parts(workspace, engine, parts, "incidents")
        findings = numbered_rows(workspace, engine, "findings", parts, "with_leads")
        return broken_down(f"({findings})", incidents.name, "part")

    found = kept_by_part(workspace, engine, LEADS, rests_on, rows_of, ("nightly", "report"))
    Pages(workspace, found.name).keep_only(found.pages.values())
    return found
