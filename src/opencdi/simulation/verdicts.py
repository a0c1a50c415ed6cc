"""What each report comes to under the rules, and which logs repeat an event already logged.

Crime Recording Rules 2026/27: crime-related incidents (page 9), other forces (page 15), the Schools
Protocol (page 12), credible evidence to the contrary (page 7), N100 (page 63).
"""

from __future__ import annotations

import numpy as np

from opencdi.simulation.draws import Draws, Integers, Numbers, Rows, Truths
from opencdi.simulation.events import AGAIN, CONTRARY, CRIME, CRIME_RELATED, NOT_CRIME, OTHER_FORCE, SCHOOL
from opencdi.simulation.offences import PERSON, STATE, offences
from opencdi.simulation.settings import Force

_ATTEMPTS = 10
"""How many earlier rows are tried before a second log is given up."""
_SCHOOL_NAMES = ("common_assault", "abh", "theft_other", "damage_other")


class Verdicts:
    """Draws what each row comes to."""

    def __init__(self, force: Force, draws: Draws, weights: Numbers) -> None:
        self._force = force
        self._draws = draws
        self._weights = weights
        """How often each offence happens."""

    def own(self, rows: Rows) -> tuple[Integers, Integers]:
        """Verdict and offence of each row before repeats are considered."""
        reports, draws, table = self._force.reports, self._draws, offences()
        offence = draws.choice(rows, "offence", self._weights)
        crime_like = draws.chance(rows, "crime-like", 1 - reports.not_a_crime)
        crime_like |= rows >= self._force.incidents
        verdict = np.full(len(rows), CRIME)
        fate = draws.uniform(rows, "fate")
        steps = np.cumsum(
            [reports.same_event_again, reports.crime_related_only, reports.other_force, reports.contrary]
        )
        person = table.victim[offence] == PERSON
        grown = person & (table.age_to[offence] >= 16)
        for low, high, answer, allowed in (
            (0.0, steps[0], AGAIN, person),
            (steps[0], steps[1], CRIME_RELATED, grown),
            (steps[1], steps[2], OTHER_FORCE, table.victim[offence] != STATE),
            (steps[2], steps[3], CONTRARY, person),
        ):
            verdict[(fate >= low) & (fate < high) & allowed] = answer
        rape = table.of_subgroups(("Rape",))[offence]
        unconfirmed = rape & grown & draws.chance(rows, "n100", reports.rape_unconfirmed)
        verdict[unconfirmed & (verdict == CRIME)] = CRIME_RELATED
        young = table.among(_SCHOOL_NAMES)[offence] & draws.chance(rows, "at school", 0.07)
        left = draws.chance(rows, "left to school", reports.left_to_school)
        verdict[young & left & (verdict == CRIME)] = SCHOOL
        verdict[rows >= self._force.incidents] = CRIME
        verdict[~crime_like] = NOT_CRIME
        return verdict, np.where(crime_like, offence, -1)

    def at_school(self, rows: Rows, offence: Integers) -> Truths:
        table = offences()
        return (
            (offence >= 0) & table.among(_SCHOOL_NAMES)[offence] & self._draws.chance(rows, "at school", 0.07)
        )

    def repeats(self, rows: Rows, verdict: Integers) -> Rows:
        """The earlier row whose event a second log repeats; the row itself for all others."""
        event = rows.copy()
        open_ = np.flatnonzero(verdict == AGAIN)
        window = max(1, int(self._force.incidents / self._force.days * 1.5))
        for attempt in range(_ATTEMPTS):
            back = rows[open_] - 1 - self._draws.below(rows[open_], f"repeats {attempt}", window)
            earlier, _ = self.own(np.maximum(back, 0))
            fits = (back >= 0) & (earlier == CRIME)
            event[open_[fits]] = back[fits]
            open_ = open_[~fits]
        return event
