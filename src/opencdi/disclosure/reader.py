"""One log in, the events it describes out.

The reader walks the phrases an automaton found, clause by clause. In a clause that holds all the tags
of a rule it looks for the words of each tag near the leading one, and asks ``scope`` how the log
speaks of it. Cost is linear in the length of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from opencdi.disclosure.automaton import Automaton, Match
from opencdi.disclosure.book import Book, Rule
from opencdi.disclosure.scope import Scope
from opencdi.disclosure.words import folded, places, words

LONGEST_CLAUSE = 60
"""Phrases in a clause before it is cut: a log without any stop must not cost more than a linear time."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that carried one tag of a rule: the tag, and its first and after-last word."""

    tag: str
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of offence the log speaks of, in one clause."""

    kind: str
    rule: str
    assertion: str
    attempted: bool
    strength: float
    clause: int
    evidence: tuple[Evidence, ...]


@dataclass(slots=True)
class Clause:
    """The phrases between two stops, and the tags they carry together."""

    matches: list[Match] = field(default_factory=list)
    mask: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one log says: its events, its clauses, all tags in it, and where its words stand."""

    events: tuple[Event, ...]
    clauses: Sequence[Clause]
    mask: int
    text: str
    words: Sequence[str]

    def places(self) -> list[tuple[int, int]]:
        """Where each word stands in the log, as far as the last that is evidence."""
        return places(self.text, self.last_evidence())

    def last_evidence(self) -> int:
        """The word after the last that is evidence."""
        return max((piece.after for event in self.events for piece in event.evidence), default=0)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: Rule
    needs: tuple[int, ...]
    tags: tuple[tuple[str, ...], ...]
    unless: int


class Reader:
    """Reads logs by one pattern book. Build it once; it holds no state between logs."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.automaton = Automaton(book)
        self._boundary = self.automaton.mask(["boundary"])
        self._question = self.automaton.mask(["question"])
        self._scope = Scope(self.automaton)
        self.rules = tuple(self._compiled(rule) for rule in book.rules)
        self._leading = 0
        self._relevant = 0
        for rule in self.rules:
            self._leading |= rule.needs[0]
            self._relevant |= rule.unless
            for need in rule.needs:
                self._relevant |= need
        self._fitting = lru_cache(maxsize=200_000)(self._rules_that_fit)

    def read(self, text: str) -> Reading:
        """What a log says. Any text is accepted; an empty one says nothing."""
        low = folded(text)
        found_words = words(low)
        masks = self.automaton.masks
        boundary = self._boundary
        clauses = [Clause()]
        clause = clauses[0]
        held = 0
        matches = clause.matches
        for match in self.automaton.find(found_words):
            mask = masks[match[0]]
            if mask & boundary or len(matches) >= LONGEST_CLAUSE:
                clause.mask = held | (mask & self._question)
                clause = Clause()
                matches = clause.matches
                clauses.append(clause)
                held = mask & ~(boundary | self._question)
                if held:
                    matches.append(match)
            else:
                held |= mask
                matches.append(match)
        clause.mask = held
        return self._understood(clauses, low, found_words)

    @property
    def turns(self) -> int:
        """Tags without which no log takes anything back."""
        return self._scope.turns

    def settled(self, events: Sequence[Event], clauses: Sequence[Clause]) -> tuple[Event, ...]:
        """A log's events once what it takes back is taken back."""
        return tuple(self._scope.taken_back(events, clauses))

    def _understood(self, clauses: list[Clause], low: str, found_words: list[str]) -> Reading:
        events: list[Event] = []
        everything = 0
        for number, clause in enumerate(clauses):
            everything |= clause.mask
            if clause.mask & self._leading:
                for rule in self._fitting(clause.mask & self._relevant):
                    if rule.rule.longest is not None and len(found_words) > rule.rule.longest:
                        continue
                    event = self.event(rule, clause, number)
                    if event is not None:
                        events.append(event)
        said = self.settled(events, clauses) if events else ()
        return Reading(said, tuple(clauses), everything, low, tuple(found_words))

    def _compiled(self, rule: Rule) -> CompiledRule:
        return CompiledRule(
            rule,
            tuple(self.automaton.mask(need) for need in rule.needs),
            tuple(tuple(sorted(need)) for need in rule.needs),
            self.automaton.mask(rule.unless),
        )

    def _rules_that_fit(self, mask: int) -> tuple[CompiledRule, ...]:
        return tuple(
            rule for rule in self.rules if not mask & rule.unless and all(mask & need for need in rule.needs)
        )

    def event(self, compiled: CompiledRule, clause: Clause, number: int) -> Event | None:
        """The event of the best-asserted leading phrase that has its companions near."""
        best: Event | None = None
        for match in self._carrying(clause.matches, compiled.needs[0]):
            companions = self._companions(compiled, clause.matches, match)
            if companions is None:
                continue
            spoken = self._scope.of(clause, match, compiled.rule.kind)
            event = Event(
                compiled.rule.kind,
                compiled.rule.id,
                spoken.assertion,
                spoken.attempted,
                compiled.rule.strength * spoken.weight,
                number,
                self._evidence(compiled, [match, *companions]),
            )
            if event.assertion == "asserted":
                return event
            best = best or event
        return best

    def _carrying(self, matches: Sequence[Match], mask: int) -> list[Match]:
        masks = self.automaton.masks
        return [match for match in matches if masks[match[0]] & mask]

    def _companions(
        self, compiled: CompiledRule, matches: Sequence[Match], lead: Match
    ) -> list[Match] | None:
        masks = self.automaton.masks
        companions: list[Match] = []
        for need in compiled.needs[1:]:
            if masks[lead[0]] & need and lead[2] - lead[1] > 1:
                companions.append(lead)
                continue
            nearest: Match | None = None
            nearest_distance = compiled.rule.near + 1
            for match in matches:
                if masks[match[0]] & need and match is not lead:
                    distance = match[1] - lead[2] if match[1] >= lead[2] else lead[1] - match[2]
                    if distance < nearest_distance:
                        nearest, nearest_distance = match, distance
            if nearest is None:
                return None
            companions.append(nearest)
        return companions

    def _evidence(self, compiled: CompiledRule, matches: Sequence[Match]) -> tuple[Evidence, ...]:
        pieces: dict[tuple[int, int], Evidence] = {}
        for need, tags, match in zip(compiled.needs, compiled.tags, matches, strict=True):
            carried = self.automaton.masks[match[0]] & need
            tag = next(tag for tag in tags if self.automaton.bit[tag] & carried)
            pieces.setdefault((match[1], match[2]), Evidence(tag, match[1], match[2]))
        return tuple(pieces.values())
