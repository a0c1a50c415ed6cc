"""What the rules ask for is counted again in the parts that changed alone, and comes to the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from nights import Nights

from opencdi.engine import Relation
from opencdi.nightly.asked import asked_by_part
from opencdi.report.asked import COUNTED_FROM, asked_of
from opencdi.workspace import Workspace


def test_a_night_counts_anew_what_is_asked_for_in_a_few_parts(tmp_path: Path) -> None:
    nights = Nights(tmp_path, 300, 60, seed=7, incidents_a_part=40)
    nights.run()
    kept, in_all = _counted(nights.audit)
    assert kept == in_all
    before = _pages(nights.audit)
    nights.new_rows(5)
    nights.run()
    kept, in_all = _counted(nights.audit)
    assert kept == in_all
    after = _pages(nights.audit)
    assert after - before
    assert len(after & before) > len(after - before)
    assert len({page[: len("2025-09-29")] for page in after}) == len(after)


def _counted(root: Path) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """The counts of all parts together: as they are kept, and made from the tables as a whole."""
    workspace = Workspace.open(root)
    with workspace.desk() as engine:
        kept = _by_group(asked_by_part(workspace, engine))
    with workspace.desk() as engine:
        return kept, _by_group(asked_of(workspace.opened(engine, COUNTED_FROM)))


def _by_group(asked: Relation) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter()
    for row in asked.rows():
        counted[tuple(str(row[name]) for name in asked.contract.key)] += row["required"]
    return counted


def _pages(root: Path) -> set[str]:
    return {page.name for page in (root / "tables" / ".memory" / "asked").glob("*.parquet")}
