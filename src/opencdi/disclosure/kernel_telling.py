"""What logs tell, one after the other and each in the same room, compiled to machine code by Numba.

Here all arrays are made that the other kernels write in.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from opencdi.disclosure.kernel import read, room_for
from opencdi.disclosure.kernel_events import Events, Log, note_events, note_marks
from opencdi.disclosure.kernel_offences import (
    Kinds,
    Offences,
    Spoken,
    note_first_told,
    note_kinds,
    note_offence,
    note_together,
)
from opencdi.disclosure.kernel_parties import Text, note_further_victims
from opencdi.disclosure.kernel_rules import note_all_fitting
from opencdi.disclosure.kernel_sets import LIMBS, RULE_LIMBS
from opencdi.disclosure.marks import ALSO_VICTIM

_EVENTS = 64
"""Events of a log that there is room for at first."""


@njit(cache=True)
def _room_for_events(most, most_pieces):
    return Events(
        np.empty((most, 7), np.int32),
        np.empty(most, np.float64),
        np.empty((most, 2 * most_pieces, 3), np.int32),
        np.empty(most_pieces, np.int64),
    )


@njit(cache=True)
def _room_for_offences(most, most_pieces):
    return Offences(
        np.empty((most, 10), np.int64),
        np.empty(most, np.float64),
        np.empty((most, LIMBS), np.uint64),
        np.empty((most, LIMBS), np.uint64),
        np.empty((most_pieces, 5), np.int32),
    )


@njit(cache=True)
def _with_more_room(told, offences, pieces):
    """Room for twice as many offences and pieces of evidence, with so many in it as before."""
    room = _room_for_offences(2 * told.strength.size, 2 * told.pieces.shape[0])
    room.columns[:offences] = told.columns[:offences]
    room.strength[:offences] = told.strength[:offences]
    room.here[:offences] = told.here[:offences]
    room.near[:offences] = told.near[:offences]
    room.pieces[:pieces] = told.pieces[:pieces]
    return room


@njit(cache=True)
def _room_for_kinds(count):
    return Kinds(
        np.empty(count, np.int64),
        np.empty(count, np.float64),
        np.empty(count, np.float64),
        np.empty(count, np.bool_),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
    )


@njit(cache=True)
def tell(batch, offsets, tables, speech, merging, little):
    """The offences of every log of a batch, in order, what stands out first.

    ``batch`` holds the folded logs end to end as bytes of UTF-8; log ``n`` is
    ``batch[offsets[n]:offsets[n + 1]]``. Gives the count of words and all tags of each log; the columns of
    each offence, its strength, the tags of its clauses, those of the clauses beside them too, and its pieces
    of evidence.
    """
    together, rules = merging.together, tables.rules
    most_needs = rules.needs.shape[1]
    logs = offsets.size - 1
    lengths = np.empty(logs, np.int64)
    tags = np.zeros((logs, LIMBS), np.uint64)
    room = room_for(offsets)
    most_clauses = room.masks.shape[0]
    fitting = np.empty((most_clauses, RULE_LIMBS), np.uint64)
    marks = np.empty(most_clauses, np.int64)
    seen, first_told = np.empty(most_clauses, np.int64), np.empty(most_clauses, np.int64)
    events = _room_for_events(_EVENTS, most_needs)
    one, other = np.empty(_EVENTS, np.int64), np.empty(_EVENTS, np.int64)
    kinds = _room_for_kinds(speech.traits.size)
    told = _room_for_offences(logs + speech.traits.size, 4 * logs)
    offence, piece = 0, 0
    for number in range(logs):
        length, clauses = read(batch, offsets[number], offsets[number + 1], tables, room, tags[number])
        lengths[number] = length
        fits = note_all_fitting(room.masks, clauses, length, rules, fitting)
        if fits == 0:
            continue
        most = fits + together.makes.size
        if most > one.size:
            events = _room_for_events(2 * most, most_needs)
            one, other = np.empty(2 * most, np.int64), np.empty(2 * most, np.int64)
        most_pieces = (fits + 2 * together.makes.size) * most_needs
        while offence + speech.traits.size > told.strength.size or piece + most_pieces > told.pieces.shape[0]:
            told = _with_more_room(told, offence, piece)
        log = Log(
            room.matches, room.starts[: clauses + 1], room.masks[:clauses], fitting[:clauses], marks[:clauses]
        )
        everything = note_marks(log.masks, speech.marks_of_tags, log.marks)
        count = note_events(log, rules, speech, tables.masks, events)
        if count == 0:
            continue
        if count > 1:
            count = note_together(events, count, tags[number], together, one, other)
        seen[:clauses].fill(-1)
        at_hand = note_kinds(events, count, seen, speech, merging, kinds)
        kinds.further.fill(0)
        if everything & ALSO_VICTIM:
            note_first_told(events, count, at_hand, kinds, first_told[:clauses])
            note_further_victims(log, first_told, kinds.further)
        text = Text(batch, offsets[number], room.words[:length], little)
        one_log = Spoken(number, log, text, everything)
        for place in range(at_hand):
            kind = kinds.order[place]
            piece = note_offence(told, offence, piece, kind, events, count, one_log, speech, merging, kinds)
            offence += 1
    return (
        lengths,
        tags,
        told.columns[:offence].copy(),
        told.strength[:offence].copy(),
        told.here[:offence].copy(),
        told.near[:offence].copy(),
        told.pieces[:piece].copy(),
    )
