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
from opencdi.engine import Engine, Relation, Step
from opencdi.nightly.digests import digest_by_part
from opencdi.nightly.homes import in_parts
from opencdi.nightly.memory import REMEMBERED, told_apart
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.nightly.pages import Pages
from opencdi.nightly.practising import practice_of
from opencdi.nightly.reaching import asked_steps
from opencdi.nightly.said import DERIVED
from opencdi.nightly.subjects import Said, beside_steps, everything_said, subject_steps
from opencdi.nightly.surroundings import AROUND, around_steps
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Workspace, code_hash

_NAME = "subjects"
_STEPS = ("compare", "population")
"""Steps whose rows were made from lists of subjects."""


@dataclass(frozen=True)
class Survey:
    """What is said, the force's practice, and whether ``nightly_matters`` and its like hold all records
    (else those around ``nightly_asked``)."""

    said: Said
    practice: Practice
    of_all: bool


_SURVEYS: WeakKeyDictionary[Engine, Survey] = WeakKeyDictionary()
"""Engines that hold ``nightly_matters`` and its like. An engine serves one run of one step, in which its
inputs stay as they are."""


def subject_prints(workspace: Workspace, engine: Engine) -> Mapping[str, str]:
    """A fingerprint of the subjects of each part, which names their list."""
    last = _last(workspace)
    inputs = _inputs(workspace)
    if last is None or last["inputs"] != inputs:
        last = {"inputs": inputs, "code": _code(workspace), **_worked_out(workspace, engine, last)}
        keep_notes(_page(workspace), last)
        _forget_older(workspace, last)
    return {part: json_hash(last["digests"].get(part)) for part in _parts(workspace)}


def tell_apart(
    workspace: Workspace, engine: Engine, parts: Sequence[str], then: Mapping[str, str], which: str = "true"
) -> list[str]:
    """Make ``nightly_changed`` of some parts; give those whose old rows are of use, but for the subjects in
    ``nightly_outdated``.

    ``then`` says which list the standing rows of a part were made from; ``which`` is SQL for the subjects
    that count. Lists are compared where it is not kept what changed from one to the other.
    """
    prints = subject_prints(workspace, engine)
    now = _lists(workspace).standing({part: prints[part] for part in parts})
    known = _lists(workspace).standing(then)
    kept = {
        part: page
        for part, page in _changes(workspace).standing(_steps_between(then, prints)).items()
        if part in known
    }
    changes, fresh, old = (
        engine.open_files(REMEMBERED, [pages[part] for part in sorted(pages) if part not in others], name)
        for pages, others, name in ((kept, (), "changes"), (now, kept, "fresh"), (known, kept, "old"))
    )

    def those(lists: Relation) -> str:
        return f"(select * from {lists.name} where {which})"

    short = {
        "nightly_changed": f"select subject, home from {those(changes)} as it where digest is not null",
        "nightly_outdated": f"select subject, home from {those(changes)} as it",
    }
    engine.run(
        Step(name, f"{short[name]} union all {sql}")
        for name, sql in told_apart(those(fresh), those(old)).items()
        if known or name == "nightly_changed"
    )
    return list(known)


def surveyed(workspace: Workspace, engine: Engine) -> Survey:
    """Make ``nightly_matters`` and its like for the subjects in ``nightly_changed`` at least, unless this
    engine holds them."""
    known = _SURVEYS.get(engine)
    if known is not None and (known.of_all or _covers(engine)):
        return known
    said = known.said if known else everything_said(workspace, engine)
    practice = known.practice if known else practice_of(said.traits)
    engine.run([*beside_steps(said), Step("nightly_asked", "select subject from nightly_changed")])
    return _look_around(engine, said, practice)


# Working out -----------------------------------------------------------------------------------------


def _worked_out(workspace: Workspace, engine: Engine, last: Mapping[str, Any] | None) -> dict[str, Any]:
    """The digest of the subjects of each part, whose list is written; with the pages and the practice that
    they follow from."""
    said = everything_said(workspace, engine)
    practice = practice_of(said.traits)
    engine.run(beside_steps(said))
    then = _pages_of(workspace, said, last) if last and last["practice"] == str(practice) else None
    if last is None or then is None:
        digests = _all_anew(workspace, engine, said, practice)
    else:
        digests = _some_anew(workspace, engine, said, practice, last["digests"], then)
    names = {table.name: {part: page.name for part, page in table.pages.items()} for table in said.tables}
    return {"digests": digests, "pages": names, "practice": str(practice)}


def _all_anew(workspace: Workspace, engine: Engine, said: Said, practice: Practice) -> dict[str, str]:
    names = (said.crimes.relation.name, said.incidents.relation.name, said.quotes.relation.name)
    engine.run(subject_steps(*names, engine.dialect, practice))
    _SURVEYS[engine] = Survey(said, practice, of_all=True)
    digests = _by_part(workspace, engine, "nightly_subject")
    _write_lists(workspace, engine, "nightly_subject", digests)
    return digests


def _some_anew(
    workspace: Workspace,
    engine: Engine,
    said: Said,
    practice: Practice,
    before: Mapping[str, str],
    then: Mapping[str, Mapping[str, Path]],
) -> dict[str, str]:
    """``before`` are the digests of then, whose lists stand; ``then`` the pages they follow from."""
    engine.run(asked_steps(engine, said, then))
    _look_around(engine, said, practice)
    touched = _touched(workspace, engine)
    standing = _lists_of(workspace, {part: before[part] for part in touched if part in before})
    old = engine.open_files(REMEMBERED, [standing[part] for part in sorted(standing)], "subjects_then")
    engine.run(_merging(old.name))
    found = _by_part(workspace, engine, "nightly_lists")
    changed = {part: digest for part, digest in found.items() if before.get(part) != digest}
    _write_lists(workspace, engine, "nightly_lists", changed)
    _write_changes(workspace, engine, before, changed)
    return {part: digest for part, digest in before.items() if part not in touched} | found


def _merging(old: str) -> list[Step]:
    """``nightly_lists``, the lists of the touched parts as they are now, and ``nightly_differences`` from
    the old ones: subjects that changed, and those that left their part without a digest."""
    asked = "(select subject from nightly_asked)"
    differing = told_apart("nightly_asked_now", "nightly_asked_then")
    return [
        Step(
            "nightly_asked_now", f"select subject, home, digest from nightly_subject where subject in {asked}"
        ),
        Step("nightly_asked_then", f"select subject, home, digest from {old} where subject in {asked}"),
        Step(
            "nightly_lists",
            f"select subject, home, digest from {old} where subject not in {asked} "
            "union all select subject, home, digest from nightly_asked_now",
        ),
        Step(
            "nightly_differences",
            f"select distinct it.subject, it.home, now.digest from ({differing['nightly_outdated']}) as it "
            "left join nightly_asked_now as now on now.subject = it.subject and now.home = it.home",
        ),
    ]


def _look_around(engine: Engine, said: Said, practice: Practice) -> Survey:
    """``nightly_subject`` and its like around the subjects in ``nightly_asked``."""
    engine.run(around_steps(said, engine.dialect))
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


def _code(workspace: Workspace) -> str:
    """What digests and the names of parts depend on besides records; it stands in the names of pages."""
    return json_hash([code_hash(("nightly", "comparison")), calendar_of(workspace).days])


def _page(workspace: Workspace) -> Path:
    return workspace.memory / f"{_NAME}.json"


def _last(workspace: Workspace) -> dict[str, Any] | None:
    """What was kept the last time; None where it or a list of subjects is lost, or the code is another."""
    last: dict[str, Any] | None = kept_notes(_page(workspace))
    if last is None or last["code"] != _code(workspace):
        return None
    return last if len(_lists_of(workspace, last["digests"])) == len(last["digests"]) else None


def _pages_of(workspace: Workspace, said: Said, last: Mapping[str, Any]) -> dict[str, dict[str, Path]] | None:
    """The pages that the digests of last time follow from, by table and part; None where one is lost."""
    found = {
        table.name: Pages(workspace, table.name).named(last["pages"][table.name]) for table in said.tables
    }
    whole = all(len(pages) == len(last["pages"][name]) for name, pages in found.items())
    return found if whole else None


def _parts(workspace: Workspace) -> Iterable[str]:
    return sorted({*digests_of(workspace, "incidents"), *digests_of(workspace, "crimes")})


def _by_part(workspace: Workspace, engine: Engine, lists: str) -> dict[str, str]:
    calendar = calendar_of(workspace)
    found = digest_by_part(engine, f"select * from {lists}", "home", ["subject", "digest"])
    return {calendar.name(part): digest for part, digest in found.items()}


def _lists_of(workspace: Workspace, digests: Mapping[str, str]) -> dict[str, Path]:
    return _lists(workspace).standing({part: json_hash(digest) for part, digest in digests.items()})


def _write_lists(workspace: Workspace, engine: Engine, lists: str, digests: Mapping[str, str]) -> None:
    """Write the lists of some parts."""
    rows = _rows_at_home(workspace, engine, lists, digests)
    _lists(workspace).write(rows, {part: json_hash(digest) for part, digest in digests.items()})


def _write_changes(
    workspace: Workspace, engine: Engine, before: Mapping[str, str], changed: Mapping[str, str]
) -> None:
    """Write what changed in the lists of some parts that had one before, in place of earlier changes."""
    then, now = (
        {part: json_hash(digests[part]) for part in changed if part in before}
        for digests in (before, changed)
    )
    rows = _rows_at_home(workspace, engine, "nightly_differences", then)
    written = _changes(workspace).write(rows, _steps_between(then, now))
    _changes(workspace).keep_only(written.values())


def _rows_at_home(workspace: Workspace, engine: Engine, lists: str, parts: Iterable[str]) -> Relation:
    """The rows of some parts, as pages are written from."""
    at_home = in_parts(workspace, "home", parts)
    return Relation(engine, f"(select *, home as part from {lists} where {at_home})", REMEMBERED)


def _steps_between(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The fingerprint of what changed in the list of each part from one time to another."""
    return {part: json_hash([then[part], now[part]]) for part in then if part in now}


def _lists(workspace: Workspace) -> Pages:
    return Pages(workspace, _NAME)


def _changes(workspace: Workspace) -> Pages:
    return Pages(workspace, f"{_NAME}_changed")


def _forget_older(workspace: Workspace, last: Mapping[str, Any]) -> None:
    """Forget what neither these digests nor the rows of a step follow from."""
    for name, pages in last["pages"].items():
        kept = Pages(workspace, name)
        kept.keep_only(kept.named(pages).values())
    lists = _lists(workspace)
    rested_on = [lists.standing(workspace.prints(step)) for step in _STEPS]
    current = _lists_of(workspace, last["digests"])
    lists.keep_only({page for pages in (*rested_on, current) for page in pages.values()})
