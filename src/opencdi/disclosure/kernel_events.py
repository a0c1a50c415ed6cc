"""The events of each log, compiled to machine code by Numba: ``Reader.event`` and ``Scope`` on flat arrays.

Each function here has its twin of the same purpose in ``reader`` or ``scope``, which is the one to read;
the tests hold the two equal on any text. A change there is a change here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from opencdi.disclosure.kernel_sets import ONE, lean, lowest, meet
from opencdi.disclosure.marks import (
    ACCIDENT,
    ATTEMPT,
    CLOSED_NO_CRIME,
    COMMA,
    CUES,
    DENY_AFTER,
    DOUBT,
    EITHER,
    FEARED,
    FOUND_OUT,
    HYPOTHESIS,
    NEGATE,
    NOT_YET,
    OTHER_EVENT,
    PAST,
    QUESTION,
    RECORD_OF,
    RESUMES,
    RETRACT,
    RETRACT_PROPERTY,
    SCOPE_END,
    SOMEONE,
    SUBJECT,
    WILL,
)

ASSERTED, RETRACTED, PAST_EVENT, OTHER_INCIDENT, HYPOTHETICAL, NEGATED = range(6)
"""How a log speaks of an event: the order is that in which one assertion outranks another."""

KIND, RULE, OTHER_RULE, ASSERTION, ATTEMPTED, CLAUSE, PIECES = range(7)
"""Columns of an event. ``OTHER_RULE`` is that of the event it was joined with, or -1."""

TAG, FIRST, AFTER = range(3)
"""Columns of a piece of evidence: the tag's place, and the first and after-last word."""

SAID_NOT_DONE, THEFT, CIRCUMSTANCE, ALWAYS_ATTEMPTED = 1, 2, 4, 8
"""Traits of a kind."""

_LEAD, _COMPANION = 0, 1


class Reaches(NamedTuple):
    """How far cues reach, in words, and what doubt takes off; see ``scope``."""

    negation: Any
    hypothesis: Any
    past: Any
    attempt: Any
    doubt: Any
    intent: Any
    backward: Any
    doubted: Any
    declared_no_crime: Any


class Speech(NamedTuple):
    """What the events of a log are worked out by."""

    marks: Any
    """Of each phrase."""
    marks_of_tags: Any
    kind_of_rule: Any
    strength: Any
    near: Any
    traits: Any
    """Of each kind."""
    reaches: Reaches


class Log(NamedTuple):
    """What has been read of one log: its matches and clauses, and the marks of each clause."""

    matches: Any
    starts: Any
    """First match of each clause, and the match after the last."""
    masks: Any
    fitting: Any
    marks: Any


class Events(NamedTuple):
    """Room for the events of one log; see the columns above."""

    columns: Any
    strength: Any
    pieces: Any
    chosen: Any
    """Room for the matches that carry one event."""


@lean
def match_at(log, place):
    """The phrase of a match, its first word and the word after its last."""
    return log.matches[place, 0], log.matches[place, 1], log.matches[place, 2]


@lean
def note_marks(masks, marks_of_tags, marks):
    """Write the marks of each clause; gives those of all together."""
    everything = 0
    for clause in range(masks.shape[0]):
        held = 0
        for limb in range(masks.shape[1]):
            tags = masks[clause, limb]
            while tags:
                held |= marks_of_tags[64 * limb + lowest(tags)]
                tags &= tags - ONE
        marks[clause] = held
        everything |= held
    return everything


@lean
def _cues_before(log, clause, event, speech):
    reaching, ended, commas, named = 0, 0, 0, 0
    resumed, subject_at = False, -1
    reaches = speech.reaches
    listed = log.marks[clause] & EITHER
    first = log.matches[event, 1]
    for match in range(event - 1, log.starts[clause] - 1, -1):
        marks = speech.marks[log.matches[match, 0]]
        distance = first - log.matches[match, 2]
        if distance > reaches.hypothesis:
            break
        if not ended and distance <= reaches.negation and (commas == 0 or listed):
            reaching |= marks & NEGATE
        if not ended and distance <= reaches.past and commas == 0:
            reaching |= marks & PAST
        if not named and marks & RECORD_OF:
            reaching |= PAST
        if distance <= reaches.attempt:
            reaching |= marks & ATTEMPT
        if distance <= reaches.doubt:
            reaching |= marks & (DOUBT | FEARED)
        if distance <= reaches.intent and not ended and commas == 0:
            reaching |= marks & WILL
        if marks & COMMA and log.matches[match, 2] == subject_at:
            resumed = True
        if not resumed:
            reaching |= marks & HYPOTHESIS
        if marks & RESUMES:
            resumed = True
        ended |= marks & SCOPE_END
        named |= marks & SOMEONE
        commas += (marks & COMMA) != 0
        subject_at = log.matches[match, 1] if marks & SUBJECT else -1
    return reaching


@lean
def _cues_after(log, clause, event, speech):
    reaching = 0
    after = log.matches[event, 2]
    for match in range(event + 1, log.starts[clause + 1]):
        marks = speech.marks[log.matches[match, 0]]
        if marks & (COMMA | SCOPE_END) or log.matches[match, 1] - after > speech.reaches.backward:
            break
        reaching |= marks & (DENY_AFTER | ATTEMPT | NOT_YET)
    return reaching


@lean
def _assertion(cues):
    if cues & OTHER_EVENT:
        return OTHER_INCIDENT
    if cues & (NEGATE | DENY_AFTER | ACCIDENT):
        return NEGATED
    if cues & (HYPOTHESIS | QUESTION | WILL | NOT_YET):
        return HYPOTHETICAL
    return PAST_EVENT if cues & PAST else ASSERTED


@lean
def _spoken(log, clause, event, kind, speech):
    """How a clause speaks of the event whose leading phrase is given: assertion, attempt, weight."""
    around = log.marks[clause]
    if not around & CUES:
        return ASSERTED, 0, 1.0
    own = speech.marks[log.matches[event, 0]]
    before = _cues_before(log, clause, event, speech) | (own & WILL)
    after = _cues_after(log, clause, event, speech)
    if speech.traits[kind] & SAID_NOT_DONE and not before & FEARED:
        before &= ~WILL
    cues = before | after
    assertion = _assertion(cues | (around & (OTHER_EVENT | ACCIDENT | QUESTION)))
    attempted = 1 if (cues | own) & ATTEMPT else 0
    return assertion, attempted, speech.reaches.doubted if cues & DOUBT else 1.0


@lean
def _nearest(log, clause, lead, need, near, phrase_masks):
    """The match nearest to the leading one that carries a need; -1 where none is near."""
    nearest, least = -1, near + 1
    start, after = log.matches[lead, 1], log.matches[lead, 2]
    for match in range(log.starts[clause], log.starts[clause + 1]):
        if match == lead or not meet(phrase_masks[log.matches[match, 0]], need):
            continue
        first = log.matches[match, 1]
        distance = first - after if first >= after else start - log.matches[match, 2]
        if distance < least:
            nearest, least = match, distance
    return nearest


@lean
def _companions(log, clause, lead, rule, rules, speech, phrase_masks, chosen):
    """Choose a match for each need of a rule; says whether there is one for all."""
    chosen[_LEAD] = lead
    own = phrase_masks[log.matches[lead, 0]]
    long = log.matches[lead, 2] - log.matches[lead, 1] > 1
    for place in range(_COMPANION, rules.needed[rule]):
        need = rules.needs[rule, place]
        if long and meet(own, need):
            chosen[place] = lead
            continue
        chosen[place] = _nearest(log, clause, lead, need, speech.near[rule], phrase_masks)
        if chosen[place] < 0:
            return False
    return True


@lean
def _lowest_tag(mask, need):
    """The first tag, in the order of tags, that a phrase and a need share."""
    for limb in range(mask.size):
        shared = mask[limb] & need[limb]
        if shared:
            return limb * 64 + lowest(shared)
    return -1


@lean
def _note_evidence(log, rule, rules, phrase_masks, chosen, pieces):
    """Write the words that carried a rule's needs, each once; gives how many pieces there are."""
    count = 0
    for place in range(rules.needed[rule]):
        phrase, first, after = match_at(log, chosen[place])
        known = False
        for piece in range(count):
            known = known or (pieces[piece, FIRST] == first and pieces[piece, AFTER] == after)
        if not known:
            pieces[count, TAG] = _lowest_tag(phrase_masks[phrase], rules.needs[rule, place])
            pieces[count, FIRST] = first
            pieces[count, AFTER] = after
            count += 1
    return count


@lean
def _note_event(log, clause, rule, rules, speech, phrase_masks, events, place):
    """Write the event of the best-asserted leading phrase with its companions near; says whether any."""
    written = False
    kind = speech.kind_of_rule[rule]
    for lead in range(log.starts[clause], log.starts[clause + 1]):
        if not meet(phrase_masks[log.matches[lead, 0]], rules.needs[rule, 0]):
            continue
        if not _companions(log, clause, lead, rule, rules, speech, phrase_masks, events.chosen):
            continue
        assertion, attempted, weight = _spoken(log, clause, lead, kind, speech)
        if written and assertion != ASSERTED:
            continue
        event = events.columns[place]
        event[KIND], event[RULE], event[OTHER_RULE], event[CLAUSE] = kind, rule, -1, clause
        event[ASSERTION], event[ATTEMPTED] = assertion, attempted
        event[PIECES] = _note_evidence(log, rule, rules, phrase_masks, events.chosen, events.pieces[place])
        events.strength[place] = speech.strength[rule] * weight
        written = True
        if assertion == ASSERTED:
            break
    return written


@lean
def _told_after(log, clause, events, count, speech):
    """Whether a clause asserts an event after the first words that say something was found out."""
    found = -1
    for match in range(log.starts[clause], log.starts[clause + 1]):
        if speech.marks[log.matches[match, 0]] & FOUND_OUT:
            found = log.matches[match, 2]
            break
    for place in range(count):
        here = events.columns[place, CLAUSE] == clause and events.columns[place, ASSERTION] == ASSERTED
        if here and events.pieces[place, 0, FIRST] >= found:
            return True
    return False


@lean
def _take_back(log, events, count, speech):
    """Mark events that a later clause takes back."""
    again, found, declared = -1, -1, -1
    for clause in range(log.marks.size):
        takes_back = log.marks[clause] & RETRACT or (
            log.marks[clause] & FOUND_OUT and not _told_after(log, clause, events, count, speech)
        )
        again = clause if takes_back else again
        found = clause if log.marks[clause] & RETRACT_PROPERTY else found
        declared = clause if log.marks[clause] & CLOSED_NO_CRIME else declared
    for place in range(count):
        event = events.columns[place]
        if event[ASSERTION] != ASSERTED:
            continue
        stolen = speech.traits[event[KIND]] & THEFT
        if event[CLAUSE] <= again or (stolen and event[CLAUSE] <= found):
            event[ASSERTION] = RETRACTED
        elif declared >= 0:
            events.strength[place] *= speech.reaches.declared_no_crime


@lean
def note_events(log, rules, speech, phrase_masks, events):
    """Write the events of one log, those taken back marked; gives how many there are."""
    count = 0
    for clause in range(log.marks.size):
        for limb in range(log.fitting.shape[1]):
            fitting = log.fitting[clause, limb]
            while fitting:
                rule = limb * 64 + lowest(fitting)
                count += _note_event(log, clause, rule, rules, speech, phrase_masks, events, count)
                fitting &= fitting - ONE
    _take_back(log, events, count, speech)
    return count
