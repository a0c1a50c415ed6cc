"""What the report's figures are made from, worked out part by part and kept: a night does so for the parts
that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from opencdi.engine import Engine, Relation
from opencdi.nightly.homes import numbered_rows
from opencdi.nightly.kept_parts import kept_by_part
from opencdi.nightly.pages import Pages
from opencdi.report import asked, leads, pieces, worklist
from opencdi.schema import Table
from opencdi.workspace import Workspace


def figured_by_part(workspace: Workspace, engine: Engine) -> dict[str, Relation]:
    """Of all parts, by name: how many crimes the rules ask for, the leads with what they are broken down by,
    and the blocks of the worklist."""

    def crimes_asked(parts: Sequence[str]) -> str:
        required = workspace.opened_parts(engine, "required_crimes", parts).name
        incidents = numbered_rows(workspace, engine, "incidents", parts, "asked_of")
        return asked.asked(required, f"({incidents})", ", i.part")

    def broken_down(parts: Sequence[str]) -> str:
        findings = numbered_rows(workspace, engine, "findings", parts, "broken_down")
        incidents = workspace.opened_parts(engine, "incidents", parts).name
        return leads.broken_down(f"({findings})", incidents, ", f.part")

    def blocks(parts: Sequence[str]) -> str:
        findings = numbered_rows(workspace, engine, "findings", parts, "in_blocks")
        return pieces.blocks(f"({findings})", worklist.SHOWN, engine.dialect, ", part")

    kept = (
        _kept(workspace, engine, asked.ASKED, asked.COUNTED_FROM, crimes_asked),
        _kept(workspace, engine, leads.LEADS, leads.BROKEN_DOWN_FROM, broken_down),
        _kept(workspace, engine, pieces.BLOCKS, ("findings",), blocks),
    )
    return {relation.contract.name: relation for relation in kept}


def _kept(
    workspace: Workspace,
    engine: Engine,
    contract: Table,
    made_from: Sequence[str],
    rows_of: Callable[[Sequence[str]], str],
) -> Relation:
    hashes = [workspace.part_hashes(name) for name in made_from]
    rests_on: Mapping[str, object] = {part: [of.get(part) for of in hashes] for part in hashes[0]}
    kept = kept_by_part(workspace, engine, contract, rests_on, rows_of, ("report", "nightly"))
    Pages(workspace, contract.name).keep_only(kept.pages.values())
    return kept.relation
