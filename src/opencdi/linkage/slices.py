"""Linkage of many incidents a stretch of time at a time, so that memory stays bounded.

A crime needs only the incidents of its window, those near enough to share a block with one of them, and
the one whose number it gives. So crimes are taken by the day of recording, some weeks at once, with the
incidents that any of them needs: which crimes are taken together changes no link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil

import pyarrow as pa

from opencdi import schema
from opencdi.engine import Relation
from opencdi.linkage.candidates import rules
from opencdi.linkage.habits import EARLY_INCIDENTS, Habits, learn_habits
from opencdi.linkage.linking import Cut, Linked, link_at_once
from opencdi.settings import Linkage

INCIDENTS_A_SLICE = 400_000
"""About how many incidents are held at once; a machine with a gigabyte to spare has room for them."""

_AT_ONCE = 3
"""Up to so many slices' worth is linked in one go: slices overlap by a window, which costs time."""


@dataclass(frozen=True)
class Slice:
    """Crimes recorded from ``start`` up to but without ``end``, as seconds since 1970."""

    start: int
    end: int


def link(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
) -> Relation:
    """Find the incident each recorded crime came from.

    ``families`` gives the incident group of each Home Office class; a class it does not know counts as
    an unknown offence. The result follows ``schema.LINKS``: one row a crime. Raises ``UserError`` where
    the weights file is missing or wrong.
    """
    return link_with_cuts(incidents, crimes, parties, settings, families).links


def link_with_cuts(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
    incidents_a_slice: int = INCIDENTS_A_SLICE,
) -> Linked:
    """As ``link``, with what the candidate rules' guard cut."""
    slices = slices_of(incidents, crimes, settings, incidents_a_slice)
    habits = _habits(incidents, crimes, parties, settings)
    if len(slices) <= 1:
        found = link_at_once(incidents, crimes, parties, settings, families, habits)
        plain = f"select {', '.join(schema.LINKS.names)} from {found.links.name} as made"
        return replace(found, links=_part(found.links, plain))
    cuts: list[Cut] = []

    def linked() -> Iterator[pa.RecordBatch]:
        for one in slices:
            within = _within(incidents, crimes, parties, settings, one)
            found = link_at_once(*within, settings, families, habits)
            cuts.extend(found.cuts)
            yield from found.links.batches(schema.LINKS.names)

    links = crimes.engine.from_batches(schema.LINKS, linked())
    return Linked(links, _together(cuts))


def slices_of(
    incidents: Relation, crimes: Relation, settings: Linkage, incidents_a_slice: int
) -> tuple[Slice, ...]:
    """Equal stretches from the first recording to the last, each with about so many incidents."""
    epoch = crimes.engine.dialect.epoch_seconds("recorded_at")
    span = crimes.engine.rows(f"select min({epoch}) as first, max({epoch}) as last from {crimes.name}")[0]
    total = incidents.count()
    if span["first"] is None or total <= incidents_a_slice * _AT_ONCE:
        return ()
    first, days = int(span["first"]), (float(span["last"]) - float(span["first"])) / 86_400 + 1
    in_a_window = total / days * settings.window_after_days
    count = ceil(total / max(1.0, incidents_a_slice - min(in_a_window, 0.6 * incidents_a_slice)))
    step = ceil(days * 86_400 / count)
    return tuple(Slice(first + step * place, first + step * (place + 1)) for place in range(count))


def reach(settings: Linkage, start: int, end: int) -> tuple[int, int]:
    """From when and until when the incidents are reported that crimes recorded from ``start`` up to ``end``
    need: those of every block that a crime's window touches, but for what is reported later than its
    candidates, which fills no block of theirs. All in seconds since 1970."""
    windows = [rule for rule in rules(settings) if rule.name != "long_ago"]
    first = min((start - rule.after) // rule.span * rule.span for rule in windows)
    return first, end + max(rule.before for rule in windows)


def without_log(incidents: Relation) -> str:
    """The columns of incidents of long ago: what their log quotes is not looked for."""
    return ", ".join(
        "cast(null as string) as narrative" if name == "narrative" else name
        for name in incidents.contract.names
    )


def _within(
    incidents: Relation, crimes: Relation, parties: Relation, settings: Linkage, one: Slice
) -> tuple[Relation, Relation, Relation]:
    start, end = (datetime.fromtimestamp(instant, UTC) for instant in (one.start, one.end))
    first, last = (datetime.fromtimestamp(instant, UTC) for instant in reach(settings, one.start, one.end))
    crime_rows = f"recorded_at >= {_instant(start)} and recorded_at < {_instant(end)}"
    near = f"reported_at >= {_instant(first)} and reported_at < {_instant(last)}"
    named = (
        f"incident_id in (select incident_reference from {crimes.name} where {crime_rows}) and not ({near})"
    )
    plain = ", ".join(schema.INCIDENTS.names)
    taken = (
        f"select {plain} from {incidents.name} where {near} "
        f"union all select {without_log(incidents)} from {incidents.name} where {named}"
    )
    return (
        _part(incidents, taken),
        _part(crimes, f"select * from {crimes.name} where {crime_rows}"),
        _part(
            parties,
            f"select * from {parties.name} where record_kind = 'crime' "
            f"and record_id in (select crime_id from {crimes.name} where {crime_rows}) "
            f"union all select * from {parties.name} where record_kind = 'incident' "
            f"and record_id in (select incident_id from ({taken}) as taken)",
        ),
    )


def _habits(incidents: Relation, crimes: Relation, parties: Relation, settings: Linkage) -> Habits:
    """The habits of a force by its first incidents."""
    early_ones = min(EARLY_INCIDENTS, incidents.count())
    if not early_ones:
        return learn_habits(incidents, crimes, settings, incidents, parties)
    ends = incidents.engine.rows(
        f"select max(reported_at) as last from (select reported_at from {incidents.name} "
        f"order by reported_at limit {early_ones}) as early"
    )[0]
    last = _instant(ends["last"] + timedelta(seconds=1))
    early = _part(incidents, f"select * from {incidents.name} where reported_at < {last}")
    people = (
        f"select * from {parties.name} where record_kind = 'incident' and record_id in "
        f"(select incident_id from {incidents.name} where reported_at < {last}) "
        f"union all select * from {parties.name} where record_kind = 'crime' and record_id in "
        f"(select crime_id from {crimes.name} where recorded_at < {last})"
    )
    return learn_habits(incidents, crimes, settings, early, _part(parties, people))


def _part(whole: Relation, sql: str) -> Relation:
    return Relation(whole.engine, f"({sql})", whole.contract)


def _instant(moment: datetime) -> str:
    return f"timestamp '{moment:%Y-%m-%d %H:%M:%S}'"


def _together(cuts: list[Cut]) -> tuple[Cut, ...]:
    rules = dict.fromkeys(cut.rule for cut in cuts)
    return tuple(
        Cut(
            rule,
            sum(cut.blocks_cut for cut in cuts if cut.rule == rule),
            sum(cut.crimes_affected for cut in cuts if cut.rule == rule),
            sum(cut.pairs_avoided for cut in cuts if cut.rule == rule),
        )
        for rule in rules
    )
