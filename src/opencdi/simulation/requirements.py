"""What the rules require of each report, and what else the force may come to record from it.

The rules are those of April 2026 (Crime Recording Rules 2026/27): one crime for each victim (page 12),
the principal crime of a finished incident (pages 12 to 14 and 55 to 57: the companion offence is never
required), breaches and drugs in addition (pages 89 to 91), N100 (page 63), crime-related incidents (page 9).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.simulation.draws import Draws, Integers, Truths
from opencdi.simulation.events import CRIME, CRIME_RELATED, NOT_CRIME, OTHER_FORCE, SCHOOL, Events
from opencdi.simulation.offences import STATE, offences
from opencdi.simulation.settings import Force
from opencdi.simulation.taxonomy import AS_CRIME, AS_N100, AS_RELATED, NOTHING

ADDED, SPARE, SECOND = 3, 4, 5
"""Slots of the offence recorded in addition, of a record that nothing requires, and of a second record of
the same crime. Slots 0 to 2 are the victims'."""
SLOTS = 8
_GUESSES = ("affront", "harassment", "common_assault", "nasty_message", "damage_other")
"""What is recorded where nothing should be."""


@dataclass(frozen=True)
class Candidates:
    """What is required or may be recorded, by event and slot; ``at`` is the place in the events."""

    at: Integers
    slot: Integers
    record_as: Integers
    offence: Integers
    victim_no: Integers


def candidates(events: Events, force: Force, draws: Draws) -> Candidates:
    """All that the events require, with the records that the force will make without need."""
    errors = force.errors
    logged = events.rows < force.incidents
    crime = events.verdict == CRIME
    own, n100 = np.maximum(events.offence, 0), events.n100 > 0
    related = np.isin(events.verdict, (CRIME_RELATED, SCHOOL, OTHER_FORCE)) & ~n100
    fancied = ~crime & ~n100 & logged & draws.chance(events.rows, "over-recorded", errors.over_recorded)
    merged = crime & (events.companion >= 0) & logged
    merged &= draws.chance(events.rows, "companion recorded too", errors.companion_recorded)
    twice = crime & logged & draws.chance(events.rows, "recorded twice", errors.recorded_twice)
    guess = _guess(events, draws)
    found = [
        _for(crime, 0, AS_CRIME, own, 1),
        _for(crime & (events.victims > 1) & logged, 1, AS_CRIME, own, 2),
        _for(crime & (events.victims > 2) & logged, 2, AS_CRIME, own, 3),
        _for(crime & (events.extra >= 0) & logged, ADDED, AS_CRIME, np.maximum(events.extra, 0), 0),
        _for(n100, 0, AS_N100, own, 1),
        _for(related, 0, AS_RELATED, own, 1),
        _for(fancied, SPARE, NOTHING, guess, 0),
        _for(merged, SPARE, NOTHING, np.maximum(events.companion, 0), 0),
        _for(twice, SECOND, NOTHING, own, 0),
    ]
    at, slot, record_as, offence, victim = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((slot, at))
    victim = np.where(offences().victim[offence] == STATE, 0, victim)
    return Candidates(at[order], slot[order], record_as[order], offence[order], victim[order])


def _for(
    wanted: Truths, slot: int, record_as: int, offence: Integers, victim_no: int
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    at = np.flatnonzero(wanted)
    same = np.ones(len(at), dtype=np.int64)
    return at, same * slot, same * record_as, offence[at], same * victim_no


def _guess(events: Events, draws: Draws) -> Integers:
    table = offences()
    guesses = np.array([table.place(name) for name in _GUESSES])
    guess = guesses[draws.below(events.rows, "guess", len(guesses))]
    told = (events.offence >= 0) & (events.verdict != NOT_CRIME)
    return np.where(told, events.offence, guess)
