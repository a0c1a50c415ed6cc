"""Which subjects' digests a change of what is said may reach.

A subject's digest rests on its record, on the crimes that matter to it, and on two rounds of logs beside it
(``subjects``). So from the rows that came, went or changed, all incidents are found that such a crime matters
to, that such a log stands beside, or that have another log beside them; then two rounds of logs beside these;
and the crimes that changed, whose twin did, or that any of these logs quotes. What this leaves out has the
digest it had. What it takes in may have: digests are compared afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opencdi.comparison.beside import TWINS_WITHIN, twins
from opencdi.engine import Engine, Step
from opencdi.nightly.homes import homes_of, parts_within
from opencdi.nightly.kept_parts import KeptTable
from opencdi.nightly.subjects import Said
from opencdi.nightly.surroundings import two_rounds
from opencdi.workspace import Workspace


def ask(workspace: Workspace, engine: Engine, said: Said, then: Mapping[str, Mapping[str, Path]]) -> None:
    """Make ``nightly_asked``: every subject that may have another digest than then.

    ``then`` gives the pages of the kept tables at that time, by table and part. ``nightly_moved_incidents``
    and ``nightly_moved_crimes`` stay: what is and was said of the records that came, went or changed.
    """
    moved = {
        name: _moved(engine, table, then[table.name])
        for name, table in (
            ("incidents", said.incidents),
            ("crimes", said.crimes),
            ("quotes", said.quotes),
            ("numbers", said.log_numbers),
            ("pairs", said.pairs),
        )
    }
    engine.run(Step(f"nightly_moved_{name}", sql) for name, sql in moved.items())
    live = homes_of(workspace, engine, "nightly_moved_crimes", "is_live")
    near = parts_within(workspace, "crimes", live, TWINS_WITHIN, TWINS_WITHIN)
    engine.run(
        [
            _crimes_told_anew(said.crimes.of_parts(near, "near_live").name),
            _first(said),
            *two_rounds("nightly_first", "nightly_second", "nightly_third"),
            _asked(said),
        ]
    )


def _moved(engine: Engine, table: KeptTable, then: Mapping[str, Path]) -> str:
    """SQL for the rows of a table that came or went, those that went ``gone``."""
    changed = sorted(part for part in {*then, *table.pages} if then.get(part) != table.pages.get(part))
    contract = table.relation.contract
    was, is_now = (
        engine.open_files(
            contract, [pages[part] for part in changed if part in pages], f"{table.name}_{when}"
        )
        for when, pages in (("then", then), ("now", table.pages))
    )
    columns = ", ".join(contract.names)
    return " union all ".join(
        f"select {columns}, {gone} as gone from ("
        f"select {columns} from {one.name} except select {columns} from {other.name}) as {name}"
        for gone, one, other, name in (("true", was, is_now, "went"), ("false", is_now, was, "came"))
    )


def _crimes_told_anew(crimes: str) -> Step:
    """``nightly_told_anew``: the crimes that moved, as they were and are, and those with such a twin."""
    columns = "crime_id, bare, linked, nearly_linked"
    return Step(
        "nightly_told_anew",
        f"""
        select {columns} from nightly_moved_crimes
        union
        select dead.crime_id, dead.bare, dead.linked, dead.nearly_linked
        from {twins(crimes, "nightly_moved_crimes")}""",
    )


def _first(said: Said) -> Step:
    """``nightly_first``: incidents whose own digest, or the logs beside which, may have changed."""
    incidents, quotes, numbers = (
        table.relation.name for table in (said.incidents, said.quotes, said.log_numbers)
    )
    return Step(
        "nightly_first",
        f"""
        select incident_id from nightly_moved_incidents
        union select linked from nightly_told_anew where linked is not null
        union select nearly_linked from nightly_told_anew where nearly_linked is not null
        union select incident_id from {quotes} where bare in (select bare from nightly_told_anew)
        union select incident_id from nightly_moved_quotes
        union select incident_id from nightly_moved_pairs
        union select incident_id from nightly_moved_numbers
        union select incident_id from {numbers} where number in (select bare from nightly_moved_incidents)
        union select incident_id from {incidents}
              where bare in (select number from nightly_moved_numbers where gone)""",
    )


def _asked(said: Said) -> Step:
    crimes, quotes = said.crimes.relation.name, said.quotes.relation.name
    return Step(
        "nightly_asked",
        f"""
        select 'i' || incident_id as subject from nightly_third
        union select 'c' || crime_id from nightly_told_anew
        union select 'c' || crime_id from {crimes}
              where bare in (select bare from {quotes}
                             where incident_id in (select incident_id from nightly_third)
                             union select bare from nightly_moved_quotes)""",
    )
