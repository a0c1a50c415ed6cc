"""The lists of all subjects with their digests, by part.

A list is what its page says, but for the subjects that changed since: a night's crimes reach a few subjects
of many parts, whose pages need not be written again for them. These subjects of all parts stand on one page,
and those that changed the last time on another, so that no two lists need be compared to know them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part
from opencdi.nightly.homes import in_parts
from opencdi.nightly.memory import REMEMBERED
from opencdi.nightly.notes import calendar_of
from opencdi.nightly.pages import Pages
from opencdi.storage import json_hash
from opencdi.workspace import Workspace

_MANY = 500
"""Subjects of a part that changed since its page was written: where there are more, it is written again."""


@dataclass(frozen=True)
class SubjectLists:
    """The lists by part: the digest of each as it is (``digests``) and as its page says (``written``), and
    the fingerprints of those that changed the last time, before and after (``steps``)."""

    digests: Mapping[str, str]
    written: Mapping[str, str]
    steps: Mapping[str, Sequence[str]]

    def as_notes(self) -> dict[str, Any]:
        return asdict(self)

    def print_of(self, part: str) -> str:
        """The fingerprint of a list."""
        return json_hash(self.digests.get(part))

    def moved(self) -> dict[str, tuple[str, str]]:
        """Of the lists that are not what their pages say the digests, on the page and now."""
        return {
            part: (self.written[part], digest)
            for part, digest in self.digests.items()
            if self.written[part] != digest
        }


class ListPages:
    """The pages that lists stand on."""

    def __init__(self, workspace: Workspace, engine: Engine) -> None:
        self._workspace = workspace
        self._engine = engine

    # Reading ----------------------------------------------------------------------------------------

    def listed(self, lists: SubjectLists, parts: Iterable[str]) -> str:
        """SQL for the lists of some parts as they are (subject, home, digest), to select from."""
        there = [part for part in parts if part in lists.written]
        pages = _pages(self._workspace).standing(_prints({part: lists.written[part] for part in there}))
        since = _since(self._workspace).standing_together(lists.moved())
        at_home = in_parts(self._workspace, "home", there)
        return _with_changes(
            self._opened(pages.values(), "written"),
            f"(select * from {self._opened(since, 'since')} where {at_home})",
        )

    def listed_before(self, prints: Mapping[str, str]) -> tuple[str, Collection[str]]:
        """SQL for lists of some fingerprints that stand on pages of their own, and their parts."""
        pages = _pages(self._workspace).standing(prints)
        return self._opened(pages.values(), "before"), pages.keys()

    def changes(self, lists: SubjectLists, then: Mapping[str, str]) -> tuple[str, Collection[str]]:
        """SQL for the subjects that changed from some fingerprints to the lists as they are (digest null for
        one that left its part), and the parts of which that is kept."""
        page = _changes(self._workspace).standing_together(lists.steps)
        parts = {
            part
            for part, print_ in then.items()
            if page and list(lists.steps.get(part, ())) == [print_, lists.print_of(part)]
        }
        at_home = in_parts(self._workspace, "home", sorted(parts))
        return f"(select * from {self._opened(page, 'changes')} where {at_home})", parts

    def _opened(self, pages: Iterable[Path], name: str) -> str:
        return self._engine.open_files(REMEMBERED, sorted(pages), f"subjects_{name}").name

    # Writing ----------------------------------------------------------------------------------------

    def all_written(self, subjects: str) -> SubjectLists:
        """The lists of the subjects in a table (subject, home, digest), each on a page of its own."""
        digests = self._digests(subjects)
        self._write(subjects, digests)
        return SubjectLists(digests, digests, {})

    def some_changed(self, before: SubjectLists, touched: Collection[str], differences: str) -> SubjectLists:
        """The lists once the subjects in a table (subject, home, digest, null for one that left its part)
        have changed, all of them in the parts ``touched``."""
        now = _with_changes(self.listed(before, touched), differences)
        found = self._digests(now)
        digests = {part: digest for part, digest in before.digests.items() if part not in touched} | found
        self._gather(before, differences)
        rewritten = {part: found[part] for part in found if part not in before.written}
        rewritten |= {part: found[part] for part in self._much_changed() if part in found}
        steps = {
            part: (before.print_of(part), json_hash(digest))
            for part, digest in found.items()
            if before.digests.get(part) not in (None, digest)
        }
        written = {part: digest for part, digest in before.written.items() if part in digests} | rewritten
        lists = SubjectLists(digests, written, steps)
        self._write(now, rewritten)
        self._write_together(_since(self._workspace), "nightly_since", lists.moved())
        self._write_together(_changes(self._workspace), differences, steps)
        return lists

    def _gather(self, before: SubjectLists, differences: str) -> None:
        """``nightly_since``: what changed since the pages were written, these differences included."""
        since = _since(self._workspace).standing_together(before.moved())
        earlier = _without(self._opened(since, "since"), differences)
        self._engine.run(
            [Step("nightly_since", f"{earlier} union all select subject, home, digest from {differences}")]
        )

    def _much_changed(self) -> list[str]:
        rows = self._engine.rows(
            f"select home from nightly_since group by home having count(*) > {_MANY} order by home"
        )
        return [calendar_of(self._workspace).name(int(row["home"])) for row in rows]

    def _digests(self, lists: str) -> dict[str, str]:
        calendar = calendar_of(self._workspace)
        found = digest_by_part(self._engine, f"select * from {lists} as it", "home", ["subject", "digest"])
        return {calendar.name(part): digest for part, digest in found.items()}

    def _write(self, lists: str, digests: Mapping[str, str]) -> None:
        _pages(self._workspace).write(self._rows_at_home(lists, digests), _prints(digests))

    def _write_together(self, pages: Pages, rows: str, said: Mapping[str, Sequence[str]]) -> None:
        """Write the rows of the parts that are said on one page."""
        pages.write_together(self._rows_at_home(rows, said), said)

    def _rows_at_home(self, rows: str, parts: Iterable[str]) -> Relation:
        """The rows of some parts, as pages are written from."""
        at_home = in_parts(self._workspace, "home", parts)
        return Relation(
            self._engine, f"(select *, home as part from {rows} as it where {at_home})", REMEMBERED
        )


def are_whole(workspace: Workspace, lists: SubjectLists) -> bool:
    """Whether no page of the lists is lost."""
    moved = lists.moved()
    return len(_pages(workspace).standing(_prints(lists.written))) == len(lists.written) and (
        not moved or bool(_since(workspace).standing_together(moved))
    )


def forget_others(workspace: Workspace, lists: SubjectLists, rested_on: Iterable[Mapping[str, str]]) -> None:
    """Forget the pages of other lists than these and those with some fingerprints."""
    pages = _pages(workspace)
    kept = [pages.standing(prints) for prints in (_prints(lists.written), *rested_on)]
    pages.keep_only({page for each in kept for page in each.values()})
    for together, said in ((_since(workspace), lists.moved()), (_changes(workspace), lists.steps)):
        together.keep_only(together.standing_together(said))


def _pages(workspace: Workspace) -> Pages:
    return Pages(workspace, "subjects")


def _since(workspace: Workspace) -> Pages:
    return Pages(workspace, "subjects_since")


def _changes(workspace: Workspace) -> Pages:
    return Pages(workspace, "subjects_changed")


def _prints(digests: Mapping[str, str]) -> dict[str, str]:
    return {part: json_hash(digest) for part, digest in digests.items()}


def _with_changes(lists: str, changes: str) -> str:
    """SQL for lists once some subjects have changed."""
    return (
        f"({_without(lists, changes)} "
        f"union all select subject, home, digest from {changes} as change where digest is not null)"
    )


def _without(lists: str, changes: str) -> str:
    return (
        f"select subject, home, digest from {lists} as it where not exists "
        f"(select 1 from {changes} as other where other.subject = it.subject and other.home = it.home)"
    )
