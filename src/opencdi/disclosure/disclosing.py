"""Incidents in, disclosed offences out: the reader at work on whole records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from opencdi.disclosure import circumstances
from opencdi.disclosure.automaton import Tags
from opencdi.disclosure.book import Book, Kind, the_book
from opencdi.disclosure.circumstances import Context
from opencdi.disclosure.classes import Facts, class_of
from opencdi.disclosure.offences import Offence, offences_of
from opencdi.disclosure.parties import Parties, Victim, age_in
from opencdi.disclosure.reader import Reader, Reading
from opencdi.schema import CRIME_GROUPS

if TYPE_CHECKING:
    from opencdi.disclosure.batch import BatchReader

OPENED_AS_CRIME = 0.3
CLOSED_AS_CRIME = 0.5
BOTH_SAY_SO = 0.5
"""What a crime group supports alone, and how far a code closes the gap between words and certainty."""

Row = dict[str, Any]

_CONTEXT = (
    "caller_role",
    "opening_group",
    "closing_group",
    "flags",
    "other_force",
    "victim_sex",
    "victim_age",
)
"""Columns of the reading list in the order of ``Context``."""


@dataclass(frozen=True, slots=True)
class _Log:
    """What holds for every offence of one log."""

    tags: Tags
    places: Sequence[tuple[int, int]]
    age: int | None
    answers: Row
    flags: frozenset[str]
    further_victims: Mapping[str, int]


class Discloser:
    """Says which offences an incident discloses. Build it once a process; see ``the_discloser``."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.reader = Reader(book)
        self._parties = Parties(self.reader.automaton)
        self._no_tags = self.reader.automaton.tags(0)

    def rows(self, incident_id: str, narrative: str | None, context: Context) -> Iterator[Row]:
        """One row of ``disclosed_offences`` for each offence and victim, numbered from 1."""
        return self.rows_of(incident_id, self.reader.read(narrative or ""), context)

    def rows_of(self, incident_id: str, reading: Reading, context: Context) -> Iterator[Row]:
        """``rows`` of a log that has been read."""
        tags = self.reader.automaton.tags(reading.mask)
        offences = offences_of(reading, tags, self.book)
        number = 0
        if offences:
            log = _log_of(reading, tags, context, self._parties.further_victims(offences, reading))
            for offence in offences:
                for row in self._said(offence, reading, log, context):
                    number += 1
                    yield {"incident_id": incident_id, "offence_no": number, **row}
        coded = self._coded(offences, context)
        if coded is not None:
            yield {"incident_id": incident_id, "offence_no": number + 1, **coded}

    def _said(
        self,
        offence: Offence,
        reading: Reading,
        log: _Log,
        context: Context,
    ) -> Iterator[Row]:
        tags, places = log.tags, log.places
        kind = self.book.kinds[offence.kind]
        victim = self._victim(kind, offence, reading, log.age, context)
        here = self.reader.automaton.tags(_mask_of(offence, reading))
        relationship = self._parties.relationship(offence, reading)
        near = self.reader.automaton.tags(_mask_of(offence, reading, 1))
        facts = Facts(victim.sex, victim.age, offence.attempted, tags if _whole_log(kind) else here)
        coded = offence.assertion == "asserted" and self._same_family(kind, context)
        evidence = [(event.rule, piece) for event in offence.events for piece in event.evidence]
        strength = offence.strength + (1.0 - offence.strength) * BOTH_SAY_SO * coded
        row: Row = {
            "class_code": class_of(kind, facts),
            "subcode": kind.subcode,
            "concept": kind.name,
            "assertion": offence.assertion,
            "attempted": offence.attempted,
            "victim_kind": self._victim_kind(kind, here),
            "victim_sex": victim.sex,
            "victim_age": victim.age,
            "suspect_group": self._parties.suspect_group(reading),
            "relationship": relationship,
            "strength": round(strength, 4),
            "basis": "both" if coded else "words",
            "pattern_ids": [f"{rule}:{piece.tag}" for rule, piece in evidence],
            "span_starts": [places[piece.first][0] for _, piece in evidence],
            "span_ends": [places[piece.after - 1][1] for _, piece in evidence],
            "victim_confirms": circumstances.victim_confirms(tags, context, offence.assertion),
            "flags_due": circumstances.flags_due(
                kind, log.flags | circumstances.flags_of_the_act(near), tags, relationship, victim.age
            ),
            **log.answers,
        }
        if kind.victim == "state":
            yield {**row, "victim_no": 0}
            return
        for victim_no in range(1, victim.count + log.further_victims.get(kind.name, 0) + 1):
            yield {**row, "victim_no": victim_no}

    def _victim(
        self, kind: Kind, offence: Offence, reading: Reading, age: int | None, context: Context
    ) -> Victim:
        """The victim the words describe, completed from the one on record where there is one only."""
        if kind.victim == "state":
            return Victim(1, None, None)
        said = self._parties.victim(offence, reading, age)
        if said.count > 1:
            return said
        known_age = said.age if said.age is not None else context.victim_age
        return Victim(1, said.sex or context.victim_sex, known_age)

    def _coded(self, offences: Sequence[Offence], context: Context) -> Row | None:
        """The offence a crime group supports where the words assert none at all.

        A group says that something happened, not what: beside an offence told in words it adds nothing.
        """
        if any(offence.assertion == "asserted" for offence in offences):
            return None
        for group, strength in (
            (context.closing_group, CLOSED_AS_CRIME),
            (context.opening_group, OPENED_AS_CRIME),
        ):
            support = self.book.groups.get(group) if group in CRIME_GROUPS else None
            if support is None:
                continue
            if any(self.book.kinds[offence.kind].family in support.families for offence in offences):
                return None
            kind = self.book.kinds[support.kind]
            return {
                "class_code": class_of(kind, Facts(None, None, False, self._no_tags)),
                "subcode": kind.subcode,
                "concept": kind.name,
                "assertion": "asserted",
                "attempted": False,
                "victim_no": 0 if kind.victim == "state" else 1,
                "victim_kind": kind.victim,
                "suspect_group": 0,
                "strength": strength,
                "basis": "code",
                "pattern_ids": [f"group:{group}"],
                "span_starts": [],
                "span_ends": [],
                "victim_confirms": circumstances.victim_confirms(self._no_tags, context, "asserted"),
                "flags_due": circumstances.flags_due(kind, frozenset(), self._no_tags, None, None),
                **_answers(self._no_tags, context),
            }
        return None

    def _same_family(self, kind: Kind, context: Context) -> bool:
        groups = (context.opening_group, context.closing_group)
        supports = (self.book.groups.get(group) for group in groups if group in CRIME_GROUPS)
        return any(support is not None and kind.family in support.families for support in supports)

    def _victim_kind(self, kind: Kind, tags: Tags) -> str:
        if kind.victim != "person":
            return kind.victim
        owned_by_body = kind.family in ("burglary", "damage", "theft") and tags.any("shop", "business")
        owned_by_person = tags.any("victim", "home", "object_carried", "vehicle")
        return "organisation" if owned_by_body and not owned_by_person else "person"


@cache
def the_discloser() -> Discloser:
    """The discloser of the shipped pattern book, one a process."""
    return Discloser(the_book())


@cache
def the_batch_reader() -> BatchReader:
    """The reader of batches by the shipped pattern book, one a process."""
    from opencdi.disclosure.batch import BatchReader

    return BatchReader(the_discloser().reader)


def rows_of_incidents(incidents: Mapping[str, Sequence[Any]]) -> Iterator[Row]:
    """Rows of ``disclosed_offences`` for a batch of the reading list, given column by column."""
    discloser = the_discloser()
    readings = the_batch_reader().read([narrative or "" for narrative in incidents["narrative"]])
    contexts = zip(*(incidents[name] for name in _CONTEXT), strict=True)
    for incident_id, reading, known in zip(incidents["incident_id"], readings, contexts, strict=True):
        if reading.events or known[1] in CRIME_GROUPS or known[2] in CRIME_GROUPS:
            yield from discloser.rows_of(incident_id, reading, _context(*known))


def _context(caller: str, opening: str, closing: str, flags: Sequence[str] | None, *others: Any) -> Context:
    return Context(caller, opening, closing, tuple(flags or ()), *others)


def _log_of(reading: Reading, tags: Tags, context: Context, further: Mapping[str, int]) -> _Log:
    return _Log(
        tags,
        reading.places(),
        age_in(reading.text),
        _answers(tags, context),
        circumstances.flags_said(tags, context),
        further,
    )


def _answers(tags: Tags, context: Context) -> Row:
    return {
        "victim_traced": circumstances.victim_traced(tags, context),
        "evidence_to_contrary": circumstances.evidence_to_contrary(tags),
        "other_force_records": circumstances.other_force_records(tags, context),
        "school_deals": circumstances.school_deals(tags),
    }


def _whole_log(kind: Kind) -> bool:
    """Whether a place named anywhere in the log tells where the offence was."""
    return kind.family in ("burglary", "robbery") or kind.class_by == "weapon"


def _mask_of(offence: Offence, reading: Reading, beside: int = 0) -> int:
    """All tags of the clauses that speak of an offence, and of so many clauses ``beside`` them."""
    mask = 0
    for event in offence.events:
        for clause in reading.clauses[max(0, event.clause - beside) : event.clause + beside + 1]:
            mask |= clause.mask
    return mask
