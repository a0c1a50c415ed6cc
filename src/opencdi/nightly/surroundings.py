"""What lies around some subjects: all that their digests, and what is found on them, rest on."""

from __future__ import annotations

from opencdi.comparison.beside import TWINS_WITHIN
from opencdi.engine import Dialect, Engine, Step, letters_and_digits
from opencdi.nightly.homes import homes_of, parts_about, parts_within
from opencdi.nightly.subjects import Said
from opencdi.workspace import Workspace

AROUND = {
    "crimes": "nightly_around_crimes",
    "incidents": "nightly_around_incidents",
    "quoted": "nightly_around_quotes",
}
"""What is said of the records around some subjects, as tables."""


def look_around(workspace: Workspace, engine: Engine, said: Said) -> None:
    """Make the tables of ``AROUND``, from the subjects in ``nightly_asked``.

    They hold the incidents asked about, the logs that quote the crimes asked about, two rounds of logs beside
    either, all crimes that matter to any of these, and their twins; and the incidents linked to those.
    """
    engine.run(_met_steps(said, engine.dialect))
    dead = homes_of(workspace, engine, "nightly_around_met", "is_dead")
    near = parts_within(workspace, "crimes", dead, TWINS_WITHIN, TWINS_WITHIN)
    engine.run([Step(AROUND["crimes"], _with_twins(said.crimes.of_parts(near, "near_dead").name))])
    around = (
        "select incident_id from nightly_around "
        f"union select linked from {AROUND['crimes']} where linked is not null"
    )
    about = parts_about(
        workspace, engine, "incidents", f"select incident_id as number from ({around}) as around"
    )
    incidents = said.incidents.of_parts(about, "around").name
    engine.run([Step(AROUND["incidents"], f"select * from {incidents} where incident_id in ({around})")])


def _with_twins(crimes: str) -> str:
    """SQL for the crimes met and the live ones among ``crimes`` in the place of a dead one."""
    return f"""
        select * from nightly_around_met
        union all
        select live.* from {crimes} as live
        where live.is_live and live.place <> ''
          and live.crime_id not in (select crime_id from nightly_around_met)
          and live.place in (select place from nightly_around_met where is_dead)"""


def _met_steps(said: Said, dialect: Dialect) -> list[Step]:
    """Steps that end in ``nightly_around`` and ``nightly_around_met``: the logs, and the crimes that matter
    to them or are asked about."""
    crimes, quotes = said.crimes.relation.name, said.quotes.relation.name
    bare = letters_and_digits("substr(subject, 2)", dialect)
    return [
        Step(
            "nightly_at",
            f"""
            select substr(subject, 2) as incident_id from nightly_asked where {_is("i")}
            union
            select incident_id from {quotes}
            where bare in (select {bare} from nightly_asked where {_is("c")})""",
        ),
        *two_rounds("nightly_at", "nightly_near", "nightly_around"),
        Step(
            AROUND["quoted"],
            f"select * from {quotes} where incident_id in (select incident_id from nightly_around)",
        ),
        Step(
            "nightly_around_met",
            f"""
            select * from {crimes}
            where crime_id in (select substr(subject, 2) from nightly_asked where {_is("c")})
               or linked in (select incident_id from nightly_around)
               or nearly_linked in (select incident_id from nightly_around)
               or bare in (select bare from {AROUND["quoted"]})""",
        ),
    ]


def finding_steps() -> list[Step]:
    """From the subjects in ``nightly_changed`` to ``nightly_wide``, the incidents that what is found on them
    rests on, and ``nightly_needed``, the crimes. ``subjects.subject_steps`` tells what matters to them."""
    return [
        Step(
            "nightly_redone",
            f"""
            select substr(subject, 2) as incident_id from nightly_changed where {_is("i")}
            union
            select incident_id from nightly_quotes
            where crime_id in (select substr(subject, 2) from nightly_changed where {_is("c")})""",
        ),
        *two_rounds("nightly_redone", "nightly_nearer", "nightly_wide"),
        Step(
            "nightly_own_crimes",
            f"select substr(subject, 2) as crime_id from nightly_changed where {_is('c')} "
            "union select crime_id from nightly_matters "
            "where incident_id in (select incident_id from nightly_wide)",
        ),
        Step(
            "nightly_needed",
            "select crime_id from nightly_own_crimes union select twin_id from nightly_twins "
            "where crime_id in (select crime_id from nightly_own_crimes)",
        ),
    ]


def two_rounds(start: str, once: str, twice: str) -> list[Step]:
    """Some incidents with the logs beside them, and with those beside these."""
    return [
        Step(
            found,
            f"select incident_id from {source} union select beside.other_id from nightly_beside as beside "
            f"where beside.incident_id in (select incident_id from {source})",
        )
        for source, found in ((start, once), (once, twice))
    ]


def _is(kind: str) -> str:
    return f"substr(subject, 1, 1) = '{kind}'"
