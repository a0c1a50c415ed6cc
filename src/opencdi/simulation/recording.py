"""What the force recorded, and what it got wrong.

24 hours are counted from the report (Crime Recording Rules 2026/27, page 10); cancellation codes are those
of page 25, and a victim must be told of C1, C2 and C5 only (page 26).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from statistics import NormalDist

import numpy as np

from opencdi.simulation.calendar import DAY, HOUR, midnight
from opencdi.simulation.causes import Causes
from opencdi.simulation.draws import Draws, Integers, Rows, Truths
from opencdi.simulation.events import Events
from opencdi.simulation.flags import flags_due
from opencdi.simulation.offences import STATE, VIOLENCE, offences, padded
from opencdi.simulation.requirements import SECOND, SLOTS, SPARE, Candidates, candidates
from opencdi.simulation.settings import Force
from opencdi.simulation.taxonomy import (
    ADDITIONAL,
    AS_CRIME,
    AS_N100,
    AS_RELATED,
    LATE,
    MISSING,
    N100_FOR_CRIME,
    NONE,
    NOTHING,
    OVER,
    PAPERS,
    PAPERWORK,
    WRONG_CLASS,
    WRONGLY_CANCELLED,
)

_SELF_DEFENCE = ("105/01", "008/06", "104/23", "008/73")
"""Classifications that may be cancelled C5 (page 26)."""
_GROUNDS = {"transferred": 0.22, "self_defence": 0.25}
"""Shares of C1 among cancellations, and of C5 among those that may be; the rest is C2. Assumed."""
_MENDED = {SECOND: 0.8, SPARE: 0.35}
"""How often a record too many is found and cancelled, as C3 and as C4. Assumed."""


@dataclass(frozen=True)
class Records:
    """One place for each crime that is required or was recorded; ``at`` is its place in the events."""

    at: Integers
    slot: Integers
    record_as: Integers
    required: Integers
    """Offence the rules require; -1 for a record that nothing requires."""
    victim_no: Integers
    made: Truths
    recorded: Integers
    """Offence on the record."""
    n100: Integers
    recorded_at: Integers
    late: Truths
    error: Integers
    cause: Integers
    cancellation: Integers
    """0 for none, 1 to 5 for C1 to C5."""
    cancelled_at: Integers
    told: Truths
    paper: Integers
    """Place in ``PAPERS``."""
    reference: Integers
    """Place in ``REFERENCES``."""

    def of(self, keep: Truths | Integers) -> Records:
        return Records(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})

    def in_order(self) -> Records:
        """The same records for events that stand in the order of the records."""
        return replace(self, at=np.arange(len(self)))

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class _Cancellation:
    code: Integers
    wrongly: Truths
    told: Truths
    at: Integers


class Recording:
    """The force's crime desk."""

    def __init__(self, force: Force) -> None:
        self._force = force
        self._errors = force.errors
        self._draws = Draws(force.seed, force.name).within("recording")
        self._causes = Causes(self._draws)
        self._extracted = midnight(force.extracted_on)
        quantile = NormalDist().inv_cdf(1 - self._errors.late)
        self._spread = float(np.log(24.0 / self._errors.delay_median_hours)) / quantile

    def records(self, events: Events) -> Records:
        """All that is required of the events or was recorded from them, by event and slot."""
        found = candidates(events, self._force, self._draws)
        facts = events.at(found.at)
        keys = facts.rows * SLOTS + found.slot
        made = self._made(keys, found, facts)
        as_n100 = made & self._left_as_n100(keys, found, facts)
        recorded = self._class_recorded(keys, found, facts, as_n100)
        recorded_at, late = self._when(keys, found, facts, made)
        removal = self._cancelled(keys, found, made & ~as_n100, recorded_at)
        paper = self._paper(keys, found, facts, made, removal)
        unmade = ~made & (found.record_as != AS_RELATED)
        error = np.select(
            [
                (found.record_as == NOTHING) & made & (removal.code == 0),
                unmade & (found.slot > 0),
                unmade,
                as_n100,
                removal.wrongly,
                made & (recorded != found.offence),
                late,
                paper > 0,
            ],
            [OVER, ADDITIONAL, MISSING, N100_FOR_CRIME, WRONGLY_CANCELLED, WRONG_CLASS, LATE, PAPERWORK],
            NONE,
        )
        return Records(
            at=found.at,
            slot=found.slot,
            record_as=found.record_as,
            required=np.where(found.record_as == NOTHING, -1, found.offence),
            victim_no=found.victim_no,
            made=made,
            recorded=recorded,
            n100=np.where(as_n100, 1, np.where(found.record_as == AS_N100, facts.n100, 0)),
            recorded_at=recorded_at,
            late=late,
            error=error,
            cause=self._causes.of(keys, error, facts, found),
            cancellation=removal.code,
            cancelled_at=removal.at,
            told=removal.told,
            paper=paper,
            reference=self._reference(keys, facts),
        )

    def _made(self, keys: Rows, found: Candidates, facts: Events) -> Truths:
        """Whether a record was made at all."""
        errors, table = self._errors, offences()
        rate = table.recording_rate(errors)[found.offence]
        violent = table.of_subgroups(VIOLENCE)[found.offence]
        domestic = np.where(violent, errors.recorded_domestic, (rate + errors.recorded_domestic) / 2)
        rate = np.where(facts.domestic, np.minimum(rate, domestic), rate)
        rate = np.where((found.slot > 0) & (found.slot < SPARE), 1 - errors.additional_missed, rate)
        rate = np.where(found.record_as == AS_N100, 1 - errors.n100_missed, rate)
        rate = np.where(found.record_as == NOTHING, 1.0, rate)
        made = self._draws.chance(keys, "made", rate) | self._direct(facts)
        return np.asarray(made & (found.record_as != AS_RELATED))

    def _direct(self, facts: Events) -> Truths:
        return facts.rows >= self._force.incidents

    def _left_as_n100(self, keys: Rows, found: Candidates, facts: Events) -> Truths:
        rape = offences().of_subgroups(("Rape",))[found.offence] & (found.record_as == AS_CRIME)
        drawn = self._draws.chance(keys, "n100 for crime", self._errors.n100_for_crime)
        return np.asarray(rape & drawn & ~self._direct(facts))

    def _class_recorded(self, keys: Rows, found: Candidates, facts: Events, as_n100: Truths) -> Integers:
        wrong = self._draws.chance(keys, "wrong class", self._errors.wrong_class)
        wrong &= (found.record_as == AS_CRIME) & ~as_n100 & ~self._direct(facts)
        others, counts = padded(offences().mistaken_for)
        pick = self._draws.below(keys, "mistaken", np.maximum(counts[found.offence], 1))
        other = others[found.offence, pick]
        return np.where(wrong & (other >= 0), other, found.offence)

    def _when(self, keys: Rows, found: Candidates, facts: Events, made: Truths) -> tuple[Integers, Truths]:
        median = self._errors.delay_median_hours
        delay = self._draws.lognormal(keys, "delay", median, self._spread) * HOUR
        due = np.isin(found.record_as, (AS_CRIME, AS_N100))
        recorded_at = facts.reported + np.maximum(delay, 300).astype(np.int64)
        return recorded_at, made & due & (recorded_at > facts.reported + 24 * HOUR)

    def _cancelled(self, keys: Rows, found: Candidates, made: Truths, recorded_at: Integers) -> _Cancellation:
        draws, errors = self._draws, self._errors
        cancelled = (found.record_as == AS_CRIME) & made
        cancelled &= draws.chance(keys, "cancelled", errors.cancelled)
        wrongly = cancelled & draws.chance(keys, "cancelled wrongly", errors.cancelled_wrongly)
        defensible = np.isin(np.array(offences().subcodes), _SELF_DEFENCE)[found.offence]
        ground = draws.uniform(keys, "ground")
        code = np.where(ground < _GROUNDS["transferred"], 1, 2)
        code = np.where(defensible & (ground > 1 - _GROUNDS["self_defence"]), 5, code)
        code = np.where(cancelled, np.where(wrongly, 2, code), 0)
        for slot, ground_code in ((SECOND, 3), (SPARE, 4)):
            mended = (found.slot == slot) & made & draws.chance(keys, "mended", _MENDED[slot])
            code = np.where(mended, ground_code, code)
        wait = draws.lognormal(keys, "until cancelled", 9.0, 0.9) * DAY
        told = ~draws.chance(keys, "not told", errors.victim_not_told)
        at = np.minimum(recorded_at + wait.astype(np.int64), self._extracted - HOUR)
        return _Cancellation(code, wrongly, told, at)

    def _paper(
        self, keys: Rows, found: Candidates, facts: Events, made: Truths, removal: _Cancellation
    ) -> Integers:
        poor = self._draws.chance(keys, "paperwork", self._errors.paperwork) & made
        poor &= found.record_as == AS_CRIME
        standing = poor & (removal.code == 0)
        flagged = np.logical_or.reduce(list(flags_due(facts).values()))
        flag = flagged & self._draws.chance(keys, "flag or victim", 0.7)
        untold = np.isin(removal.code, (1, 2, 5)) & ~removal.told
        names = [
            (standing & flag, "flag"),
            (standing & (facts.victim_kind != STATE), "victim"),
            (untold, "victim_not_told"),
            (poor & (removal.code > 0), "rationale"),
        ]
        return np.select([test for test, _ in names], [PAPERS.index(name) for _, name in names], 0)

    def _reference(self, keys: Rows, facts: Events) -> Integers:
        """What became of the incident's number when it was typed on the crime."""
        errors = self._errors
        bad = (errors.reference_damaged, errors.reference_wrong, errors.reference_missing)
        typed = self._draws.choice(keys, "reference", (1 - sum(bad), *bad))
        unrelated = self._draws.chance(keys, "unrelated reference", errors.reference_unrelated)
        return np.where(self._direct(facts), np.where(unrelated, 2, 3), typed)
