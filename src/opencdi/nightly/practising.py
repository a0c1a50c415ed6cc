"""What a force exports of its crimes at all, added up from what each part's crimes show."""

from __future__ import annotations

from collections.abc import Sequence

from opencdi.comparison import Practice
from opencdi.comparison.practice import practice_from, traits_by_part
from opencdi.engine import Engine
from opencdi.nightly.homes import opened_parts, parties_parts
from opencdi.nightly.kept_parts import KeptTable, kept_by_part
from opencdi.nightly.notes import calendar_of, digests_of
from opencdi.schema import Column, Table
from opencdi.workspace import Workspace

_TRAITS = Table(
    "said_traits",
    "one trait of the crimes of a part",
    ("trait",),
    (
        Column("trait", "text", "The trait"),
        Column("crimes", "integer", "How many crimes of the part bear it"),
    ),
)


def said_traits(workspace: Workspace, engine: Engine) -> KeptTable:
    """The crimes of each part by the traits that a practice follows from."""
    parties = digests_of(workspace, "parties")
    rests_on = {
        part: [found["content"], parties.get(f"crime-{part}")]
        for part, found in digests_of(workspace, "crimes").items()
    }

    def rows_of(parts: Sequence[str]) -> str:
        (crimes,) = opened_parts(workspace, engine, parts, "crimes")
        people = workspace.opened_parts(engine, "parties", parties_parts("crime", parts), "of_crimes")
        part = calendar_of(workspace).of("recorded_at", engine.dialect)
        return traits_by_part(crimes.name, people.name, engine.dialect, part)

    return kept_by_part(workspace, engine, _TRAITS, rests_on, rows_of)


def practice_of(traits: KeptTable) -> Practice:
    """The practice of the whole force."""
    return practice_from(traits.relation.engine, traits.relation.name)
