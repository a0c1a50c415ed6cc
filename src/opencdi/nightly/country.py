"""Many forces' audits in one folder, worked on side by side, and what they come to together.

Each force has an audit of its own in ``forces/NAME``: its numbers need not differ from another's, its
settings may, and memory is bounded by the largest force. The country's page only adds up.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi.errors import UserError
from opencdi.nightly.costs import Cost
from opencdi.nightly.crew import Crew, Ended, Message
from opencdi.report.summary import Summary
from opencdi.workspace import steps_done

_PARTITION = "force="
TABLES = ("incidents", "crimes")


@dataclass(frozen=True)
class ForceExports:
    """One force's exports: the folder of the country's, and the force's files in it by table."""

    name: str
    folder: Path
    incidents: tuple[Path, ...]
    crimes: tuple[Path, ...]

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in (*self.incidents, *self.crimes))


def forces_in(exports: Path) -> list[ForceExports]:
    """The forces of a folder laid out as ``incidents/force=NAME/*`` and ``crimes/force=NAME/*``, the largest
    first. Raises ``UserError`` where it is laid out otherwise."""
    names = [_partitions(exports / table) for table in TABLES]
    if not names[0]:
        raise UserError(
            f"{exports} holds no folder such as incidents/force=NAME. Give the folder of a country's "
            "exports, laid out as `opencdi simulate --forces` does."
        )
    for name in sorted(names[0] ^ names[1]):
        raise UserError(f"{exports}: {name} has exports of only one table. An audit needs both.")
    found = [
        ForceExports(name, exports, *(_files(partition(exports, table, name)) for table in TABLES))
        for name in names[0]
    ]
    return sorted(found, key=lambda force: (-force.size, force.name))


def _partitions(folder: Path) -> set[str]:
    return {path.name.removeprefix(_PARTITION) for path in folder.glob(f"{_PARTITION}*") if path.is_dir()}


def partition(exports: Path, table: str, force: str) -> Path:
    """The folder of one force's exports of one table."""
    return exports / table / f"{_PARTITION}{force}"


def _files(folder: Path) -> tuple[Path, ...]:
    visible = (path for path in folder.iterdir() if not path.name.startswith("."))
    return tuple(sorted(path for path in visible if path.is_file()))


def force_folders(root: Path) -> list[Path]:
    """The forces' audits, in the order of their names."""
    return sorted(path.parent for path in (root / "forces").glob("*/audit.toml"))


@dataclass(frozen=True)
class Work:
    """How each force is audited: by which program (see ``crew``), up to which step, by how many processes at
    a time, and what each may use: ``memory`` of the engine (such as ``4GB``) and ``threads``."""

    main: str
    to: str
    workers: int
    memory: str | None
    threads: int


@dataclass(frozen=True)
class Done:
    """One force's audit: ``problem`` is the sentence where it could not be done; ``remarks`` are what a
    person should know all the same."""

    force: str
    problem: str | None
    remarks: tuple[str, ...] = ()
    costs: tuple[Cost, ...] = ()


def side_by_side(root: Path, forces: Sequence[ForceExports], work: Work) -> Iterator[Done]:
    """Audit each force in ``root/forces``, some at a time; one that fails holds no other up."""
    tasks = [_task(root, force, work) for force in forces]
    for task, answer in Crew(work.main, work.workers).answers(tasks):
        yield _done(task["force"], answer)


def _task(root: Path, force: ForceExports, work: Work) -> Message:
    return {
        "force": force.name,
        "folder": str(root / "forces" / force.name),
        "exports": str(force.folder),
        "incidents": [str(path) for path in force.incidents],
        "crimes": [str(path) for path in force.crimes],
        "to": work.to,
        "memory": work.memory,
        "threads": work.threads,
    }


def _done(force: str, answer: Message | Ended) -> Done:
    if isinstance(answer, Ended):
        return Done(force, _how_it_ended(answer.code))
    costs = tuple(Cost(**cost) for cost in answer["costs"])
    return Done(force, answer["problem"], tuple(answer["remarks"]), costs)


def _how_it_ended(code: int) -> str:
    if code == -signal.SIGKILL:
        return (
            "its process was killed, most likely because memory ran out. Run again with fewer --workers or "
            "less --memory; what was done is kept."
        )
    return f"its process ended early, with code {code}. Run again; what was done is kept."


def not_audited_now(root: Path, audited: Mapping[str, Done]) -> list[str]:
    """The forces that had a problem, and those audited before that have no exports now; by name."""
    known = {*audited, *(folder.name for folder in force_folders(root))}
    return sorted(known - {force for force, done in audited.items() if done.problem is None})


def summaries(root: Path) -> dict[str, Summary]:
    """The summary of every force that has a report, as its report says it, by the force's name.

    Of a force whose settings cannot be read as well: its figures are those of its earlier audit.
    """
    reports = {folder.name: steps_done(folder).of("report") for folder in force_folders(root)}
    return {
        force: Summary.from_notes(report["notes"]["summary"])
        for force, report in reports.items()
        if report is not None and "summary" in report["notes"]
    }
