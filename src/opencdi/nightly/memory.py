"""Subjects whose rows need not be made again, in parts that must be.

Beside each part stands a list of its subjects (incidents, or crimes by themselves), each with a digest of all
that its rows were made from. Its name carries the part's fingerprint, so that it can never be taken for that
of other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.notes import calendar_of
from opencdi.parts import Placed, write_parts
from opencdi.workspace import Record, Workspace

REMEMBERED = schema.Table(
    "remembered",
    "one subject, with a digest of what its rows were made from",
    ("subject",),
    (
        schema.Column("subject", "text", "The subject: an incident, or a crime"),
        schema.Column("home", "integer", "Number of its part"),
        schema.Column("digest", "text", "Digest of what its rows were made from"),
    ),
)

Making = Callable[[], Mapping[str, Relation]]


def page_of(workspace: Workspace, step: str, part: str, fingerprint: str) -> Path:
    """Where the list of a part's subjects stands."""
    return workspace.memory / step / f"{part}-{fingerprint[:16]}.parquet"


def written_beside(workspace: Workspace, rows: Relation, folder: Path) -> tuple[Path, Mapping[str, int]]:
    """Write rows by part beside the pages of a folder, whose place they may take; give where, and how many
    of each part. ``part`` is the number of a row's part. All pages are read every night, so they are packed
    to be read quickly."""
    calendar = calendar_of(workspace)
    beside = folder / ".new"
    beside.mkdir(parents=True, exist_ok=True)
    return beside, write_parts(Placed(rows, lambda number: calendar.name(int(number))), beside, "snappy")


@dataclass(frozen=True)
class Remembering:
    """One step that makes rows subject by subject.

    ``outputs`` are its tables, each with SQL for the subject of a row. ``prints`` are the fingerprints of the
    parts as they shall be; ``digests`` is SQL giving subject, home (number of its part) and digest of every
    subject in them.
    """

    workspace: Workspace
    engine: Engine
    step: str
    outputs: Mapping[str, str]
    prints: Mapping[str, str]
    digests: str

    def make(self, parts: Sequence[str], kept: Record | None, making: Making) -> dict[str, Placed]:
        """The outputs' parts: rows of unchanged subjects as they were, of the others made by ``making``,
        which finds them in ``nightly_changed``."""
        usable = self._usable(parts, kept)
        self._compare(parts, [self._page(part, (kept or {})["parts"][part]) for part in usable])
        made = making()
        placed = {name: self._placed(name, made[name], usable) for name in self.outputs}
        self._remember(parts, kept)
        return placed

    def _usable(self, parts: Sequence[str], kept: Record | None) -> list[str]:
        """The parts whose old rows and list both stand."""
        if kept is None:
            return []
        whole = set.intersection(*(self.workspace.whole_parts(kept, name) for name in self.outputs))
        return [part for part in parts if part in whole and self._page(part, kept["parts"][part]).exists()]

    def _compare(self, parts: Sequence[str], pages: Sequence[Path]) -> None:
        """``nightly_now`` of all subjects in the parts, ``nightly_same`` and ``nightly_changed``."""
        known = self.engine.open_files(REMEMBERED, pages, f"remembered_by_{self.step}")
        numbers = ", ".join(str(calendar_of(self.workspace).number(part)) for part in parts) or "null"
        self.engine.run(
            [
                Step(
                    "nightly_now",
                    "select subject, home, cast(digest as string) as digest "
                    f"from ({self.digests}) as made where home in ({numbers})",
                ),
                Step(
                    "nightly_same",
                    "select now.subject from nightly_now as now "
                    f"join {known.name} as known on known.subject = now.subject "
                    "and known.home = now.home and known.digest = now.digest",
                ),
                Step(
                    "nightly_changed",
                    "select now.subject, now.home from nightly_now as now "
                    "left join nightly_same as same on same.subject = now.subject "
                    "where same.subject is null",
                ),
            ]
        )

    def _placed(self, name: str, made: Relation, usable: Sequence[str]) -> Placed:
        """The rows made for changed subjects, and those of the others as they were."""
        calendar = calendar_of(self.workspace)
        subject = self.outputs[name]
        columns = ", ".join(made.contract.names)
        sql = (
            f"select it.*, changed.home as part from (select {columns}, {subject} as subject "
            f"from {made.name}) as it join nightly_changed as changed on changed.subject = it.subject"
        )
        if usable:
            old = self.workspace.opened_parts(self.engine, name, usable, "as_it_was")
            sql += (
                f" union all select it.*, now.home as part from (select {columns}, {subject} as subject "
                f"from {old.name}) as it join nightly_same as same on same.subject = it.subject "
                "join nightly_now as now on now.subject = it.subject"
            )
        return Placed(
            Relation(self.engine, f"({sql})", made.contract), lambda number: calendar.name(int(number))
        )

    def _remember(self, parts: Sequence[str], kept: Record | None) -> None:
        """Write the lists of the parts as they are now, and forget those of older times."""
        folder = self._page("", "").parent
        listed = Relation(self.engine, "(select *, home as part from nightly_now)", REMEMBERED)
        beside, _ = written_beside(self.workspace, listed, folder)
        for part in parts:
            keep = {self._page(part, self.prints[part])}
            keep |= {self._page(part, kept["parts"][part])} if kept and part in kept["parts"] else set()
            for page in set(folder.glob(f"{part}-*.parquet")) - keep:
                page.unlink()
            fresh = beside / f"{part}.parquet"
            if fresh.exists():
                fresh.replace(self._page(part, self.prints[part]))

    def _page(self, part: str, fingerprint: str) -> Path:
        return page_of(self.workspace, self.step, part, fingerprint)


def changed_rows(relation: Relation) -> Relation:
    """The rows of a relation whose incident is a changed subject."""
    sql = f"(select * from {relation.name} where incident_id in (select subject from nightly_changed))"
    return Relation(relation.engine, sql, relation.contract)
