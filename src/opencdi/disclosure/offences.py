"""From what a log says to the offences it discloses, each once.

Events of one kind are one offence a victim; what is part of another act (the force of a robbery) is
not an offence of its own. The counting rules are not applied here: every separate offence is kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from opencdi.disclosure.book import Book, Together
from opencdi.disclosure.reader import Event, Reading
from opencdi.disclosure.tags import Tags

SAID_FIRST = ("asserted", "retracted", "past", "other_incident", "hypothetical", "negated")
SAID_AGAIN = 0.85
LATER = 0.03
CIRCUMSTANCES = frozenset({"injury", "entry", "vehicle_entry"})
"""Kinds that are no offence on their own, but make one together with another."""


@dataclass(frozen=True, slots=True)
class Offence:
    """One kind of offence with all events that speak of it in the same way."""

    kind: str
    assertion: str
    attempted: bool
    strength: float
    events: tuple[Event, ...]


def offences_of(reading: Reading, tags: Tags, book: Book) -> list[Offence]:
    """The offences of one log, what stands out first. ``tags`` are all tags in the log."""
    if not reading.events:
        return []
    events = [*reading.events, *_made_together(reading.events, tags, book.together)]
    offences = [_merged(kind, said) for kind, said in _by_kind(events).items() if kind not in CIRCUMSTANCES]
    kept = _without_parts(offences, book)
    return sorted(kept, key=lambda offence: (-_standing(offence), offence.kind))


def _standing(offence: Offence) -> float:
    """Strength, less a little for what is mentioned later: a log says first what it is about."""
    return offence.strength - LATER * min(event.clause for event in offence.events)


def _by_kind(events: Iterable[Event]) -> dict[str, list[Event]]:
    by_kind: dict[str, list[Event]] = {}
    for event in events:
        by_kind.setdefault(event.kind, []).append(event)
    return by_kind


def _made_together(events: Sequence[Event], tags: Tags, together: Iterable[Together]) -> list[Event]:
    asserted = _by_kind(event for event in events if event.assertion == "asserted")
    made: list[Event] = []
    for rule in together if len(asserted) > 1 else ():
        if rule.kinds[0] not in asserted or rule.kinds[1] not in asserted:
            continue
        if (rule.tags and not tags.any(*rule.tags)) or tags.any(*rule.without):
            continue
        first, second = (asserted[kind] for kind in rule.kinds)
        pair = _nearest(first, second)
        if abs(pair[0].clause - pair[1].clause) <= rule.within:
            made.append(_joined(pair, rule))
    return made


def _nearest(first: Sequence[Event], second: Sequence[Event]) -> tuple[Event, Event]:
    """The pair with the fewest clauses between. Both are in the order of the log."""
    clauses = [event.clause for event in second]
    best = (first[0], second[0])
    for one in first:
        place = bisect_left(clauses, one.clause)
        for other in second[max(0, place - 1) : place + 1]:
            if abs(one.clause - other.clause) < abs(best[0].clause - best[1].clause):
                best = (one, other)
    return best


def _joined(pair: tuple[Event, Event], rule: Together) -> Event:
    one, other = pair
    evidence = tuple(dict.fromkeys([*one.evidence, *other.evidence]))
    attempted = one.attempted and other.attempted
    name = "+".join([one.rule, other.rule])
    return Event(rule.makes, name, "asserted", attempted, rule.strength, one.clause, evidence)


def _merged(kind: str, events: Sequence[Event]) -> Offence:
    assertion = min((event.assertion for event in events), key=SAID_FIRST.index)
    said_so = tuple(event for event in events if event.assertion == assertion)
    strongest = max(event.strength for event in said_so)
    strength = 1.0 - (1.0 - strongest) * SAID_AGAIN ** (len({event.clause for event in said_so}) - 1)
    return Offence(kind, assertion, all(event.attempted for event in said_so), strength, said_so)


def _without_parts(offences: Sequence[Offence], book: Book) -> list[Offence]:
    absorbed: set[str] = set()
    for offence in offences:
        if offence.assertion == "asserted":
            absorbed |= book.kinds[offence.kind].absorbs
    kept = [offence for offence in offences if offence.kind not in absorbed]
    return [
        replace(offence, attempted=True) if book.kinds[offence.kind].attempted else offence
        for offence in kept
    ]
