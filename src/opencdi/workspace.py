"""The folder of one audit: settings, tables, ledger, report.

A step's outputs are written beside and then renamed, and its fingerprint (inputs, settings, code) is
kept with them, so that a step whose inputs have not changed does nothing, and a step that is killed
leaves the old tables whole.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from opencdi import __version__, ledger, schema
from opencdi.engine import DuckDBEngine, Engine, Relation
from opencdi.errors import UserError
from opencdi.settings import Audit, Linkage, load_audit

Relations = Mapping[str, Relation]


@dataclass(frozen=True)
class Step:
    """One step of an audit.

    ``inputs`` and ``outputs`` are table names, except that ``files`` gives outside files whose bytes
    count as inputs. ``settings`` gives what else the result depends on. ``compute`` takes the engine
    and the input tables and gives the output tables; ``publish`` (for a step that makes documents
    and not tables) takes the same and a fresh folder to write into, which becomes ``folder``.
    ``rooms`` are the packages whose source decides the result: new code makes old results stale.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: Callable[[Workspace], Mapping[str, Any]]
    files: Callable[[Workspace], Sequence[Path]] = lambda _: ()
    compute: Callable[[Workspace, Engine, Relations], Mapping[str, Relation]] | None = None
    publish: Callable[[Workspace, Engine, Relations, Path], None] | None = None
    folder: str | None = None
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepState:
    name: str
    state: str
    """``done``, ``stale`` or ``missing``."""
    rows: Mapping[str, int]


class Workspace:
    """An audit's folder. Open it with ``Workspace.open``."""

    def __init__(self, root: Path, audit: Audit) -> None:
        self.root = root
        self.audit = audit

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
        return self.tables / ".steps"

    def table(self, name: str) -> Path:
        return self.tables / f"{name}.parquet"

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        resources = self.audit.resources
        engine = DuckDBEngine(resources.memory_limit, resources.threads, self.root / ".scratch")
        try:
            yield engine
        finally:
            engine.close()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run. Raises ``UserError`` where another run holds it."""
        with _sentence_for_the_disk(self.root), (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    f"Another run is working on {self.root}. Wait until it has ended, then run again."
                ) from None
            shutil.rmtree(self.root / ".scratch", ignore_errors=True)
            yield

    def opened(self, engine: Engine, names: Sequence[str]) -> dict[str, Relation]:
        """The named tables as relations. Raises ``UserError`` for one that is not there yet."""
        for name in names:
            if not self.table(name).exists():
                raise UserError(
                    f"{self.root} has no table `{name}` yet. Run `opencdi audit {self.root}` first."
                )
        return {name: engine.open(schema.TABLES[name], self.table(name)) for name in names}

    def fingerprint(self, step: Step) -> dict[str, Any]:
        """All that the step's outputs depend on."""
        return {
            "inputs": {name: file_hash(self.table(name)) for name in step.inputs},
            "files": {os.path.relpath(path, self.root): file_hash(path) for path in step.files(self)},
            "settings": _json_hash(step.settings(self)),
            "code": _code_hash(step.rooms),
        }

    def state(self, step: Step) -> StepState:
        """What is done, stale or missing."""
        kept = self._kept(step)
        if kept is None or not self._outputs_whole(step, kept):
            return StepState(step.name, "missing", {})
        inputs_there = all(self.table(name).exists() for name in step.inputs)
        current = inputs_there and kept["fingerprint"] == self.fingerprint(step)
        return StepState(step.name, "done" if current else "stale", kept["rows"])

    def run(self, step: Step) -> StepState:
        """Bring the step up to date; does nothing where it is."""
        state = self.state(step)
        if state.state == "done":
            return state
        with _sentence_for_the_disk(self.root), self.engine() as engine:
            record = {"fingerprint": self.fingerprint(step), **self._produce(step, engine)}
            # The history first: a kill between the two lines repeats the step, and says so twice.
            ledger.append(self.ledger, f"step:{step.name}", {"version": __version__, **record})
            self._states.mkdir(parents=True, exist_ok=True)
            write_whole(self._states / f"{step.name}.json", json.dumps(record, indent=1, sort_keys=True))
        return StepState(step.name, "done", record["rows"])

    def _produce(self, step: Step, engine: Engine) -> dict[str, Any]:
        relations = self.opened(engine, step.inputs)
        fresh = self.root / ".scratch" / f"{step.name}-new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        record: dict[str, Any] = {"rows": {}, "outputs": {}, "published": {}}
        if step.compute is not None:
            made = step.compute(self, engine, relations)
            for name in step.outputs:
                record["rows"][name] = engine.write(made[name], fresh / f"{name}.parquet")
            record["outputs"] = {name: file_hash(fresh / f"{name}.parquet") for name in step.outputs}
            self.tables.mkdir(exist_ok=True)
            for name in step.outputs:
                (fresh / f"{name}.parquet").replace(self.table(name))
        if step.publish is not None and step.folder is not None:
            (fresh / step.folder).mkdir()
            step.publish(self, engine, relations, fresh / step.folder)
            before = (self._kept(step) or {}).get("published", {})
            record["published"] = _replace_documents(fresh / step.folder, self.root / step.folder, before)
        shutil.rmtree(fresh)
        return record

    def _kept(self, step: Step) -> dict[str, Any] | None:
        path = self._states / f"{step.name}.json"
        try:
            kept: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return kept

    def _outputs_whole(self, step: Step, kept: Mapping[str, Any]) -> bool:
        tables = all(
            self.table(name).exists() and file_hash(self.table(name)) == kept["outputs"].get(name)
            for name in step.outputs
        )
        folder = self.root / (step.folder or "")
        return tables and all((folder / name).exists() for name in kept["published"])


def _replace_documents(fresh: Path, target: Path, before: Mapping[str, str]) -> dict[str, str]:
    """Move new documents into place and remove the ones no longer made.

    A document that a person changed since it was written (a worklist with verdicts typed in) is
    kept beside the new one under a name that says so.
    """
    made = {
        str(path.relative_to(fresh)): file_hash(path) for path in sorted(fresh.rglob("*")) if path.is_file()
    }
    target.mkdir(exist_ok=True)
    for name, written in before.items():
        old = target / name
        if old.exists() and file_hash(old) != written:
            old.replace(old.with_name(f"{old.stem}-changed-{file_hash(old)[:8]}{old.suffix}"))
        elif name not in made:
            old.unlink(missing_ok=True)
    for name in made:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).replace(target / name)
    return made


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise UserError(f"There is no file {path}. Check the name in audit.toml.") from None


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a kill leaves the old one or the new one, never half."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _code_hash(rooms: Sequence[str]) -> str:
    """Hash of the rooms' sources and data, so that a result is redone when what made it changes."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for room in ("schema.py", "engine", *rooms):
        base = package / room
        files = [base] if base.is_file() else sorted(path for path in base.rglob("*") if path.is_file())
        for path in files:
            if path.suffix != ".pyc":
                digest.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return digest.hexdigest()


def _json_hash(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


@contextmanager
def _sentence_for_the_disk(root: Path) -> Iterator[None]:
    """Turn a full disk or a folder without write permission into a sentence.

    DuckDB reports both as its own errors, which carry the system's words and not its number.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        number = error.errno if isinstance(error, OSError) else None
        words = str(error)
        if number == errno.ENOSPC or os.strerror(errno.ENOSPC) in words:
            raise UserError(
                f"The disk that holds {root} is full. The tables are as they were; make room and run again."
            ) from None
        if number in (errno.EACCES, errno.EROFS, errno.EPERM) or os.strerror(errno.EACCES) in words:
            raise UserError(
                f"{root} cannot be written to. Give yourself the right to write there, or use another folder."
            ) from None
        raise
