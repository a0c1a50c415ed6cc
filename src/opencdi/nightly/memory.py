"""Subjects whose rows need not be made again, in parts that must be.

A list says of each subject of a part (an incident, or a crime by itself) a digest of all that its rows were
made from. Where the rows of a part stand and so does their list, only the subjects are redone whose digest is
another in the list as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from opencdi import schema
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part
from opencdi.nightly.homes import in_parts, numbered_rows
from opencdi.nightly.notes import calendar_of
from opencdi.nightly.pages import Pages
from opencdi.parts import Placed
from opencdi.workspace import Record, Workspace

REMEMBERED = schema.Table(
    "remembered",
    "one subject, with a digest of what its rows were made from",
    ("subject",),
    (
        schema.Column("subject", "text", "The subject: an incident, or a crime"),
        schema.Column("home", "integer", "Number of its part"),
        schema.Column("digest", "integer", "Digest of what its rows were made from"),
    ),
)

Making = Callable[[], Mapping[str, Relation]]
Choosing = Callable[[Relation], Relation]


@dataclass(frozen=True)
class Redoing:
    """One step that makes rows subject by subject; ``outputs`` are its tables, each with SQL for the subject
    of a row."""

    workspace: Workspace
    engine: Engine
    outputs: Mapping[str, str]

    def standing(self, parts: Sequence[str], kept: Record | None) -> dict[str, str]:
        """Those of some parts whose rows stand as the record says, with the fingerprint of what they were
        made from."""
        if kept is None:
            return {}
        whole = set.intersection(*(self.workspace.whole_parts(kept, name) for name in self.outputs))
        return {part: kept["parts"][part] for part in parts if part in whole}

    def make(self, usable: Collection[str], making: Making) -> dict[str, Placed]:
        """The outputs' parts: rows of the subjects in ``nightly_changed`` made by ``making``; those of the
        others as they were, but for those in ``nightly_outdated``. ``usable`` are the parts of old rows; one
        in which the rows made are those that were is left as it stands."""
        made = making()
        return {name: self._placed(name, made[name], sorted(usable)) for name in self.outputs}

    def _placed(self, name: str, made: Relation, usable: Sequence[str]) -> Placed:
        """The rows made for changed subjects, and those of the others as they were."""
        calendar = calendar_of(self.workspace)
        subject = self.outputs[name]
        columns = ", ".join(made.contract.names)
        fresh = (
            f"select {columns}, changed.home as part from (select {columns}, {subject} as subject "
            f"from {made.name}) as it join nightly_changed as changed on changed.subject = it.subject"
        )
        standing = self._standing_as_made(name, made.contract, fresh, usable)
        sql = fresh
        if standing:
            sql += f" where not {in_parts(self.workspace, 'changed.home', standing)}"
        if rewritten := [part for part in usable if part not in standing]:
            sql += (
                f" union all select {columns}, part from ({self._was(name, rewritten)}) as it "
                f"where {subject} not in (select subject from nightly_outdated)"
            )
        return Placed(
            Relation(self.engine, f"({sql})", made.contract),
            lambda number: calendar.name(int(number)),
            frozenset(standing),
        )

    def _standing_as_made(
        self, name: str, contract: schema.Table, fresh: str, usable: Sequence[str]
    ) -> list[str]:
        """The parts in which the rows made (``fresh``) are those of the same subjects that stand."""
        if not usable:
            return []
        number = calendar_of(self.workspace).number
        outdated = f"{self.outputs[name]} in (select subject from nightly_outdated)"
        now, then = (
            digest_by_part(self.engine, sql, "part", contract.names)
            for sql in (
                f"select * from ({fresh}) as made where {in_parts(self.workspace, 'part', usable)}",
                f"select * from ({self._was(name, usable)}) as it where {outdated}",
            )
        )
        return [part for part in usable if now.get(number(part)) == then.get(number(part))]

    def _was(self, name: str, parts: Sequence[str]) -> str:
        return numbered_rows(self.workspace, self.engine, name, parts, "was")


def told_apart(now: str, then: str) -> dict[str, str]:
    """SQL for two tables of subject and home: ``nightly_changed``, subjects to be made, and
    ``nightly_outdated``, those whose old rows go. ``now`` and ``then`` name lists of the same parts."""
    changed = f"""
        select now.subject, now.home from {now} as now where not exists (
            select 1 from {then} as known where known.subject = now.subject
            and known.home = now.home and known.digest = now.digest)"""
    gone = f"""
        select known.subject, known.home from {then} as known where not exists (
            select 1 from {now} as now where now.subject = known.subject and now.home = known.home)"""
    return {"nightly_changed": changed, "nightly_outdated": f"{changed} union all {gone}"}


@dataclass(frozen=True)
class Remembering:
    """A step that makes rows subject by subject, and keeps its own lists of them.

    ``prints`` are the fingerprints of the parts as they shall be; ``digests`` is SQL giving subject, home
    (number of its part) and digest of every subject in them.
    """

    workspace: Workspace
    engine: Engine
    step: str
    outputs: Mapping[str, str]
    prints: Mapping[str, str]
    digests: str

    def make(
        self,
        parts: Sequence[str],
        kept: Record | None,
        making: Callable[[Choosing], Mapping[str, Relation]],
    ) -> dict[str, Placed]:
        """As ``Redoing.make``; lists the subjects of the parts as they are now, and forgets older lists.

        ``making`` is given what chooses the rows of changed subjects from a relation that holds rows of
        subjects alone: where none is known of before, it is all of them.
        """
        redoing = Redoing(self.workspace, self.engine, self.outputs)
        lists = Pages(self.workspace, self.step)
        then = lists.standing(redoing.standing(parts, kept))
        self.engine.run(
            [
                Step(
                    "nightly_now",
                    f"select subject, home, digest from ({self.digests}) as made "
                    f"where {in_parts(self.workspace, 'home', parts)}",
                )
            ]
        )
        known = self.engine.open_files(REMEMBERED, [then[part] for part in sorted(then)], "remembered")
        self.engine.run(Step(name, sql) for name, sql in told_apart("nightly_now", known.name).items())
        placed = redoing.make(then, lambda: making(changed_rows if then else lambda relation: relation))
        listed = Relation(self.engine, "(select *, home as part from nightly_now)", REMEMBERED)
        fresh = lists.write(listed, {part: self.prints[part] for part in parts})
        lists.keep_only([*fresh.values(), *lists.standing((kept or {}).get("parts", {})).values()])
        return placed


def changed_rows(relation: Relation) -> Relation:
    """The rows of a relation whose incident is a changed subject."""
    sql = f"(select * from {relation.name} where incident_id in (select subject from nightly_changed))"
    return Relation(relation.engine, sql, relation.contract)
