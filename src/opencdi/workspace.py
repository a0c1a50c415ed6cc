"""The folder of one audit: settings, tables, ledger, report.

A step's outputs are written beside and then renamed, and its fingerprint (inputs, settings, code) is
kept with them, so that a step whose inputs have not changed does nothing, and a step that is killed
leaves the old tables whole. A table is one Parquet file, or a folder of them, one a part; a step that
works in parts redoes only those whose own fingerprint has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from opencdi import __version__, ledger, schema
from opencdi.engine import Engine, Relation, started
from opencdi.errors import UserError
from opencdi.parts import Placed, write_empty, write_parts
from opencdi.settings import Audit, Linkage, load_audit
from opencdi.step_records import StepRecords, let_stand, record_without, rows_in
from opencdi.steps import InParts, Made, Published, Record, Relations, Step, StepState, WhenAsked
from opencdi.storage import (
    HashBook,
    file_hash,
    json_hash,
    one_run,
    replace_documents,
    sentence_for_the_disk,
    standing_documents,
    write_whole,
)

__all__ = [
    "InParts",
    "Made",
    "Published",
    "Record",
    "Relations",
    "Step",
    "StepState",
    "Workspace",
    "code_hash",
    "file_hash",
    "write_whole",
]


def table_of(root: Path, name: str) -> Path:
    """Where a table of the audit in a folder is, whatever its settings say."""
    folder = root / "tables" / name
    return folder if folder.is_dir() else folder.with_name(f"{name}.parquet")


def steps_done(root: Path) -> StepRecords:
    """What is kept of the steps of the audit in a folder, whatever its settings say."""
    return StepRecords(_states_of(root))


def _states_of(root: Path) -> Path:
    return root / "tables" / ".steps"


class Workspace:
    """An audit's folder. Open it with ``Workspace.open``."""

    def __init__(self, root: Path, audit: Audit) -> None:
        self.root = root
        self.audit = audit
        self.hashes = HashBook(self._states / "hashes.json")
        self._records = steps_done(root)

    @classmethod
    def open(cls, root: Path) -> Workspace:
        """Raises ``UserError`` where the folder is not an audit."""
        if not root.is_dir():
            raise UserError(f"There is no folder {root}. Make an audit with `opencdi init {root}`.")
        if not (root / "audit.toml").exists():
            raise UserError(f"{root} holds no audit.toml. Make an audit with `opencdi init {root}`.")
        return cls(root, load_audit(root / "audit.toml"))

    @property
    def tables(self) -> Path:
        return self.root / "tables"

    @property
    def report(self) -> Path:
        return self.root / "report"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.jsonl"

    @property
    def linkage(self) -> Linkage:
        """How crimes are linked; a weights file is named from the audit's folder."""
        settings = self.audit.linkage
        place = self.root / settings.weights
        return settings.model_copy(update={"weights": str(place)}) if place.is_file() else settings

    @property
    def _states(self) -> Path:
        return _states_of(self.root)

    @property
    def memory(self) -> Path:
        """What steps remember to save work; losing it costs time and nothing else."""
        return self.tables / ".memory"

    def table(self, name: str) -> Path:
        """Where a table is: a folder of parts, or one file."""
        return table_of(self.root, name)

    def part_names(self, name: str) -> list[str]:
        """The parts of a table in parts that are on the disk."""
        return sorted(path.stem for path in (self.tables / name).glob("*.parquet"))

    def part_hashes(self, name: str) -> dict[str, str]:
        """The hash of each part of a table in parts, by the part's name."""
        return self.hashes.hashes_in(self.table(name), ".parquet")

    def table_hash(self, name: str) -> str:
        """Hash of a whole table, however it is kept."""
        path = self.table(name)
        return json_hash(self.part_hashes(name)) if path.is_dir() else self.hashes.hash(path)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Where tables are computed."""
        resources = self.audit.resources
        scratch = resources.scratch or self.root / ".scratch"
        with closing(started(resources.engine, resources.memory_limit, resources.threads, scratch)) as engine:
            yield engine

    @contextmanager
    def desk(self) -> Iterator[Engine]:
        """Where documents are made from finished tables: this machine, wherever tables are computed."""
        resources = self.audit.resources
        scratch = self.root / ".scratch"
        with closing(started("duckdb", resources.memory_limit, resources.threads, scratch)) as engine:
            yield engine

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run. Raises ``UserError`` where another run holds it."""
        with one_run(self.root):
            shutil.rmtree(self.root / ".scratch", ignore_errors=True)
            yield
            self.hashes.keep()

    def opened(self, engine: Engine, names: Collection[str]) -> dict[str, Relation]:
        """The named tables as relations. Raises ``UserError`` for one that is not there yet."""
        return dict(self.opened_when_asked(engine, names))

    def opened_when_asked(self, engine: Engine, names: Collection[str]) -> Relations:
        """The same, each table opened once it is asked for: it may be hundreds of files."""
        for name in names:
            if not self.table(name).exists():
                raise UserError(
                    f"{self.root} has no table `{name}` yet. Run `opencdi audit {self.root}` first."
                )
        return WhenAsked(names, lambda name: engine.open(schema.TABLES[name], self.table(name)))

    def opened_parts(
        self, engine: Engine, name: str, parts: Sequence[str], called: str = "parts"
    ) -> Relation:
        """Some parts of a table as a relation; ``called`` tells it from other parts of the same table."""
        folder = self.tables / name
        paths = [path for part in parts if (path := folder / f"{part}.parquet").exists()]
        return engine.open_files(schema.TABLES[name], paths, f"{name}_{called}")

    def notes(self, step: str) -> Mapping[str, Any]:
        """What a step that was done kept for those after it."""
        notes: dict[str, Any] = self._known(step)["notes"]
        return notes

    def prints(self, step: str) -> Mapping[str, str]:
        """The fingerprint of each part of a step in parts; none where it was never done."""
        parts: dict[str, str] = (self._records.of(step) or {}).get("parts", {})
        return parts

    def rows_of(self, step: str, name: str) -> Mapping[str, int]:
        """The rows of each part of a table, as a step that was done counted them."""
        rows: dict[str, int] = self._known(step)["rows_of"][name]
        return rows

    def _known(self, step: str) -> Record:
        """The record of a step that those after it rest on. Raises ``UserError`` where there is none."""
        found = self._records.of(step)
        if found is None:
            raise UserError(f"{self.root}: `{step}` is not done yet. Run `opencdi audit {self.root}` first.")
        return found

    def fingerprint(self, step: Step) -> dict[str, Any]:
        """All that the step's outputs depend on; of a step in parts, what all parts depend on alike."""
        inputs = {} if step.parts else {name: self.table_hash(name) for name in step.inputs}
        return {
            "inputs": inputs,
            "files": {os.path.relpath(path, self.root): self.hashes.hash(path) for path in step.files(self)},
            "settings": json_hash(step.settings(self)),
            "code": code_hash(step.rooms),
        }

    def kept(self, step: Step) -> Record | None:
        """What is kept of the step from the last time it was done; None where it never was."""
        return self._records.of(step.name)

    def whole_parts(self, record: Record | None, name: str) -> set[str]:
        """The parts of an output that stand on the disk as the record says they were written."""
        outputs = (record or {}).get("outputs", {}).get(name, {})
        there = self.part_hashes(name) if outputs else {}
        return {part for part, written in outputs.items() if there.get(part) == written}

    def state(self, step: Step) -> StepState:
        """What is done, stale or missing."""
        kept = self.kept(step)
        if kept is None or not self._outputs_whole(step, kept):
            return StepState(step.name, "missing", {})
        rows = rows_in(kept)
        if not all(self.table(name).exists() for name in step.inputs):
            return StepState(step.name, "stale", rows)
        current = kept["fingerprint"] == self.fingerprint(step)
        if current and step.parts is not None:
            with self.engine() as engine:
                wanted = step.parts.wanted(self, engine, self.opened_when_asked(engine, step.inputs))
            current = wanted == kept["parts"]
        return StepState(step.name, "done" if current else "stale", rows)

    def run(self, step: Step) -> StepState:
        """Bring the step up to date; does nothing where it is."""
        with sentence_for_the_disk(self.root):
            if step.parts is not None:
                return self._run_in_parts(step, step.parts)
            state = self.state(step)
            if state.state == "done":
                return state
            record = {**self._produce(step), "fingerprint": self.fingerprint(step)}
            self._write_down(step, record)
        return StepState(step.name, "done", rows_in(record), record["redone"])

    def _run_in_parts(self, step: Step, work: InParts) -> StepState:
        with self.engine() as engine:
            relations = self.opened_when_asked(engine, step.inputs)
            fingerprint = self.fingerprint(step)
            wanted = work.wanted(self, engine, relations)
            kept = self.kept(step)
            usable = kept if kept is not None and kept["fingerprint"] == fingerprint else None
            stale = self._stale_parts(step, wanted, usable)
            gone = {name: sorted(set(self.part_names(name)) - set(wanted)) for name in step.outputs}
            if usable is not None and not stale and not any(gone.values()):
                return StepState(step.name, "done", rows_in(usable))
            left = sorted(set((usable or {}).get("parts", {})) - set(wanted))
            record = record_without(usable, fingerprint, [*stale, *left])
            redone = dict.fromkeys(step.outputs, 0)
            self._move_in(step, {}, gone)
            for group in work.groups(self, stale):
                made = work.make(self, engine, relations, group, usable)
                rows = self._written(step, made, group)
                self._move_in(step, rows, {})
                self._take_down(record, rows, {part: wanted[part] for part in group})
                let_stand(record, usable, made)
                self._records.keep(step.name, record)
                redone = {name: redone[name] + sum(rows[name].values()) for name in step.outputs}
        self._write_down(step, {**record, "redone": redone})
        return StepState(step.name, "done", rows_in(record), redone)

    def _stale_parts(self, step: Step, wanted: Mapping[str, str], usable: Record | None) -> list[str]:
        """The wanted parts that are not as they should be, or not there."""
        if usable is None:
            return list(wanted)
        whole = set.intersection(*(self.whole_parts(usable, name) for name in step.outputs))
        return [
            part
            for part, needed in wanted.items()
            if part not in whole or usable["parts"].get(part) != needed
        ]

    def _written(
        self, step: Step, made: Mapping[str, Placed], parts: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        """Write the made parts beside; those without rows as well."""
        rows: dict[str, dict[str, int]] = {}
        for name in step.outputs:
            folder = self._fresh(step) / name
            folder.mkdir(parents=True)
            rows[name] = write_parts(made[name], folder)
            for part in sorted(set(parts) - set(rows[name]) - made[name].standing):
                write_empty(schema.TABLES[name], folder / f"{part}.parquet")
                rows[name][part] = 0
        return rows

    def _fresh(self, step: Step) -> Path:
        return self.root / ".scratch" / f"{step.name}-new"

    def _move_in(
        self, step: Step, rows: Mapping[str, Mapping[str, int]], gone: Mapping[str, Sequence[str]]
    ) -> None:
        """Put fresh parts in the place of the old ones, and take away those that are no more."""
        for name, parts in rows.items():
            fresh, folder = self._fresh(step) / name, self.tables / name
            folder.mkdir(parents=True, exist_ok=True)
            for part in parts:
                (fresh / f"{part}.parquet").replace(folder / f"{part}.parquet")
            (self.tables / f"{name}.parquet").unlink(missing_ok=True)
        for name, parts_gone in gone.items():
            for part in parts_gone:
                (self.tables / name / f"{part}.parquet").unlink(missing_ok=True)
        shutil.rmtree(self._fresh(step), ignore_errors=True)

    def _take_down(
        self, record: dict[str, Any], rows: Mapping[str, Mapping[str, int]], prints: Mapping[str, str]
    ) -> None:
        record["parts"].update(prints)
        for name, parts in rows.items():
            record["rows_of"].setdefault(name, {}).update(parts)
            folder = self.tables / name
            paths = {part: folder / f"{part}.parquet" for part in parts}
            found = {part: self.hashes.hash(path) for part, path in paths.items()}
            for part, path in paths.items():
                self.hashes.learn(path, found[part])
            record["outputs"].setdefault(name, {}).update(found)

    def _produce(self, step: Step) -> dict[str, Any]:
        kept = self.kept(step)
        fresh = self._fresh(step)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        record: dict[str, Any] = {"rows_of": {}, "outputs": {}, "published": {}, "parts": {}, "notes": {}}
        if step.bring is not None:
            self._bring(step, step.bring, kept, record)
            return record
        with self.desk() if step.publish is not None else self.engine() as engine:
            relations = self.opened(engine, step.inputs)
            if step.compute is not None:
                made = step.compute(self, engine, relations)
                for name in step.outputs:
                    record["rows_of"][name] = {"": engine.write(made[name], fresh / f"{name}.parquet")}
                record["outputs"] = {name: file_hash(fresh / f"{name}.parquet") for name in step.outputs}
                self.tables.mkdir(exist_ok=True)
                for name in step.outputs:
                    (fresh / f"{name}.parquet").replace(self.tables / f"{name}.parquet")
            if step.publish is not None and step.folder is not None:
                folder, target = fresh / step.folder, self.root / step.folder
                folder.mkdir()
                before = (kept or {}).get("published", {})
                standing = standing_documents(target, before, self.hashes)
                last = Published(standing, (kept or {}).get("notes", {}))
                published = step.publish(self, engine, relations, folder, last)
                record["published"] = replace_documents(
                    folder, target, before, standing, published.left, self.hashes
                )
                record["notes"] = dict(published.notes)
        shutil.rmtree(fresh)
        record["redone"] = rows_in(record)
        return record

    def _bring(
        self,
        step: Step,
        bring: Callable[[Workspace, Record | None, Path], Made],
        kept: Record | None,
        record: dict[str, Any],
    ) -> None:
        current = (
            kept is not None
            and self._outputs_whole(step, kept)
            and kept["fingerprint"]["code"] == self.fingerprint(step)["code"]
        )
        made = bring(self, kept if current else None, self._fresh(step))
        if made.adds:
            record.update(record_without(kept, {}, [], made.gone))
        self._move_in(step, made.rows, made.gone)
        self._take_down(record, made.rows, {})
        record["notes"] = dict(made.notes)
        record["redone"] = {name: sum(parts.values()) for name, parts in made.rows.items()}

    def _write_down(self, step: Step, record: Mapping[str, Any]) -> None:
        # The history first: a kill between the two lines repeats the step, and says so twice.
        said = {
            "version": __version__,
            "fingerprint": record["fingerprint"],
            "parts": json_hash(record["parts"]),
            "rows": rows_in(record),
            "redone": record["redone"],
            "outputs": {name: json_hash(outputs) for name, outputs in record["outputs"].items()},
            "published": json_hash(record["published"]),
        }
        ledger.append(self.ledger, f"step:{step.name}", said)
        self._records.keep(step.name, record)

    def _outputs_whole(self, step: Step, kept: Record) -> bool:
        folder = self.root / (step.folder or "")
        return all(self._output_whole(name, kept["outputs"].get(name)) for name in step.outputs) and all(
            (folder / name).exists() for name in kept["published"]
        )

    def _output_whole(self, name: str, written: Any) -> bool:
        path = self.table(name)
        if isinstance(written, dict):
            return path.is_dir() and self.part_hashes(name) == written
        return path.is_file() and self.hashes.hash(path) == written


@cache
def code_hash(rooms: tuple[str, ...]) -> str:
    """Hash of the rooms' sources and data, so that a result is redone when what made it changes."""
    return json_hash([_room_hash(room) for room in ("schema", "engine", "parts", *rooms)])


@cache
def _room_hash(room: str) -> str:
    package = Path(__file__).parent
    base = package / room
    digest = hashlib.sha256()
    for path in [base] if base.is_file() else sorted(base.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            digest.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return digest.hexdigest()
