"""Incidents whose rows need not be made again, in parts that must be.

Beside each part stands a list of its incidents, each with a digest of all that its rows were made from. Its
name carries the part's fingerprint, so that it can never be taken for that of other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from opencdi import schema
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.homes import homes, placed_by
from opencdi.nightly.notes import calendar_of
from opencdi.parts import Placed, write_parts
from opencdi.workspace import Record, Workspace

_REMEMBERED = schema.Table(
    "remembered",
    "one incident, with a digest of what its rows were made from",
    ("incident_id",),
    (
        schema.Column("incident_id", "text", "The incident"),
        schema.Column("home", "integer", "Number of its part"),
        schema.Column("digest", "text", "Digest of what its rows were made from"),
    ),
)

Making = Callable[[Relation], Mapping[str, Relation]]


@dataclass(frozen=True)
class Remembering:
    """One step that makes rows incident by incident.

    ``prints`` are the fingerprints of the parts as they shall be; ``digests`` is SQL giving incident_id and
    digest of every incident in them.
    """

    workspace: Workspace
    engine: Engine
    step: str
    outputs: tuple[str, ...]
    prints: Mapping[str, str]
    digests: str

    def make(
        self, incidents: Relation, parts: Sequence[str], kept: Record | None, making: Making
    ) -> dict[str, Placed]:
        """The outputs' parts: rows of unchanged incidents as they were, of the others made by ``making``,
        which is given those incidents."""
        usable = self._usable(parts, kept)
        self._compare(incidents, [self._page(part, (kept or {})["parts"][part]) for part in usable])
        made = making(_changed(incidents))
        placed = {
            name: placed_by(self.workspace, self._with_unchanged(name, made[name], usable), incidents, parts)
            for name in self.outputs
        }
        self._remember(parts, kept)
        return placed

    def _usable(self, parts: Sequence[str], kept: Record | None) -> list[str]:
        """The parts whose old rows and list both stand."""
        if kept is None:
            return []
        whole = set.intersection(*(self.workspace.whole_parts(kept, name) for name in self.outputs))
        return [part for part in parts if part in whole and self._page(part, kept["parts"][part]).exists()]

    def _compare(self, incidents: Relation, pages: Sequence[Path]) -> None:
        """``nightly_digest`` of all, ``nightly_same`` and ``nightly_changed``."""
        known = self.engine.open_files(_REMEMBERED, pages, f"remembered_by_{self.step}")
        self.engine.run(
            [
                Step(
                    "nightly_digest",
                    f"select made.incident_id, home.part as home, cast(made.digest as string) as digest "
                    f"from ({self.digests}) as made join {homes(self.workspace, incidents)} as home "
                    "on home.incident_id = made.incident_id",
                ),
                Step(
                    "nightly_same",
                    "select now.incident_id from nightly_digest as now "
                    f"join {known.name} as known on known.incident_id = now.incident_id "
                    "and known.home = now.home and known.digest = now.digest",
                ),
                Step(
                    "nightly_changed",
                    "select incident_id from nightly_digest "
                    "where incident_id not in (select incident_id from nightly_same)",
                ),
            ]
        )

    def _with_unchanged(self, name: str, made: Relation, usable: Sequence[str]) -> Relation:
        if not usable:
            return made
        old = self.workspace.opened_parts(self.engine, name, usable, "as_it_was")
        columns = ", ".join(made.contract.names)
        sql = (
            f"(select {columns} from {made.name} union all select {columns} from {old.name} "
            "where incident_id in (select incident_id from nightly_same))"
        )
        return Relation(self.engine, sql, made.contract)

    def _remember(self, parts: Sequence[str], kept: Record | None) -> None:
        """Write the lists of the parts as they are now, and forget those of older times."""
        calendar = calendar_of(self.workspace)
        folder = self._page("", "").parent
        folder.mkdir(parents=True, exist_ok=True)
        listed = Relation(self.engine, "(select *, home as part from nightly_digest)", _REMEMBERED)
        beside = folder / ".new"
        beside.mkdir(exist_ok=True)
        write_parts(Placed(listed, lambda number: calendar.name(int(number))), beside)
        for part in parts:
            keep = {self._page(part, self.prints[part])}
            keep |= {self._page(part, kept["parts"][part])} if kept and part in kept["parts"] else set()
            for page in set(folder.glob(f"{part}-*.parquet")) - keep:
                page.unlink()
            (beside / f"{part}.parquet").replace(self._page(part, self.prints[part]))

    def _page(self, part: str, fingerprint: str) -> Path:
        return self.workspace.memory / self.step / f"{part}-{fingerprint[:16]}.parquet"


def _changed(incidents: Relation) -> Relation:
    sql = f"(select * from {incidents.name} where incident_id in (select incident_id from nightly_changed))"
    return Relation(incidents.engine, sql, incidents.contract)
