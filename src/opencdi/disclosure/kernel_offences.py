"""The offences of each log, compiled to machine code by Numba: ``offences`` and ``parties`` on flat arrays.

They say which offences a log tells, each once, with its victim, the relationship, the tags around it and the
words it rests on. Each function here has its twin in ``offences``, which is the one to read; the tests hold
the two equal on any text. A change there is a change here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from opencdi.disclosure.kernel_events import (
    AFTER,
    ALWAYS_ATTEMPTED,
    ASSERTED,
    ASSERTION,
    ATTEMPTED,
    CIRCUMSTANCE,
    CLAUSE,
    FIRST,
    KIND,
    OTHER_RULE,
    PIECES,
    RULE,
    TAG,
    Log,
)
from opencdi.disclosure.kernel_parties import Text, relationship, victims
from opencdi.disclosure.kernel_sets import lean, meet

LOG, OFFENCE, SAID, TRIED, VICTIMS, SEX, RELATED, FURTHER, FIRST_PIECE, AFTER_PIECE = range(10)
"""Columns of an offence: log, kind, assertion, attempted, victims and their sex, relationship, ..."""

P_RULE, P_OTHER_RULE, P_TAG, P_START, P_END = range(5)
"""Columns of a piece of evidence: its rules, its tag, and its bytes in the log."""


class Together(NamedTuple):
    """Kinds that make another kind together; see ``book.Together``."""

    kinds: Any
    tags: Any
    tagged: Any
    without: Any
    within: Any
    makes: Any
    strength: Any


class Merging(NamedTuple):
    """How events become offences; see ``offences``."""

    together: Together
    absorbs: Any
    """Kinds by kinds."""
    said_again: Any
    later: Any
    clauses_back: Any


class Spoken(NamedTuple):
    """One log: its number, its clauses, its words, and the marks of all its clauses together."""

    number: Any
    read: Log
    text: Text
    marks: Any


class Offences(NamedTuple):
    """Room for the offences of a batch; see the columns above."""

    columns: Any
    strength: Any
    here: Any
    near: Any
    pieces: Any


class Kinds(NamedTuple):
    """Room for what holds of each kind in one log."""

    assertion: Any
    """Of the kind's offence; -1 where the log does not speak of it."""
    standing: Any
    strength: Any
    attempted: Any
    order: Any
    further: Any


@lean
def _asserted_of(events, count, kind, chosen):
    """Write the places of the asserted events of a kind; gives how many."""
    found = 0
    for place in range(count):
        if events.columns[place, KIND] == kind and events.columns[place, ASSERTION] == ASSERTED:
            chosen[found] = place
            found += 1
    return found


@lean
def _not_before(events, places, count, clause):
    """The first of some events, in the order of the log, that is not before a clause (bisection)."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if events.columns[places[middle], CLAUSE] < clause:
            low = middle + 1
        else:
            high = middle
    return low


@lean
def _nearest_pair(events, one, ones, other, others):
    """The pair of events with the fewest clauses between."""
    best_one, best_other = one[0], other[0]
    least = abs(events.columns[best_one, CLAUSE] - events.columns[best_other, CLAUSE])
    for place in range(ones):
        clause = events.columns[one[place], CLAUSE]
        at = _not_before(events, other, others, clause)
        for near in range(max(0, at - 1), min(others, at + 1)):
            between = abs(clause - events.columns[other[near], CLAUSE])
            if between < least:
                best_one, best_other, least = one[place], other[near], between
    return best_one, best_other, least


@lean
def _copied_pieces(pieces, count, to, held):
    """Write the pieces that are not there yet after the first ``held``; gives how many there are then."""
    for piece in range(count):
        known = False
        for earlier in range(held):
            known = known or (
                to[earlier, TAG] == pieces[piece, TAG]
                and to[earlier, FIRST] == pieces[piece, FIRST]
                and to[earlier, AFTER] == pieces[piece, AFTER]
            )
        if not known:
            to[held, TAG] = pieces[piece, TAG]
            to[held, FIRST] = pieces[piece, FIRST]
            to[held, AFTER] = pieces[piece, AFTER]
            held += 1
    return held


@lean
def _note_joined(events, one, other, rule, together, place):
    """Write the event that two events make together."""
    first, second, made = events.columns[one], events.columns[other], events.columns[place]
    made[KIND], made[ASSERTION] = together.makes[rule], ASSERTED
    made[RULE], made[OTHER_RULE], made[CLAUSE] = first[RULE], second[RULE], first[CLAUSE]
    made[ATTEMPTED] = first[ATTEMPTED] and second[ATTEMPTED]
    events.strength[place] = together.strength[rule]
    count = _copied_pieces(events.pieces[one], first[PIECES], events.pieces[place], 0)
    made[PIECES] = _copied_pieces(events.pieces[other], second[PIECES], events.pieces[place], count)


@lean
def note_together(events, count, mask, together, one, other):
    """Write the events that others make together after the first ``count``; gives how many there are then."""
    first_count = count
    for rule in range(together.makes.size):
        if (together.tagged[rule] and not meet(mask, together.tags[rule])) or meet(
            mask, together.without[rule]
        ):
            continue
        ones = _asserted_of(events, first_count, together.kinds[rule, 0], one)
        others = _asserted_of(events, first_count, together.kinds[rule, 1], other) if ones else 0
        if not others:
            continue
        first, second, between = _nearest_pair(events, one, ones, other, others)
        if between <= together.within[rule]:
            _note_joined(events, first, second, rule, together, count)
            count += 1
    return count


@lean
def _merge(events, count, kind, seen, merging, kinds):
    """Work out the offence of a kind from its events of the strongest assertion."""
    assertion, attempted = kinds.assertion[kind], True
    strongest, clauses, first = 0.0, 0, 1 << 30
    for place in range(count):
        event = events.columns[place]
        if event[KIND] != kind or event[ASSERTION] != assertion:
            continue
        strongest = max(strongest, events.strength[place])
        attempted = attempted and event[ATTEMPTED] == 1
        first = min(first, event[CLAUSE])
        if seen[event[CLAUSE]] != kind:
            seen[event[CLAUSE]] = kind
            clauses += 1
    strength = 1.0 - (1.0 - strongest) * merging.said_again ** float(clauses - 1)
    kinds.strength[kind] = strength
    kinds.standing[kind] = strength - merging.later * first
    kinds.attempted[kind] = attempted


@lean
def note_kinds(events, count, seen, speech, merging, kinds):
    """Write the kinds of which the log tells an offence, what stands out first; gives how many."""
    kinds.assertion.fill(-1)
    for place in range(count):
        kind, assertion = events.columns[place, KIND], events.columns[place, ASSERTION]
        if kinds.assertion[kind] < 0 or assertion < kinds.assertion[kind]:
            kinds.assertion[kind] = assertion
    found = 0
    for kind in range(kinds.assertion.size):
        if kinds.assertion[kind] < 0 or speech.traits[kind] & CIRCUMSTANCE:
            continue
        absorbed = False
        for other in range(kinds.assertion.size):
            holds = kinds.assertion[other] == ASSERTED and not speech.traits[other] & CIRCUMSTANCE
            absorbed = absorbed or (holds and merging.absorbs[other, kind])
        if absorbed:
            continue
        _merge(events, count, kind, seen, merging, kinds)
        place = found
        while place > 0 and kinds.standing[kinds.order[place - 1]] < kinds.standing[kind]:
            kinds.order[place] = kinds.order[place - 1]
            place -= 1
        kinds.order[place] = kind
        found += 1
    return found


@lean
def _add_tags(mask, to):
    for limb in range(mask.size):
        to[limb] |= mask[limb]


@lean
def note_offence(told, place, piece, kind, events, count, one_log, speech, merging, kinds):
    """Write one offence and its evidence; gives how many pieces there are then."""
    log, text, columns = one_log.read, one_log.text, told.columns[place]
    columns[LOG], columns[OFFENCE], columns[FIRST_PIECE] = one_log.number, kind, piece
    columns[SAID] = kinds.assertion[kind]
    columns[TRIED] = kinds.attempted[kind] or speech.traits[kind] & ALWAYS_ATTEMPTED != 0
    columns[FURTHER] = kinds.further[kind]
    told.strength[place] = kinds.strength[kind]
    told.here[place] = 0
    told.near[place] = 0
    first_event = True
    for event in range(count):
        one = events.columns[event]
        if one[KIND] != kind or one[ASSERTION] != kinds.assertion[kind]:
            continue
        clause = one[CLAUSE]
        _add_tags(log.masks[clause], told.here[place])
        for beside in range(max(0, clause - 1), min(log.marks.size, clause + 2)):
            _add_tags(log.masks[beside], told.near[place])
        if first_event:
            first, after = events.pieces[event, 0, FIRST], events.pieces[event, 0, AFTER]
            columns[VICTIMS], columns[SEX] = victims(
                log, clause, first, after, speech.marks, one_log.marks, text
            )
            columns[RELATED] = relationship(
                log, clause, first, after, speech.marks, merging.clauses_back, text
            )
            first_event = False
        for each in range(one[PIECES]):
            held, row = events.pieces[event, each], told.pieces[piece]
            row[P_RULE], row[P_OTHER_RULE], row[P_TAG] = one[RULE], one[OTHER_RULE], held[TAG]
            row[P_START], row[P_END] = text.words[held[FIRST], 0], text.words[held[AFTER] - 1, 1]
            piece += 1
    columns[AFTER_PIECE] = piece
    return piece


@lean
def note_first_told(events, count, found, kinds, first_told):
    """Write the kind of the first asserted offence told in each clause, or -1."""
    first_told.fill(-1)
    for place in range(found):
        kind = kinds.order[place]
        if kinds.assertion[kind] != ASSERTED:
            continue
        for event in range(count):
            one = events.columns[event]
            if one[KIND] == kind and one[ASSERTION] == ASSERTED and first_told[one[CLAUSE]] < 0:
                first_told[one[CLAUSE]] = kind
