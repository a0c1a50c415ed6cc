"""The digests of all subjects as they stand: worked out anew for those alone that a change may reach.

They are kept by part, with the names of the kept tables that they were worked out from, so that a night knows
which rows of these came, went or changed since. Losing any of it costs the digests of all subjects, and time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from opencdi.comparison import Practice
from opencdi.comparison.practice import practice_from
from opencdi.engine import Engine, Step
from opencdi.nightly.lists import ListPages, SubjectLists, are_whole, forget_others
from opencdi.nightly.memory import told_apart
from opencdi.nightly.notes import calendar_of, digests_of, made_by
from opencdi.nightly.pages import Pages
from opencdi.nightly.reaching import ask
from opencdi.nightly.said import DERIVED
from opencdi.nightly.subjects import Said, beside_steps, everything_said, subject_steps
from opencdi.nightly.surroundings import AROUND, look_around
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Workspace

_NAME = "subjects"
_STEPS = ("compare", "population")
"""Steps whose rows were made from lists of subjects."""
_ROOMS = ("nightly", "comparison")
"""Those whose code makes the lists."""


@dataclass(frozen=True)
class Survey:
    """What is said, the force's practice, and whether ``nightly_matters`` and its like hold all records
    (else those around ``nightly_asked``)."""

    said: Said
    practice: Practice
    of_all: bool

    @property
    def incidents(self) -> str:
        """The name of what is said of the incidents that ``nightly_matters`` and its like hold."""
        return self.said.incidents.relation.name if self.of_all else AROUND["incidents"]


_SURVEYS: WeakKeyDictionary[Engine, Survey] = WeakKeyDictionary()
"""Engines that hold ``nightly_matters`` and its like. An engine serves one run of one step, in which its
inputs stay as they are."""


def subject_prints(workspace: Workspace, engine: Engine) -> Mapping[str, str]:
    """A fingerprint of the subjects of each part, which names their list."""
    lists = _current(workspace, engine)
    return {part: lists.print_of(part) for part in _parts(workspace)}


def tell_apart(
    workspace: Workspace, engine: Engine, parts: Sequence[str], then: Mapping[str, str], which: str = "true"
) -> list[str]:
    """Make ``nightly_changed`` of some parts; give those whose old rows are of use, but for the subjects in
    ``nightly_outdated``.

    ``then`` says which list the standing rows of a part were made from; ``which`` is SQL for the subjects
    that count. Lists are compared where it is not kept what changed from one to the other.
    """
    lists, pages = _current(workspace, engine), ListPages(workspace, engine)
    changes, kept = pages.changes(lists, then)
    old, compared = pages.listed_before({part: said for part, said in then.items() if part not in kept})
    fresh = pages.listed(lists, [part for part in parts if part not in kept])

    def those(rows: str) -> str:
        return f"(select * from {rows} as it where {which})"

    short = {
        "nightly_changed": f"select subject, home from {those(changes)} as it where digest is not null",
        "nightly_outdated": f"select subject, home from {those(changes)} as it",
    }
    known = [*kept, *compared]
    engine.run(
        Step(name, f"{short[name]} union all {sql}")
        for name, sql in told_apart(those(fresh), those(old)).items()
        if known or name == "nightly_changed"
    )
    return known


def surveyed(workspace: Workspace, engine: Engine) -> Survey:
    """Make ``nightly_matters`` and its like for the subjects in ``nightly_changed`` at least, unless this
    engine holds them."""
    known = _SURVEYS.get(engine)
    if known is not None and (known.of_all or _covers(engine)):
        return known
    said = known.said if known else everything_said(workspace, engine)
    practice = known.practice if known else practice_from(engine, said.crimes.relation.name)
    engine.run([*beside_steps(said), Step("nightly_asked", "select subject from nightly_changed")])
    return _look_around(workspace, engine, said, practice)


# Working out -----------------------------------------------------------------------------------------


def _current(workspace: Workspace, engine: Engine) -> SubjectLists:
    """The lists of subjects as they are, worked out where their inputs are not those of the last time."""
    last = _last(workspace)
    inputs = _inputs(workspace)
    if last is None or last["inputs"] != inputs:
        last = {"inputs": inputs, "code": made_by(workspace, *_ROOMS), **_worked_out(workspace, engine, last)}
        keep_notes(_page(workspace), last)
        _forget_older(workspace, last)
    return SubjectLists(**last["lists"])


def _worked_out(workspace: Workspace, engine: Engine, last: Mapping[str, Any] | None) -> dict[str, Any]:
    """The lists of subjects, with the pages and the practice that they follow from."""
    said = everything_said(workspace, engine)
    practice = practice_from(engine, said.crimes.relation.name)
    engine.run(beside_steps(said))
    then = _pages_of(workspace, said, last) if last and last["practice"] == str(practice) else None
    if last is None or then is None:
        lists = _all_anew(workspace, engine, said, practice)
    else:
        lists = _some_anew(workspace, engine, said, practice, SubjectLists(**last["lists"]), then)
    names = {table.name: {part: page.name for part, page in table.pages.items()} for table in said.tables}
    return {"lists": lists.as_notes(), "pages": names, "practice": str(practice)}


def _all_anew(workspace: Workspace, engine: Engine, said: Said, practice: Practice) -> SubjectLists:
    names = (said.crimes.relation.name, said.incidents.relation.name, said.quotes.relation.name)
    engine.run(subject_steps(*names, engine.dialect, practice))
    _SURVEYS[engine] = Survey(said, practice, of_all=True)
    return ListPages(workspace, engine).all_written("nightly_subject")


def _some_anew(
    workspace: Workspace,
    engine: Engine,
    said: Said,
    practice: Practice,
    before: SubjectLists,
    then: Mapping[str, Mapping[str, Path]],
) -> SubjectLists:
    """``before`` are the lists of then, ``then`` the pages they follow from."""
    ask(workspace, engine, said, then)
    _look_around(workspace, engine, said, practice)
    touched, pages = _touched(workspace, engine), ListPages(workspace, engine)
    engine.run(_differing(pages.listed(before, touched)))
    return pages.some_changed(before, touched, "nightly_differences")


def _differing(old: str) -> list[Step]:
    """``nightly_differences`` of the lists of the touched parts as they are now from the old ones: subjects
    that changed, and those that left their part without a digest."""
    asked = "(select subject from nightly_asked)"
    differing = told_apart("nightly_asked_now", "nightly_asked_then")
    return [
        Step(
            "nightly_asked_now", f"select subject, home, digest from nightly_subject where subject in {asked}"
        ),
        Step("nightly_asked_then", f"select subject, home, digest from {old} as it where subject in {asked}"),
        Step(
            "nightly_differences",
            f"select distinct it.subject, it.home, now.digest from ({differing['nightly_outdated']}) as it "
            "left join nightly_asked_now as now on now.subject = it.subject and now.home = it.home",
        ),
    ]


def _look_around(workspace: Workspace, engine: Engine, said: Said, practice: Practice) -> Survey:
    """``nightly_subject`` and its like around the subjects in ``nightly_asked``."""
    look_around(workspace, engine, said)
    engine.run(subject_steps(**AROUND, dialect=engine.dialect, practice=practice))
    _SURVEYS[engine] = Survey(said, practice, of_all=False)
    return _SURVEYS[engine]


def _touched(workspace: Workspace, engine: Engine) -> set[str]:
    """The parts that a subject in ``nightly_asked`` stands in, or stood in."""
    rows = engine.rows(
        "select home from nightly_subject where subject in (select subject from nightly_asked) "
        "union select home from nightly_moved_incidents union select home from nightly_moved_crimes"
    )
    return {calendar_of(workspace).name(int(row["home"])) for row in rows}


def _covers(engine: Engine) -> bool:
    beyond = "select subject from nightly_changed where subject not in (select subject from nightly_asked)"
    return not engine.rows(f"{beyond} limit 1")


# Keeping ---------------------------------------------------------------------------------------------


def _inputs(workspace: Workspace) -> str:
    return json_hash(
        [
            [digests_of(workspace, name) for name in ("incidents", "crimes", "parties")],
            [workspace.part_hashes(name) for name in ("links", *DERIVED)],
        ]
    )


def _page(workspace: Workspace) -> Path:
    return workspace.memory / f"{_NAME}.json"


def _last(workspace: Workspace) -> dict[str, Any] | None:
    """What was kept the last time; None where it or a list of subjects is lost, or the code is another."""
    last: dict[str, Any] | None = kept_notes(_page(workspace))
    if last is None or last["code"] != made_by(workspace, *_ROOMS):
        return None
    return last if are_whole(workspace, SubjectLists(**last["lists"])) else None


def _pages_of(workspace: Workspace, said: Said, last: Mapping[str, Any]) -> dict[str, dict[str, Path]] | None:
    """The pages that the digests of last time follow from, by table and part; None where one is lost."""
    found = {
        table.name: Pages(workspace, table.name).named(last["pages"][table.name]) for table in said.tables
    }
    whole = all(len(pages) == len(last["pages"][name]) for name, pages in found.items())
    return found if whole else None


def _parts(workspace: Workspace) -> Iterable[str]:
    return sorted({*digests_of(workspace, "incidents"), *digests_of(workspace, "crimes")})


def _forget_older(workspace: Workspace, last: Mapping[str, Any]) -> None:
    """Forget what neither these digests nor the rows of a step follow from."""
    for name, pages in last["pages"].items():
        kept = Pages(workspace, name)
        kept.keep_only(kept.named(pages).values())
    forget_others(workspace, SubjectLists(**last["lists"]), [workspace.prints(step) for step in _STEPS])
