"""How a log speaks of an event: asserted, negated, hypothetical, retracted, past, another event's.

Cues work inside their clause and over a limited number of words, in the manner of NegEx (Chapman and
others 2001, Journal of Biomedical Informatics 34(5), 301-310) and ConText (Harkema and others 2009,
the same 42(5), 839-851): a cue before the event reaches forward until a word that ends its scope, a
cue after it reaches back a few words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opencdi.disclosure.automaton import Automaton, Match

if TYPE_CHECKING:
    from opencdi.disclosure.reader import Clause, Event

NEGATION_REACH = 6
HYPOTHESIS_REACH = 12
PAST_REACH = 6
ATTEMPT_REACH = 5
DOUBT_REACH = 6
INTENT_REACH = 2
BACKWARD_REACH = 4

ANYONE = ("victim", "person", "suspect", "child", "officer", "family", "partner")

DOUBTED = 0.85
DECLARED_NO_CRIME = 0.6

THEFTS = frozenset(
    {
        "theft",
        "theft_person",
        "theft_dwelling",
        "bicycle_theft",
        "theft_of_vehicle",
        "theft_from_vehicle",
        "mail_theft",
        "shoplifting",
        "robbery",
    }
)


SAID_NOT_DONE = frozenset(
    {
        "threats",
        "threats_to_kill",
        "threat_damage",
        "bomb_hoax",
        "blackmail",
        "image_abuse",
        "malicious_communications",
        "public_order",
        "robbery",
        "justice",
    }
)
"""Kinds that consist in saying what will be done; any other act that "will" be done is not yet done."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one event is spoken of: its assertion, whether it was an attempt, and a weight for doubt."""

    assertion: str
    attempted: bool
    weight: float


class Scope:
    """Works out the scope of cues in clauses that an automaton has tagged."""

    def __init__(self, automaton: Automaton) -> None:
        self._masks = automaton.masks
        bit = automaton.bit
        self._negate = bit["negate"]
        self._deny_after = bit["deny_after"]
        self._hypothesis = bit["hypothesis"]
        self._past = bit["past"]
        self._record_of = bit["record_of"]
        self._anyone = automaton.mask(ANYONE)
        self._other = bit["other_event"]
        self._attempt = bit["attempt"]
        self._doubt = bit["doubt"]
        self._question = bit["question"]
        self._accident = bit["accident"]
        self._end = bit["scope_end"]
        self._comma = bit["comma"]
        self._either = bit["either"]
        self._retract = bit["retract"]
        self._retract_property = bit["retract_property"]
        self._found_out = bit["found_out"]
        self._resumes = bit["resumes"]
        self._subject = bit["subject"]
        self._no_crime = bit["closed_no_crime"]
        self._intent = bit["will"]
        self._feared = bit["feared"]
        self._not_yet = bit["not_yet"]
        self.turns = self._retract | self._retract_property | self._no_crime | self._found_out
        """Tags without which no log takes anything back."""
        self._cues = (
            self._negate
            | self._deny_after
            | self._hypothesis
            | self._past
            | self._other
            | self._attempt
            | self._doubt
            | self._accident
            | self._question
            | self._intent
            | self._feared
            | self._not_yet
            | self._record_of
        )

    def of(self, clause: Clause, event: Match, kind: str) -> Spoken:
        """How the clause speaks of the event of a kind whose leading phrase is given."""
        if not clause.mask & self._cues:
            return Spoken("asserted", False, 1.0)
        before = self._cues_before(clause, event)
        after = self._cues_after(clause, event)
        before |= self._masks[event[0]] & self._intent
        if kind in SAID_NOT_DONE and not before & self._feared:
            before &= ~self._intent
        return Spoken(
            self._assertion(before | after | (clause.mask & (self._other | self._accident | self._question))),
            bool((before | after) & self._attempt) or bool(self._masks[event[0]] & self._attempt),
            DOUBTED if (before | after) & self._doubt else 1.0,
        )

    def _assertion(self, cues: int) -> str:
        if cues & self._other:
            return "other_incident"
        if cues & (self._negate | self._deny_after | self._accident):
            return "negated"
        if cues & (self._hypothesis | self._question | self._intent | self._not_yet):
            return "hypothetical"
        if cues & self._past:
            return "past"
        return "asserted"

    def _cues_before(self, clause: Clause, event: Match) -> int:
        """Cues whose scope reaches forward to the event.

        What is only supposed ends where the log goes on to tell: at a word that leads to what happened
        (`who`, `after`, `because`), and where a comma is followed by a new subject.
        """
        reaching = 0
        ended = 0
        commas = 0
        named = 0
        resumed = False
        subject_at = -1
        listed = bool(clause.mask & self._either)
        for match in reversed(clause.matches):
            if match[1] >= event[1]:
                continue
            mask = self._masks[match[0]]
            distance = event[1] - match[2]
            if distance > HYPOTHESIS_REACH:
                break
            if not ended and distance <= NEGATION_REACH and (commas == 0 or listed):
                reaching |= mask & self._negate
            if not ended and distance <= PAST_REACH and commas == 0:
                reaching |= mask & self._past
            if not named and mask & self._record_of:
                reaching |= self._past
            if distance <= ATTEMPT_REACH:
                reaching |= mask & self._attempt
            if distance <= DOUBT_REACH:
                reaching |= mask & (self._doubt | self._feared)
            if distance <= INTENT_REACH and not ended and commas == 0:
                reaching |= mask & self._intent
            resumed = resumed or bool(mask & self._comma and match[2] == subject_at)
            if not resumed:
                reaching |= mask & self._hypothesis
            resumed = resumed or bool(mask & self._resumes)
            ended |= mask & self._end
            named |= mask & self._anyone
            commas += bool(mask & self._comma)
            subject_at = match[1] if mask & self._subject else -1
        return reaching

    def _cues_after(self, clause: Clause, event: Match) -> int:
        """Cues that reach back to the event."""
        reaching = 0
        for match in clause.matches:
            if match[1] < event[2]:
                continue
            mask = self._masks[match[0]]
            if mask & (self._comma | self._end) or match[1] - event[2] > BACKWARD_REACH:
                break
            reaching |= mask & (self._deny_after | self._attempt | self._not_yet)
        return reaching

    def taken_back(self, events: Sequence[Event], clauses: Sequence[Clause]) -> list[Event]:
        """Events that a later clause takes back, marked retracted; the rest as they were.

        What officers found out takes a report back only where it is no offence: "learned that he was
        asleep", and not "learned that he had hit her".

        An officer's "no offences" is not a retraction: the words of the report stand, with less
        weight (domain facts 1.2: only verifiable evidence to the contrary undoes a report).
        """
        said_again = max(_last(clauses, self._retract), self._found_no_offence(events, clauses))
        found_again = _last(clauses, self._retract_property)
        declared = _last(clauses, self._no_crime)
        if max(said_again, found_again, declared) < 0:
            return list(events)
        return [self._revised(event, said_again, found_again, declared) for event in events]

    def _found_no_offence(self, events: Sequence[Event], clauses: Sequence[Clause]) -> int:
        """The last clause in which something was found out and no offence is told after it; -1 for none."""
        return max(
            (
                number
                for number, clause in enumerate(clauses)
                if clause.mask & self._found_out and not self._told_after(number, clause, events)
            ),
            default=-1,
        )

    def _told_after(self, number: int, clause: Clause, events: Sequence[Event]) -> bool:
        found = next(match[2] for match in clause.matches if self._masks[match[0]] & self._found_out)
        return any(
            event.clause == number and event.assertion == "asserted" and event.evidence[0].first >= found
            for event in events
        )

    def _revised(self, event: Event, said_again: int, found_again: int, declared: int) -> Event:
        if event.assertion != "asserted":
            return event
        back = event.clause <= said_again or (event.kind in THEFTS and event.clause <= found_again)
        if back:
            return replace(event, assertion="retracted")
        if declared >= 0:
            return replace(event, strength=event.strength * DECLARED_NO_CRIME)
        return event


def _last(clauses: Sequence[Clause], cue: int) -> int:
    return max((number for number, clause in enumerate(clauses) if clause.mask & cue), default=-1)
