"""A force's habits, learned from its first parts once and remembered (see ``linkage.habits``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from opencdi import linkage, schema
from opencdi.engine import Engine, Step
from opencdi.linkage.density import Density
from opencdi.nightly.homes import parties_parts
from opencdi.nightly.notes import digests_of, rows_by_part
from opencdi.nightly.numbering import formats_of
from opencdi.storage import json_hash, keep_notes, kept_notes
from opencdi.workspace import Relations, Workspace, code_hash

_NAMES = schema.Table(
    "names",
    "one name that is not rare in the force",
    ("surname", "forename"),
    (
        schema.Column("surname", "text", "The surname"),
        schema.Column("forename", "text", "The forename, empty where there is none"),
    ),
)
_FORMATS: WeakKeyDictionary[Engine, linkage.NumberFormats] = WeakKeyDictionary()
"""How the force numbers its records, by the engine of one run of the step."""


def _early_parts(workspace: Workspace) -> list[str]:
    """The first parts, with as many incidents as habits are learned from."""
    rows = rows_by_part(workspace)
    early: list[str] = []
    for part in sorted(rows):
        if sum(rows[each] for each in early) >= linkage.EARLY_INCIDENTS:
            break
        early.append(part)
    return early


def _formats(workspace: Workspace, engine: Engine) -> linkage.NumberFormats:
    if engine not in _FORMATS:
        _FORMATS[engine] = formats_of(workspace, engine)
    return _FORMATS[engine]


def habits_of(workspace: Workspace, engine: Engine, tables: Relations) -> linkage.Habits:
    """The force's habits, its common names in ``link_common``; what its first parts teach is remembered."""
    known = _taught(workspace, engine, tables)
    names = engine.open_files(_NAMES, [_names_page(workspace, known["key"])], "nightly_names")
    engine.run([Step("link_common", f"select surname, forename from {names.name}")])
    return linkage.Habits(_formats(workspace, engine), Density(**known["here"]))


def habits_print(workspace: Workspace, engine: Engine, tables: Relations) -> str:
    """Fingerprint of the force's habits."""
    known = _taught(workspace, engine, tables)
    return json_hash([known["here"], known["names"], asdict(_formats(workspace, engine))])


def _taught(workspace: Workspace, engine: Engine, tables: Relations) -> dict[str, Any]:
    """What the first parts teach: how busy the force is (``here``) and a digest of its common names, which
    stand in a file."""
    early = _early_parts(workspace)
    incidents, parties = digests_of(workspace, "incidents"), digests_of(workspace, "parties")
    key = json_hash(
        [
            workspace.audit.model_dump(mode="json", include={"linkage"}),
            code_hash(("linkage", "nightly")),
            [(part, incidents[part]["links"], parties.get(f"incident-{part}")) for part in early],
            [parties.get(f"crime-{part}") for part in early],
        ]
    )
    page, names = workspace.memory / "habits.json", _names_page(workspace, key)
    known: dict[str, Any] = kept_notes(page) or {}
    if known.get("key") == key and names.exists() and workspace.hashes.hash(names) == known["file"]:
        return known
    here = _learn(workspace, engine, tables, early).here
    names.parent.mkdir(parents=True, exist_ok=True)
    engine.relation(_NAMES, "link_common").write_whole(names)
    for old in set(names.parent.glob("names-*.parquet")) - {names}:
        old.unlink()
    digest = engine.rows(f"select {engine.dialect.digest_of_rows(_NAMES.names)} as names from link_common")
    known = {
        "key": key,
        "here": asdict(here),
        "names": str(digest[0]["names"]),
        "file": workspace.hashes.hash(names),
    }
    keep_notes(page, known)
    return known


def _learn(workspace: Workspace, engine: Engine, tables: Relations, early: Sequence[str]) -> linkage.Habits:
    people = [*parties_parts("incident", early), *parties_parts("crime", early)]
    return linkage.learn_habits(
        tables["incidents"],
        tables["crimes"],
        workspace.linkage,
        workspace.opened_parts(engine, "incidents", early, "early"),
        workspace.opened_parts(engine, "parties", people, "early"),
        _formats(workspace, engine),
    )


def _names_page(workspace: Workspace, key: str) -> Path:
    return workspace.memory / f"names-{key[:16]}.parquet"
