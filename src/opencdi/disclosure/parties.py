"""Who did it to whom, as far as the words say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from opencdi.disclosure.automaton import Automaton, Match
from opencdi.disclosure.offences import Offence
from opencdi.disclosure.reader import Clause, Reading
from opencdi.disclosure.scope import ANYONE

_AGE = re.compile(
    r"\b(?:aged?|age of)\s*:?\s*(\d{1,2})\b(?!\s*(?:mins?|minutes|hours|hrs|months))"
    r"|\b(\d{1,2})\s?-?\s?(?:yo|y/o|yrs?[ -]olds?|years?[ -]olds?|yr old|yrs)\b"
)
_AGED, _YEARS = re.compile(r"age(?:d| of)?\s*:?\s*\d"), re.compile(r"\d\s?-?\s?y")
"""What a text that gives an age holds, either of the two, found at a fraction of the cost of the age."""
_SUSPECT_BEFORE = re.compile(r"(?:susp\w*|offr\w*|offender|subject|assailant|by)\s+(?:\w+\s+){0,3}$")
PASSIVE = frozenset({"was", "were", "been", "being", "is", "are", "got", "by"})
UNITS = frozenset(
    {"minutes", "mins", "hours", "hrs", "days", "nights", "weeks", "months", "mths", "years", "yrs", "times"}
)
WHOSE = frozenset({"her", "his", "their", "a"})
OWNED = ("object_carried", "object_goods", "home", "vehicle", "bike", "outbuilding")
RELATIONSHIPS = ("stranger", "partner", "family", "acquaintance")
"""In the order in which one said in a clause stands before another: an unknown man is not the sister's ex."""
ACTS = ("strike_sure", "strike_maybe", "push", "grab", "threat", "steal", "take_by", "take")
"""Phrases that hold a person but tell an act: ``launched her`` is no second victim."""
"""From the closest to the farthest; each is a tag and a value of the table."""

CLAUSES_BACK = 2


@dataclass(frozen=True, slots=True)
class Victim:
    """The victim or victims of one offence."""

    count: int
    sex: str | None


def age_in(text: str) -> int | None:
    """The first age in years a folded log gives that is not a suspect's."""
    if not (_YEARS.search(text) or _AGED.search(text)):
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
        self._anyone = mask(ANYONE)
        self._also = mask(["also_victim"])
        self._unsaid = mask(["negate", "other_event"])
        self._victim = mask(["victim"])
        self._suspect = mask(["suspect"])
        self._female, self._male = mask(["female"]), mask(["male"])
        self._numbers = ((mask(["number_two"]), 2), (mask(["number_three"]), 3), (mask(["number_four"]), 4))
        self._acquaintance, self._stranger = mask(["acquaintance"]), mask(["stranger"])
        self._related = mask(RELATIONSHIPS)
        self._owned = mask(OWNED)
        self._numbered = mask(["number_two", "number_three", "number_four"])
        self._acts = mask(ACTS)
        self._relationships = tuple((mask([name]), name) for name in RELATIONSHIPS)

    def victim(self, offence: Offence, reading: Reading) -> Victim:
        """Victims of an offence against a person: how many, and the sex of the one spoken of."""
        event = offence.events[0]
        clause = reading.clauses[event.clause]
        lead = event.evidence[0]
        passive = self._passive(lead.first, lead.after, reading)
        suffering = [
            match
            for match in clause.matches
            if match[1:] != (lead.first, lead.after) and self._suffers(match, lead.first, passive, reading)
        ]
        return Victim(self._count(clause, suffering, reading), self._sex(suffering, reading))

    def further_victims(self, offences: Sequence[Offence], reading: Reading) -> Counter[str]:
        """By kind of offence, people of whom a later clause says that they suffered it too.

        Such a clause ("his brother got it as well") belongs to the offence told last before it.
        """
        further: Counter[str] = Counter()
        if not reading.mask & self._also:
            return further
        first_told: dict[int, str] = {}
        for offence in offences:
            for event in offence.events if offence.assertion == "asserted" else ():
                first_told.setdefault(event.clause, offence.kind)
        told: str | None = None
        for number, clause in enumerate(reading.clauses):
            told = first_told.get(number, told)
            if told and clause.mask & self._also and clause.mask & self._anyone:
                further[told] += not clause.mask & self._unsaid
        return further

    def relationship(self, offence: Offence, reading: Reading) -> str | None:
        """Suspect to victim, as the words about the one who did it say; None where they do not.

        The event's own clause is asked first, then the two before it: further off, a log speaks of
        witnesses, helpers and children. The one who suffered, the owner of a thing ("her sister's car")
        and somebody's somebody ("his mate's brother") are not the suspect's relationship.
        """
        event = offence.events[0]
        lead = event.evidence[0]
        passive = self._passive(lead.first, lead.after, reading)
        for back in range(min(event.clause, CLAUSES_BACK) + 1):
            matches = reading.clauses[event.clause - back].matches
            doing = (
                matches
                if back
                else [m for m in matches if not self._suffers(m, lead.first, passive, reading)]
            )
            named = self._named(doing, matches)
            if named is not None:
                return named
        return None

    def _named(self, doing: list[Match], clause: list[Match]) -> str | None:
        """The closest relationship among matches of a clause."""
        after = {match[1]: self._masks[match[0]] for match in clause}
        before = {match[2]: self._masks[match[0]] for match in clause}
        held = 0
        for match in doing:
            mask = self._masks[match[0]] & self._related
            if mask and not after.get(match[2], 0) & (self._owned | self._related):
                somebodys = before.get(match[1], 0) & self._related and not before[match[1]] & self._stranger
                held |= self._acquaintance if somebodys else mask
        return next((name for tag, name in self._relationships if held & tag), None)

    def _passive(self, first: int, after: int, reading: Reading) -> bool:
        """Whether the act at words ``first`` to ``after`` is told from the side of who suffered it."""
        told = not PASSIVE.isdisjoint(reading.words[max(0, first - 3) : first])
        return told or reading.words[after : after + 1] == ("by",)

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
        for match in suffering if clause.mask & self._numbered else ():
            for mask, number in self._numbers:
                if any(
                    self._masks[m[0]] & mask
                    and m[2] - m[1] == 1
                    and 0 <= match[1] - m[2] <= 1
                    and UNITS.isdisjoint(reading.words[m[2] : match[1]])
                    for m in clause.matches
                ):
                    count = max(count, number)
        for first, second in pairwise(suffering):
            between = reading.words[first[2] : second[1]]
            if self._masks[second[0]] & self._acts:
                continue
            if between[:1] == ("and",) and (len(between) == 1 or (len(between) == 2 and between[1] in WHOSE)):
                count = max(count, 2)
        return count

    def _sex(self, suffering: list[Match], reading: Reading) -> str | None:
        for match in suffering:
            mask = self._masks[match[0]]
            if bool(mask & self._female) != bool(mask & self._male):
                return "F" if mask & self._female else "M"
        female, male = reading.mask & self._female, reading.mask & self._male
        if bool(female) != bool(male) and not suffering:
            return "F" if female else "M"
        return None
