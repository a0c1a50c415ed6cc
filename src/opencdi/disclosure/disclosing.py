"""Incidents in, disclosed offences out: the reader at work on whole records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from opencdi.disclosure import circumstances
from opencdi.disclosure.book import Kind, Outline, the_book
from opencdi.disclosure.circumstances import Answers, Context
from opencdi.disclosure.classes import Facts, class_of, victim_kind_of, whole_log_tells
from opencdi.disclosure.compiled import the_outline, the_tables
from opencdi.disclosure.offences import Offence, offences_of
from opencdi.disclosure.parties import Parties, age_in
from opencdi.disclosure.reader import Reader, Reading
from opencdi.disclosure.tags import TagBook
from opencdi.disclosure.telling import Account, Told
from opencdi.schema import CRIME_GROUPS

if TYPE_CHECKING:
    from opencdi.disclosure.batch import BatchReader
    from opencdi.disclosure.columns import BatchDiscloser

OPENED_AS_CRIME = 0.3
CLOSED_AS_CRIME = 0.5
BOTH_SAY_SO = 0.5
"""What a crime group supports alone, and how far a code closes the gap between words and certainty."""

Row = dict[str, Any]


class Discloser:
    """Says which offences an incident discloses. Build it once a process; see ``the_discloser``."""

    def __init__(self, outline: Outline) -> None:
        self.kinds = outline.kinds
        self.tags = TagBook(outline.tags)
        self._groups = outline.groups
        self._no_tags = self.tags.tags(0)
        self._suspect = self.tags.mask(["suspect"])

    @cached_property
    def reader(self) -> Reader:
        """Reads one log; built where one is read by itself."""
        return Reader(the_book())

    @cached_property
    def _parties(self) -> Parties:
        return Parties(self.reader.automaton)

    def account(self, text: str) -> Account:
        """All that one log tells."""
        reading = self.reader.read(text)
        offences = offences_of(reading, self.tags.tags(reading.mask), self.reader.book)
        places = reading.places() if offences else ()
        further = self._parties.further_victims(offences, reading)
        told = [self._told(offence, reading, places, further[offence.kind]) for offence in offences]
        return Account(told, reading.mask, len(reading.words), reading.text)

    def _told(self, offence: Offence, reading: Reading, places: Sequence[tuple[int, int]], more: int) -> Told:
        victim = self._parties.victim(offence, reading)
        evidence = [(event.rule, piece) for event in offence.events for piece in event.evidence]
        return Told(
            offence.kind,
            offence.assertion,
            offence.attempted,
            offence.strength,
            victim.count,
            victim.sex,
            more,
            self._parties.relationship(offence, reading),
            _mask_of(offence, reading),
            _mask_of(offence, reading, 1),
            [f"{rule}:{piece.tag}" for rule, piece in evidence],
            [places[piece.first][0] for _, piece in evidence],
            [places[piece.after - 1][1] for _, piece in evidence],
        )

    def rows(self, incident_id: str, narrative: str | None, context: Context) -> Iterator[Row]:
        """One row of ``disclosed_offences`` for each offence and victim, numbered from 1."""
        account = self.account(narrative or "")
        age = age_in(account.text)
        answers = circumstances.answers(self.tags.tags(account.mask), *_of_the_record(context))
        number = 0
        for told in account.offences:
            row = self._said(told, account, age, answers, context)
            for victim_no in self._victims(told):
                number += 1
                yield {**row, "incident_id": incident_id, "offence_no": number, "victim_no": victim_no}
        coded = self._coded(account.offences, context)
        if coded is not None:
            yield {**coded, "incident_id": incident_id, "offence_no": number + 1}

    def _said(self, told: Told, account: Account, age: int | None, answers: Answers, context: Context) -> Row:
        kind = self.kinds[told.kind]
        sex, age = self._victim(kind, told, age, context)
        everything, here = self.tags.tags(account.mask), self.tags.tags(told.here)
        coded = told.assertion == "asserted" and self._of_same_family(
            kind.family, context.opening_group, context.closing_group
        )
        strength = told.strength + (1.0 - told.strength) * BOTH_SAY_SO * coded
        return {
            "class_code": class_of(
                kind, Facts(sex, age, told.attempted, everything if whole_log_tells(kind) else here)
            ),
            "subcode": kind.subcode,
            "concept": told.kind,
            "assertion": told.assertion,
            "attempted": told.attempted,
            "victim_kind": victim_kind_of(kind, here),
            "victim_sex": sex,
            "victim_age": age,
            "suspect_group": 1 if account.mask & self._suspect else 0,
            "relationship": told.relationship,
            "strength": round(strength, 4),
            "basis": "both" if coded else "words",
            "pattern_ids": told.pattern_ids,
            "span_starts": told.span_starts,
            "span_ends": told.span_ends,
            "victim_confirms": answers.confirms(told.assertion),
            "flags_due": circumstances.flags_due(
                kind,
                answers.flags | circumstances.flags_of_the_act(kind, self.tags.tags(told.near)),
                everything,
                _suspect_is(told),
                age,
            ),
            **answers.columns,
        }

    def _victims(self, told: Told) -> range:
        """The numbers of an offence's victims: 0 for the state."""
        if self.kinds[told.kind].victim == "state":
            return range(1)
        return range(1, told.victims + told.further + 1)

    def _victim(
        self, kind: Kind, told: Told, age: int | None, context: Context
    ) -> tuple[str | None, int | None]:
        """Sex and age the words give, completed from the victim on record where there is one only."""
        if kind.victim == "state":
            return None, None
        if told.victims > 1:
            return told.sex, age
        return told.sex or context.victim_sex, age if age is not None else context.victim_age

    def _coded(self, offences: Sequence[Told], context: Context) -> Row | None:
        """The offence a crime group supports where the words assert none at all.

        A group says that something happened, not what: beside an offence told in words it adds nothing.
        """
        if any(offence.assertion == "asserted" for offence in offences):
            return None
        for group, strength in (
            (context.closing_group, CLOSED_AS_CRIME),
            (context.opening_group, OPENED_AS_CRIME),
        ):
            support = self._groups.get(group) if group in CRIME_GROUPS else None
            if support is None:
                continue
            if any(self.kinds[offence.kind].family in support.families for offence in offences):
                return None
            kind = self.kinds[support.kind]
            answers = circumstances.answers(self._no_tags, *_of_the_record(context))
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
                "victim_confirms": answers.confirms("asserted"),
                "flags_due": circumstances.flags_due(kind, frozenset(), self._no_tags, None, None),
                **answers.columns,
            }
        return None

    def _of_same_family(self, family: str, *groups: str) -> bool:
        supports = (self._groups.get(group) for group in groups if group in CRIME_GROUPS)
        return any(support is not None and family in support.families for support in supports)


@cache
def the_discloser() -> Discloser:
    """The discloser of the shipped pattern book, one a process."""
    return Discloser(the_outline())


@cache
def the_batch_reader() -> BatchReader:
    """The reader of batches by the shipped pattern book, one a process."""
    from opencdi.disclosure.batch import BatchReader

    return BatchReader(the_outline(), the_tables())


@cache
def the_batch_discloser() -> BatchDiscloser:
    """What ``the_discloser`` says, for many incidents at once; one a process."""
    from opencdi.disclosure.columns import BatchDiscloser

    return BatchDiscloser(the_outline(), the_batch_reader())


def _of_the_record(context: Context) -> tuple[str, str | None, tuple[str, ...]]:
    return context.caller_role, context.other_force, context.flags


def _suspect_is(told: Told) -> str | None:
    """What the suspect is to the victim, for the flags.

    A relative named where further people suffered the act may be one of them.
    """
    return None if told.further and told.relationship == "family" else told.relationship


def _mask_of(offence: Offence, reading: Reading, beside: int = 0) -> int:
    """All tags of the clauses that speak of an offence, and of so many clauses ``beside`` them."""
    mask = 0
    for event in offence.events:
        for clause in reading.clauses[max(0, event.clause - beside) : event.clause + beside + 1]:
            mask |= clause.mask
    return mask
