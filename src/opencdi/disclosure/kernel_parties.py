"""Who did it to whom, compiled to machine code by Numba: ``Parties`` on flat arrays.

Each function here has its twin in ``parties``, which is the one to read; the tests hold the two equal on
any text. A change there is a change here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from opencdi.disclosure.kernel_events import match_at
from opencdi.disclosure.kernel_sets import lean
from opencdi.disclosure.kernel_words import symbol_of
from opencdi.disclosure.marks import (
    ACQUAINTANCE,
    ACT,
    ALSO_VICTIM,
    FEMALE,
    MALE,
    NEGATE,
    NUMBER_FOUR,
    NUMBER_THREE,
    NUMBER_TWO,
    NUMBERED,
    OTHER_EVENT,
    PROPERTY,
    RELATED,
    SOMEONE,
    STRANGER,
    SUSPECT,
    VICTIM,
)

UNKNOWN_SEX, IS_FEMALE, IS_MALE = range(3)
NO_RELATIONSHIP = -1

PASSIVE, UNIT, BY, AND, WHOSE = 1, 2, 4, 8, 16
"""What little words are, in ``Text.little``: forms of being, units of time, ``by``, ``and``, ``her``..."""

_FURTHEST_BY, _FURTHEST_PASSIVE = 3, 3


class Text(NamedTuple):
    """The words of one log, and what little words are."""

    text: Any
    start: Any
    """Where the log begins in the text of its batch."""
    words: Any
    little: Any


@lean
def _little(text, word):
    """What a word is, of the little ones; 0 for any other and past the end."""
    if word < 0 or word >= text.words.shape[0]:
        return 0
    start = text.start + text.words[word, 0]
    return symbol_of(text.text, start, text.start + text.words[word, 1], text.little)


@lean
def _any_little(text, first, after, kind):
    found = 0
    for word in range(max(0, first), after):
        found |= _little(text, word) & kind
    return found != 0


@lean
def _is_passive(text, first, after):
    """Whether an act is told from the side of who suffered it."""
    return _any_little(text, first - _FURTHEST_PASSIVE, first, PASSIVE) or _little(text, after) & BY != 0


@lean
def _suffers(match, marks, lead_first, passive, text):
    if not marks & SOMEONE or marks & SUSPECT:
        return False
    if marks & VICTIM:
        return True
    if (match[1] < lead_first) != passive:
        return False
    return not _any_little(text, match[1] - _FURTHEST_BY, match[1], BY)


@lean
def _counted_before(log, clause, match, phrase_marks, text):
    """The number that stands right before a match, such as ``two`` before ``females``; 1 for none."""
    count = 1
    first = log.matches[match, 1]
    for other in range(log.starts[clause], log.starts[clause + 1]):
        phrase, start, after = match_at(log, other)
        marks = phrase_marks[phrase]
        gap = first - after
        if not marks & NUMBERED or after - start != 1 or gap < 0 or gap > 1:
            continue
        if _any_little(text, after, first, UNIT):
            continue
        if marks & NUMBER_FOUR:
            count = max(count, 4)
        elif marks & NUMBER_THREE:
            count = max(count, 3)
        elif marks & NUMBER_TWO:
            count = max(count, 2)
    return count


@lean
def _joined(text, first, after):
    """Whether nothing but ``and`` (or ``and her``...) stands between two people."""
    between = after - first
    if between < 1 or between > 2 or not _little(text, first) & AND:
        return False
    return between == 1 or _little(text, first + 1) & WHOSE != 0


@lean
def victims(log, clause, lead_first, lead_after, phrase_marks, everything, text):
    """Victims of an event: how many, and the sex of the one spoken of."""
    passive = _is_passive(text, lead_first, lead_after)
    numbered = log.marks[clause] & NUMBERED
    count, sex, last = 1, UNKNOWN_SEX, -1
    for match in range(log.starts[clause], log.starts[clause + 1]):
        phrase, first, after = match_at(log, match)
        marks = phrase_marks[phrase]
        if first == lead_first and after == lead_after:
            continue
        if not _suffers(log.matches[match], marks, lead_first, passive, text):
            continue
        if numbered:
            count = max(count, _counted_before(log, clause, match, phrase_marks, text))
        if last >= 0 and not marks & ACT and _joined(text, log.matches[last, 2], first):
            count = max(count, 2)
        if sex == UNKNOWN_SEX:
            sex = _one_sex(marks)
        last = match
    if last < 0:
        sex = _one_sex(everything)
    return count, sex


@lean
def _one_sex(marks):
    female, male = marks & FEMALE != 0, marks & MALE != 0
    if female == male:
        return UNKNOWN_SEX
    return IS_FEMALE if female else IS_MALE


@lean
def relationship(log, clause, lead_first, lead_after, phrase_marks, clauses_back, text):
    """The place among ``RELATIONSHIPS`` of suspect to victim; -1 where the words do not say."""
    passive = _is_passive(text, lead_first, lead_after)
    for back in range(min(clause, clauses_back) + 1):
        named = _named(log, clause - back, back == 0, lead_first, passive, phrase_marks, text)
        if named >= 0:
            return named
    return NO_RELATIONSHIP


@lean
def _named(log, clause, own, lead_first, passive, phrase_marks, text):
    """The closest relationship among matches of a clause; in the event's own, of those who do it."""
    held = 0
    start, end = log.starts[clause], log.starts[clause + 1]
    for match in range(start, end):
        phrase, first, after = match_at(log, match)
        marks = phrase_marks[phrase]
        if not marks & RELATED:
            continue
        if own and _suffers(log.matches[match], marks, lead_first, passive, text):
            continue
        follows = match + 1 < end and log.matches[match + 1, 1] == after
        if follows and phrase_marks[log.matches[match + 1, 0]] & (PROPERTY | RELATED):
            continue
        somebodys = False
        if match > start and log.matches[match - 1, 2] == first:
            before = phrase_marks[log.matches[match - 1, 0]]
            somebodys = before & RELATED != 0 and not before & STRANGER
        held |= ACQUAINTANCE if somebodys else marks & RELATED
    for place in range(4):
        if held & (STRANGER << place):
            return place
    return NO_RELATIONSHIP


@lean
def note_further_victims(log, first_told, further):
    """Count, by kind, the people of whom a later clause says that they suffered it too.

    ``first_told`` is the kind of the first offence told in each clause, or -1.
    """
    told = -1
    for clause in range(log.marks.size):
        told = first_told[clause] if first_told[clause] >= 0 else told
        marks = log.marks[clause]
        if told >= 0 and marks & ALSO_VICTIM and marks & SOMEONE and not marks & (NEGATE | OTHER_EVENT):
            further[told] += 1
