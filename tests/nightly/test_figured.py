"""What the figures are made from is told again in the parts that changed alone, and comes to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nights import Nights

from opencdi.engine import Relation
from opencdi.nightly.figured import figured_by_part
from opencdi.report import REPORT_TABLES
from opencdi.report.asked import ASKED, asked_of
from opencdi.report.leads import LEADS, broken_down_of
from opencdi.report.pieces import BLOCKS, blocks_of
from opencdi.report.worklist import SHOWN
from opencdi.workspace import Workspace

FIGURED = (ASKED, LEADS, BLOCKS)


def test_a_night_tells_anew_what_lies_in_a_few_parts(tmp_path: Path) -> None:
    nights = Nights(tmp_path, 300, 60, seed=7, incidents_a_part=40)
    nights.run()
    kept, in_all = _told(nights.audit)
    assert kept == in_all
    before = {table.name: _pages(nights.audit, table.name) for table in FIGURED}
    nights.new_rows(5)
    nights.run()
    kept, in_all = _told(nights.audit)
    assert kept == in_all
    for name, then in before.items():
        after = _pages(nights.audit, name)
        assert after - then
        assert len(after & then) > len(after - then)
        assert len({page[: len("2025-09-29")] for page in after}) == len(after)


def _told(root: Path) -> tuple[list[Any], list[Any]]:
    """The same of all parts together: as it is kept, and made from the tables as a whole."""
    workspace = Workspace.open(root)
    with workspace.desk() as engine:
        kept = figured_by_part(workspace, engine)
        by_part = _told_by(*(kept[table.name] for table in FIGURED))
    with workspace.desk() as engine:
        tables = workspace.opened(engine, REPORT_TABLES)
        return by_part, _told_by(
            asked_of(tables), broken_down_of(tables), blocks_of(tables["findings"], SHOWN)
        )


def _told_by(asked: Relation, leads: Relation, blocks: Relation) -> list[Any]:
    """Crimes asked for by all that they are counted by, every lead, and how many leads are in each block."""

    def counted(relation: Relation, what: str) -> list[dict[str, Any]]:
        by = ", ".join(relation.contract.key)
        return relation.engine.rows(
            f"select {by}, sum({what}) as n from {relation.name} as told group by {by} order by {by}"
        )

    every = f"select {', '.join(LEADS.names)} from {leads.name} as leads order by finding_id"
    return [counted(asked, "required"), leads.engine.rows(every), counted(blocks, "leads")]


def _pages(root: Path, name: str) -> set[str]:
    return {page.name for page in (root / "tables" / ".memory" / name).glob("*.parquet")}
