"""A process of ``opencdi country``: one force's audit after another, as lines of JSON ask for them.

A task names the force, its folder, the country's folder of exports and the force's files in it, the step to
stop after, and the memory and threads of the engine. The answer is a ``problem`` in a sentence, or null, the
``remarks`` a person should read, and what each step cost (``costs``).
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opencdi.cli import fault, refused_by_the_disk
from opencdi.errors import UserError

if TYPE_CHECKING:
    from opencdi.nightly.costs import Cost
    from opencdi.workspace import Workspace


def main() -> None:
    """Serve until the standard input ends.

    Tasks and answers have channels of their own: what a step, a library or a child prints is no answer.
    """
    tasks, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    for line in tasks:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()
        if not gc.get_freeze_count():
            gc.freeze()  # what the first force's audit loaded stays: looking through it each time is slow
    gc.unfreeze()


def _answer(task: Mapping[str, Any]) -> dict[str, Any]:
    costs: list[Cost] = []
    remarks: list[str] = []
    problem = None
    try:
        costs.extend(_audited(task, remarks))
    except UserError as error:
        problem = str(error)
    except Exception as error:
        if os.environ.get("OPENCDI_DEBUG"):
            raise
        problem = refused_by_the_disk(error) or fault(error)
    return {"problem": problem, "remarks": remarks, "costs": [asdict(cost) for cost in costs]}


def _audited(task: Mapping[str, Any], remarks: list[str]) -> Iterator[Cost]:
    """Bring one force's audit up to date, step by step; what is to be said of a step joins the remarks."""
    from opencdi import records
    from opencdi.cli.pipeline import steps_up_to
    from opencdi.cli.remarks import run_and_remark
    from opencdi.engine.lean import suit_arrow_to
    from opencdi.nightly.costs import measured
    from opencdi.workspace import Workspace

    folder = Path(task["folder"])
    if not (folder / "audit.toml").exists():
        yield measured("init", lambda: _begun(task, folder))
    workspace = _within(Workspace.open(folder), task)
    _refuse_unnamed(workspace, task)
    suit_arrow_to(workspace.audit.resources.engine)
    with workspace.locked():
        if addresses := records.database_tables(workspace.audit):
            records.fetch(addresses, workspace.root)
        for step in steps_up_to(task["to"]):
            yield measured(step.name, lambda step=step: remarks.extend(run_and_remark(workspace, step)))  # type: ignore[misc]


def _begun(task: Mapping[str, Any], folder: Path) -> None:
    """A force's ``audit.toml`` and profiles, as ``opencdi init`` proposes them, for later exports as well.

    Raises ``UserError`` where a table has no export yet: settings that lack it would lack it every night.
    """
    import tempfile

    from opencdi.engine import DuckDBEngine
    from opencdi.nightly.country import TABLES, partition
    from opencdi.records.setup import propose_audit, write_audit

    arriving_in = {table: partition(Path(task["exports"]), table, task["force"]) for table in TABLES}
    for table in TABLES:
        if not task[table]:
            raise UserError(f"{arriving_in[table]} holds no file. Put the force's exports there.")
    with tempfile.TemporaryDirectory() as scratch, DuckDBEngine(scratch=Path(scratch)) as engine:
        incidents, crimes = (task[table] for table in TABLES)
        proposed = propose_audit(engine, folder, incidents, crimes, task["force"], arriving_in)
    write_audit(folder, proposed)


def _refuse_unnamed(workspace: Workspace, task: Mapping[str, Any]) -> None:
    """Raises ``UserError`` for exports of the force that its settings do not name: no night may be lost."""
    from opencdi.nightly.country import TABLES
    from opencdi.records.sources import expanded

    root = workspace.root
    named = {
        source.path.resolve() for export in workspace.audit.exports for source in expanded(export.files, root)
    }
    unnamed = [file for table in TABLES for file in task[table] if Path(file).resolve() not in named]
    if unnamed:
        raise UserError(
            f"{', '.join(unnamed)}: among the exports, but not named in {root / 'audit.toml'}, so that it "
            "would not be read. Name it there under [[exports]], with the profile that reads it."
        )


def _within(workspace: Workspace, task: Mapping[str, Any]) -> Workspace:
    """The audit with the memory asked for; with the threads, unless its settings name some."""
    from opencdi.workspace import Workspace

    given = workspace.audit.resources
    resources = given.model_copy(
        update={
            "memory_limit": task["memory"] or given.memory_limit,
            "threads": given.threads or task["threads"],
        }
    )
    return Workspace(workspace.root, workspace.audit.model_copy(update={"resources": resources}))
