"""A process of ``opencdi country``: one force's audit after another, as lines of JSON ask for them.

A task names the force, its folder, its export files, the step to stop after, and the memory and threads of
the engine. The answer is a ``problem`` in a sentence, or null, and what each step cost (``costs``).
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
    problem = None
    try:
        costs.extend(_audited(task))
    except UserError as error:
        problem = str(error)
    except Exception as error:
        if os.environ.get("OPENCDI_DEBUG"):
            raise
        problem = refused_by_the_disk(error) or fault(error)
    return {"problem": problem, "costs": [asdict(cost) for cost in costs]}


def _audited(task: Mapping[str, Any]) -> Iterator[Cost]:
    """Bring one force's audit up to date, step by step."""
    from opencdi import records
    from opencdi.cli.pipeline import steps_up_to
    from opencdi.engine.lean import suit_arrow_to
    from opencdi.nightly.costs import measured
    from opencdi.workspace import Workspace

    folder = Path(task["folder"])
    if not (folder / "audit.toml").exists():
        yield measured("init", lambda: _begun(task, folder))
    workspace = _within(Workspace.open(folder), task)
    suit_arrow_to(workspace.audit.resources.engine)
    with workspace.locked():
        if addresses := records.database_tables(workspace.audit):
            records.fetch(addresses, workspace.root)
        for step in steps_up_to(task["to"]):
            yield measured(step.name, lambda step=step: workspace.run(step))  # type: ignore[misc]


def _begun(task: Mapping[str, Any], folder: Path) -> None:
    """A force's ``audit.toml`` and profiles, as ``opencdi init`` proposes them."""
    import tempfile

    from opencdi.engine import DuckDBEngine
    from opencdi.records.setup import propose_audit, write_audit

    with tempfile.TemporaryDirectory() as scratch, DuckDBEngine(scratch=Path(scratch)) as engine:
        proposed = propose_audit(engine, folder, task["incidents"], task["crimes"], task["force"])
    write_audit(folder, proposed)


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
