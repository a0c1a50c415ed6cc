"""Tables worked out from parts of other tables and kept, so that a night works out those of new parts alone.

A page is kept under a fingerprint of all that it was worked out from, and of the code. Losing it costs time
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation, arrow_schema
from opencdi.nightly.memory import page_of, written_beside
from opencdi.parts import write_empty
from opencdi.storage import json_hash
from opencdi.workspace import Workspace, code_hash

_CODE = ("nightly", "comparison")


def kept_by_part(
    workspace: Workspace,
    engine: Engine,
    contract: schema.Table,
    rests_on: Mapping[str, object],
    rows_of: Callable[[Sequence[str]], str],
) -> Relation:
    """A table of all parts, made where it is not kept.

    ``rests_on`` says by part what its rows follow from; ``rows_of`` gives SQL for the rows of some parts,
    with the number of its part (``part``) in each.
    """
    code = code_hash(_CODE)
    pages = {
        part: page_of(workspace, contract.name, part, json_hash([code, found]))
        for part, found in rests_on.items()
    }
    missing = [part for part, page in pages.items() if not page.exists()]
    if missing:
        _make(workspace, Relation(engine, f"({rows_of(missing)})", contract), missing, pages)
    return engine.open_files(contract, [pages[part] for part in sorted(pages)], contract.name)


def _make(workspace: Workspace, rows: Relation, parts: Sequence[str], pages: Mapping[str, Path]) -> None:
    folder = pages[parts[0]].parent
    beside, made = written_beside(workspace, rows, folder)
    for part in parts:
        fresh = beside / f"{part}.parquet"
        if part not in made:
            write_empty(arrow_schema(rows.contract), fresh)
        fresh.replace(pages[part])
    for page in set(folder.glob("*.parquet")) - set(pages.values()):
        page.unlink()
