"""What a step of an audit is: its tables, how it is done, and what is kept of it once it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opencdi.engine import Engine, Relation
from opencdi.parts import Placed

if TYPE_CHECKING:
    from opencdi.workspace import Workspace

Relations = Mapping[str, Relation]
Record = Mapping[str, Any]
"""What is kept of a step that was done: ``fingerprint``; for each output table the hash (``outputs``) and
the rows (``rows_of``) of every part; ``parts``, the fingerprint of each; and ``notes`` of its own."""


class WhenAsked(Mapping[str, Relation]):
    """Relations by name, each made once it is asked for."""

    def __init__(self, names: Collection[str], making: Callable[[str], Relation]) -> None:
        self._names = tuple(names)
        self._making = making
        self._made: dict[str, Relation] = {}

    def __getitem__(self, name: str) -> Relation:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self._making(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class InParts:
    """How a step that works in parts does so.

    ``wanted`` gives every part its outputs have, with a fingerprint of the data its rows depend on.
    ``groups`` cuts the parts to be redone into those to be made at one go. ``make`` makes some parts
    of every output; a part without rows is left out. A part that is left out is written empty, unless it is
    to be left as it stands.
    """

    wanted: Callable[[Workspace, Engine, Relations], Mapping[str, str]]
    make: Callable[[Workspace, Engine, Relations, Sequence[str], Record | None], Mapping[str, Placed]]
    groups: Callable[[Workspace, Sequence[str]], Sequence[Sequence[str]]] = lambda _, parts: [parts]


@dataclass(frozen=True)
class Made:
    """Fresh parts of a step: rows by table and part, the parts that are no more, and notes to keep.

    ``adds`` says that parts neither fresh nor gone stay as they were; else the fresh parts are all.
    """

    rows: Mapping[str, Mapping[str, int]]
    gone: Mapping[str, Sequence[str]]
    notes: Mapping[str, Any]
    adds: bool = False


@dataclass(frozen=True)
class Published:
    """What publishing leaves where it stands, by name, and the notes it keeps.

    Given to the next time it publishes, ``left`` are all documents that stand as they were written.
    """

    left: Collection[str]
    notes: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of an audit.

    ``inputs`` and ``outputs`` are table names, except that ``files`` gives outside files whose bytes
    count as inputs. ``settings`` gives what else the result depends on. One of four says how it is done:
    ``compute`` takes the engine and the input tables and gives the output tables; ``parts`` does the same
    part by part; ``bring`` writes parts into a fresh folder, given what is kept of the last time; and
    ``publish`` (for a step that makes documents and not tables) takes a fresh folder to write into, which
    becomes ``folder``. ``rooms`` are the packages whose source decides the result: new code makes old
    results stale.
    """

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    settings: Callable[[Workspace], Mapping[str, Any]]
    files: Callable[[Workspace], Sequence[Path]] = lambda _: ()
    compute: Callable[[Workspace, Engine, Relations], Mapping[str, Relation]] | None = None
    parts: InParts | None = None
    bring: Callable[[Workspace, Record | None, Path], Made] | None = None
    publish: Callable[[Workspace, Engine, Relations, Path, Published], Published] | None = None
    folder: str | None = None
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepState:
    name: str
    state: str
    """``done``, ``stale`` or ``missing``."""
    rows: Mapping[str, int]
    redone: Mapping[str, int] = field(default_factory=dict)
    """Rows of the parts that this run made anew, by table."""
