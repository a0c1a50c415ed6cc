"""Who did it to whom, as far as the words say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from opencdi.disclosure.automaton import Automaton, Match
from opencdi.disclosure.offences import Offence
from opencdi.disclosure.reader import Clause, Event, Reading

_AGE = re.compile(
    r"\b(?:aged?|age of)\s*:?\s*(\d{1,2})\b(?!\s*(?:mins?|minutes|hours|hrs|months))"
    r"|\b(\d{1,2})\s?-?\s?(?:yo|y/o|yrs?[ -]olds?|years?[ -]olds?|yr old|yrs)\b"
)
_AGE_HINTS = ("age", "yo", "yr", "y/o", "year")
_SUSPECT_BEFORE = re.compile(r"(?:susp\w*|offr\w*|offender|subject|assailant|by)\s+(?:\w+\s+){0,3}$")
_PASSIVE = frozenset({"was", "were", "been", "being", "is", "are", "got", "by"})
_MOST_VICTIMS = 6


@dataclass(frozen=True, slots=True)
class Victim:
    """The victim or victims of one offence."""

    count: int
    sex: str | None
    age: int | None


def age_in(text: str) -> int | None:
    """The first age in years a folded log gives that is not a suspect's."""
    if not any(hint in text for hint in _AGE_HINTS):
        return None
    for found in _AGE.finditer(text):
        if not _SUSPECT_BEFORE.search(text, max(0, found.start() - 40), found.start()):
            return int(found.group(1) or found.group(2))
    return None


class Parties:
    """Finds victims, suspects and how they are related in what a reader has read."""

    def __init__(self, automaton: Automaton) -> None:
        self._masks = automaton.masks
        mask = automaton.mask
        self._anyone = mask(["victim", "person", "suspect", "child", "officer", "family", "partner"])
        self._victim = mask(["victim"])
        self._suspect = mask(["suspect"])
        self._female, self._male = mask(["female"]), mask(["male"])
        self._numbers = ((mask(["number_two"]), 2), (mask(["number_three"]), 3), (mask(["number_four"]), 4))
        self._relationships = tuple(
            (mask([tag]), name)
            for tag, name in (
                ("partner", "partner"),
                ("family", "family"),
                ("acquaintance", "acquaintance"),
                ("stranger", "stranger"),
            )
        )

    def victim(self, offence: Offence, reading: Reading, age: int | None) -> Victim:
        """Victims of an offence against a person: how many, and the sex of the one spoken of."""
        event = offence.events[0]
        clause = reading.clauses[event.clause]
        lead = event.evidence[0]
        passive = not _PASSIVE.isdisjoint(reading.words[max(0, lead.first - 3) : lead.first])
        passive = passive or reading.words[lead.after : lead.after + 1] == ("by",)
        suffering = [
            match
            for match in clause.matches
            if match[1:] != (lead.first, lead.after) and self._suffers(match, lead.first, passive, reading)
        ]
        return Victim(self._count(clause, suffering, reading), self._sex(suffering, reading), age)

    def relationship(self, event: Event, reading: Reading) -> str | None:
        """Victim to suspect: by the event's own clause, else by the whole log; None where neither says."""
        for mask in (reading.clauses[event.clause].mask, reading.mask):
            for tag, name in self._relationships:
                if mask & tag:
                    return name
        return None

    def suspect_group(self, reading: Reading) -> int:
        """1 where the log speaks of any suspect, 0 where it does not."""
        return 1 if reading.mask & self._suspect else 0

    def _suffers(self, match: Match, lead: int, passive: bool, reading: Reading) -> bool:
        mask = self._masks[match[0]]
        if not mask & self._anyone or mask & self._suspect:
            return False
        if mask & self._victim:
            return True
        before = match[1] < lead
        named_as_doer = match[1] > 0 and "by" in reading.words[max(0, match[1] - 3) : match[1]]
        return before == passive and not named_as_doer

    def _count(self, clause: Clause, suffering: list[Match], reading: Reading) -> int:
        count = 1
        for match in suffering:
            for mask, number in self._numbers:
                if any(self._masks[m[0]] & mask and 0 <= match[1] - m[2] <= 1 for m in clause.matches):
                    count = max(count, number)
        for first, second in pairwise(suffering):
            between = reading.words[first[2] : second[1]]
            if between in (("and",), ("and", "her"), ("and", "his"), ("and", "their"), ("and", "a")):
                count = max(count, 2)
        return min(count, _MOST_VICTIMS)

    def _sex(self, suffering: list[Match], reading: Reading) -> str | None:
        for match in suffering:
            mask = self._masks[match[0]]
            if bool(mask & self._female) != bool(mask & self._male):
                return "F" if mask & self._female else "M"
        female, male = reading.mask & self._female, reading.mask & self._male
        if bool(female) != bool(male) and not suffering:
            return "F" if female else "M"
        return None
