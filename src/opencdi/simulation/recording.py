"""What the rules require of each report, and what the force did instead.

The rules are those of April 2026 (Crime Recording Rules 2026/27): one crime for each victim (page 12),
the principal crime of a finished incident (pages 12 to 14, 55 to 57), breaches and drugs in addition
(pages 89 to 91), N100 (page 63), crime-related incidents (page 9), 24 hours (page 10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.simulation.calendar import HOUR
from opencdi.simulation.draws import Draws, Integers, Rows, Truths
from opencdi.simulation.events import (
    CRIME,
    CRIME_RELATED,
    FORM,
    LAY,
    NOT_CRIME,
    OTHER_FORCE,
    PROFESSIONAL,
    REFERRAL,
    SCHOOL,
    Events,
)
from opencdi.simulation.offences import STATE, VIOLENCE, offences
from opencdi.simulation.settings import Force

RECORD_AS = ("none", "crime", "n100", "crime_related_incident")
NOTHING, AS_CRIME, AS_N100, AS_RELATED = range(4)
ERRORS = (
    "none",
    "missing",
    "additional_missing",
    "wrong_class",
    "late",
    "n100_instead_of_crime",
    "wrongly_cancelled",
    "paperwork",
    "over_recorded",
)
(NONE, MISSING, ADDITIONAL, WRONG_CLASS, LATE, N100_FOR_CRIME, WRONGLY_CANCELLED, PAPERWORK, OVER) = range(9)
PAPERS = ("", "flag", "victim", "rationale", "victim_not_told")
REFERENCES = ("good", "damaged", "wrong", "missing")
CAUSES = (
    "",
    "first_contact_decision",
    "awaiting_appointment",
    "reliance_on_officer",
    "closed_with_non_crime_code",
    "incident_crime_interface",
    "specialist_mailbox",
    "third_party_not_treated_as_report",
    "rules_common_assault",
    "rules_conduct_crime",
    "rules_malicious_communications",
    "rules_public_order",
    "rules_one_crime_per_victim",
    "rules_principal_crime",
    "rules_n100",
    "rules_modern_slavery",
    "rules_classification",
    "limited_supervision",
    "victim_not_believed",
    "performance_pressure",
    "workload",
    "avi_insufficient",
    "presumed_consent",
    "victim_intoxicated",
    "victim_declined_to_support",
    "victim_not_told",
    "recording_fields_incomplete",
)
"""The causes named in inspection reports (reference: taxonomy of recording errors)."""
SPARE, SECOND = 4, 5
"""Slots of a record that nothing requires, and of a second record of the same crime. Slots 0 to 2 are
the victims, slot 3 the offence recorded in addition."""
_SLOTS = 8
_CANCELLABLE_AS_DEFENCE = ("105/01", "008/06", "104/23", "008/73")


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
    reference: Integers

    def of(self, keep: Truths | Integers) -> Records:
        return Records(**{name: getattr(self, name)[keep] for name in self.__dataclass_fields__})

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class _Candidates:
    at: Integers
    slot: Integers
    record_as: Integers
    required: Integers
    victim_no: Integers
    recorded: Integers
    n100: Integers


class Recording:
    """The force's crime desk."""

    def __init__(self, force: Force) -> None:
        self._force = force
        self._errors = force.errors
        self._draws = Draws(force.seed, force.name).within("recording")
        normal = 1.4050715603096329  # the standard normal quantile of 0.92, for the published 8 % late
        self._spread = np.log(24.0 / self._errors.delay_median_hours) / normal

    def records(self, events: Events) -> Records:
        """All that is required of the events or was recorded from them, by event and slot."""
        found = self._candidates(events)
        facts = events.at(found.at)
        keys = facts.rows * _SLOTS + found.slot
        draws, errors, table = self._draws, self._errors, offences()
        direct = facts.rows >= self._force.incidents
        required = found.record_as == AS_CRIME
        made = self._made(keys, found, facts) | direct
        rape = np.array([group == "Rape" for group in table.subgroups])[np.maximum(found.required, 0)]
        as_n100 = (
            required & rape & made & ~direct & draws.chance(keys, "n100 for crime", errors.n100_for_crime)
        )
        wrong = required & made & ~as_n100 & ~direct & draws.chance(keys, "wrong class", errors.wrong_class)
        recorded = self._mistaken(keys, found.recorded, wrong)
        wrong &= recorded != found.recorded
        delay = draws.lognormal(keys, "delay", errors.delay_median_hours, float(self._spread)) * HOUR
        late = made & (delay > 24 * HOUR) & (required | (found.record_as == AS_N100))
        recorded_at = facts.reported + np.maximum(delay, 300).astype(np.int64)
        cancellation, wrongly, told, cancelled_at = self._cancelled(keys, found, facts, made, recorded_at)
        paper = self._paper(keys, facts, required & made & (cancellation == 0), cancellation, told)
        spare = (found.record_as == NOTHING) & made & (cancellation == 0)
        error = np.select(
            [
                spare,
                (found.record_as != AS_RELATED) & ~made & (found.slot > 0),
                (found.record_as != AS_RELATED) & ~made,
                as_n100,
                wrong,
                wrongly,
                late,
                paper > 0,
            ],
            [OVER, ADDITIONAL, MISSING, N100_FOR_CRIME, WRONG_CLASS, WRONGLY_CANCELLED, LATE, PAPERWORK],
            NONE,
        )
        return Records(
            at=found.at,
            slot=found.slot,
            record_as=found.record_as,
            required=found.required,
            victim_no=found.victim_no,
            made=made & (found.record_as != AS_RELATED),
            recorded=recorded,
            n100=np.where(as_n100, 1, found.n100),
            recorded_at=recorded_at,
            late=late,
            error=error,
            cause=self._cause(keys, error, facts, found),
            cancellation=cancellation,
            cancelled_at=cancelled_at,
            told=told,
            paper=paper,
            reference=self._reference(keys, direct),
        )

    def _candidates(self, events: Events) -> _Candidates:
        draws, errors = self._draws, self._errors
        everyone = np.arange(len(events))
        verdict = events.verdict
        crime = verdict == CRIME
        direct = events.rows >= self._force.incidents
        offence = np.maximum(events.offence, 0)
        parts: list[tuple[Truths, int, int, Integers, int]] = [(crime, 0, AS_CRIME, offence, 1)]
        parts += [
            (crime & (events.victims > number) & ~direct, number, AS_CRIME, offence, number + 1)
            for number in (1, 2)
        ]
        parts.append((crime & (events.extra >= 0) & ~direct, 3, AS_CRIME, np.maximum(events.extra, 0), 0))
        parts.append((events.n100 > 0, 0, AS_N100, offence, 1))
        related = np.isin(verdict, (CRIME_RELATED, SCHOOL, OTHER_FORCE)) & (events.n100 == 0)
        parts.append((related, 0, AS_RELATED, offence, 1))
        spare = ~crime & (events.n100 == 0) & draws.chance(events.rows, "over-recorded", errors.over_recorded)
        merged = crime & (events.companion >= 0) & ~direct
        merged &= draws.chance(events.rows, "companion recorded too", 0.03)
        parts.append((spare, SPARE, NOTHING, self._fancied(events), 0))
        parts.append((merged, SPARE, NOTHING, np.maximum(events.companion, 0), 0))
        twice = crime & ~direct & draws.chance(events.rows, "recorded twice", errors.recorded_twice)
        parts.append((twice, SECOND, NOTHING, offence, 0))
        at = np.concatenate([everyone[mask] for mask, *_ in parts])
        slot = np.concatenate([np.full(int(mask.sum()), slot) for mask, slot, *_ in parts])
        record_as = np.concatenate([np.full(int(mask.sum()), answer) for mask, _, answer, *_ in parts])
        kind = np.concatenate([kinds[mask] for mask, _, _, kinds, _ in parts])
        victim = np.concatenate([np.full(int(mask.sum()), number) for mask, *_, number in parts])
        order = np.lexsort((slot, at))
        at, slot, record_as, kind, victim = (column[order] for column in (at, slot, record_as, kind, victim))
        victim = np.where(offences().victim[kind] == STATE, 0, victim)
        return _Candidates(
            at=at,
            slot=slot,
            record_as=record_as,
            required=np.where(record_as == NOTHING, -1, kind),
            victim_no=victim,
            recorded=kind,
            n100=np.where(record_as == AS_N100, events.n100[at], 0),
        )

    def _fancied(self, events: Events) -> Integers:
        """What is recorded where nothing should be: the event's own offence, or a likely guess."""
        table = offences()
        guesses = np.array(
            [
                table.place(name)
                for name in ("affront", "harassment", "common_assault", "nasty_message", "damage_other")
            ]
        )
        guess = guesses[self._draws.below(events.rows, "guess", len(guesses))]
        return np.where((events.offence >= 0) & (events.verdict != NOT_CRIME), events.offence, guess)

    def _made(self, keys: Rows, found: _Candidates, facts: Events) -> Truths:
        errors, table = self._errors, offences()
        rate = table.recording_rate(errors)[found.recorded]
        violent = table.of_subgroups(VIOLENCE)[found.recorded]
        rate = np.where(facts.domestic & violent, errors.recorded_domestic, rate)
        rate = np.where(facts.domestic & ~violent, np.minimum(rate, errors.recorded_domestic + 0.08), rate)
        further = (found.slot > 0) & (found.slot < SPARE)
        rate = np.where(further, 1 - errors.additional_missed, rate)
        rate = np.where(found.record_as == AS_N100, 1 - errors.n100_missed, rate)
        rate = np.where(found.record_as == AS_RELATED, 0.0, rate)
        rate = np.where(found.record_as == NOTHING, 1.0, rate)
        return self._draws.chance(keys, "made", rate)

    def _mistaken(self, keys: Rows, kinds: Integers, wrong: Truths) -> Integers:
        table = offences()
        counts = np.array([len(places) for places in table.mistaken_for])
        padded = np.full((len(counts), int(counts.max())), -1)
        for place, others in enumerate(table.mistaken_for):
            padded[place, : len(others)] = others
        pick = self._draws.below(keys, "mistaken", np.maximum(counts[kinds], 1))
        other = padded[kinds, pick]
        return np.where(wrong & (other >= 0), other, kinds)

    def _cancelled(
        self, keys: Rows, found: _Candidates, facts: Events, made: Truths, recorded_at: Integers
    ) -> tuple[Integers, Truths, Truths, Integers]:
        draws, errors = self._draws, self._errors
        required = (found.record_as == AS_CRIME) & made
        cancelled = required & draws.chance(keys, "cancelled", errors.cancelled)
        wrongly = cancelled & draws.chance(keys, "cancelled wrongly", errors.cancelled_wrongly)
        subcode = np.array([code in _CANCELLABLE_AS_DEFENCE for code in offences().subcodes])
        ground = draws.uniform(keys, "ground")
        code = np.where(ground < 0.22, 1, 2)
        code = np.where((ground > 0.75) & subcode[found.recorded], 5, code)
        code = np.where(cancelled, np.where(wrongly, 2, code), 0)
        mended = draws.uniform(keys, "mended")
        second = (found.slot == SECOND) & made
        spare = (found.slot == SPARE) & made
        code = np.where(second & (mended < 0.8), 3, code)
        code = np.where(spare & (mended < 0.35), 4, code)
        told = ~draws.chance(keys, "not told", errors.victim_not_told)
        wait = draws.lognormal(keys, "until cancelled", 9.0, 0.9) * 24 * HOUR
        return code, wrongly, told, recorded_at + wait.astype(np.int64)

    def _paper(
        self, keys: Rows, facts: Events, standing: Truths, cancellation: Integers, told: Truths
    ) -> Integers:
        poor = self._draws.chance(keys, "paperwork", self._errors.paperwork)
        flag = facts.domestic & self._draws.chance(keys, "flag or victim", 0.7)
        untold = np.isin(cancellation, (1, 2, 5)) & ~told
        silent = (cancellation > 0) & poor
        return np.select(
            [standing & poor & flag, standing & poor & (facts.victim_kind != STATE), untold, silent],
            [1, 2, 4, 3],
            0,
        )

    def _reference(self, keys: Rows, direct: Truths) -> Integers:
        errors = self._errors
        typed = self._draws.choice(
            keys,
            "reference",
            (
                1 - errors.reference_damaged - errors.reference_wrong - errors.reference_missing,
                errors.reference_damaged,
                errors.reference_wrong,
                errors.reference_missing,
            ),
        )
        unrelated = self._draws.chance(keys, "unrelated reference", errors.reference_unrelated)
        return np.where(direct, np.where(unrelated, 2, 3), typed)

    def _cause(self, keys: Rows, error: Integers, facts: Events, found: _Candidates) -> Integers:
        table = offences()
        kind = found.recorded
        general = self._one_of(
            keys,
            "general",
            (
                "first_contact_decision",
                "awaiting_appointment",
                "reliance_on_officer",
                "closed_with_non_crime_code",
                "incident_crime_interface",
                "limited_supervision",
                "performance_pressure",
                "victim_not_believed",
                "victim_declined_to_support",
            ),
        )
        conduct = np.isin(np.array(table.class_codes), ("8L", "8Q", "8U"))[kind]
        message = (np.array(table.class_codes) == "8R")[kind]
        assault = np.isin(np.array(table.class_codes), ("105A", "105B"))[kind]
        public = np.isin(np.array(table.class_codes), ("9A", "9B"))[kind]
        slavery = (np.array(table.class_codes) == "106")[kind]
        rules = self._draws.chance(keys, "knowledge", 0.45)
        missing = np.select(
            [
                facts.writing == REFERRAL,
                (facts.reporter == LAY) | (facts.reporter == PROFESSIONAL),
                slavery,
                rules & conduct,
                rules & message,
                rules & assault,
                rules & public,
                (facts.writing == FORM) & rules,
            ],
            [
                self._one_of(keys, "referral", ("specialist_mailbox", "third_party_not_treated_as_report")),
                self._place("third_party_not_treated_as_report"),
                self._place("rules_modern_slavery"),
                self._place("rules_conduct_crime"),
                self._place("rules_malicious_communications"),
                self._place("rules_common_assault"),
                self._place("rules_public_order"),
                self._place("incident_crime_interface"),
            ],
            general,
        )
        extra = np.where(
            found.slot == 3, self._place("rules_principal_crime"), self._place("rules_one_crime_per_victim")
        )
        n100_or_general = np.where(found.record_as == AS_N100, self._place("rules_n100"), missing)
        return np.select(
            [
                error == value
                for value in (
                    MISSING,
                    ADDITIONAL,
                    WRONG_CLASS,
                    LATE,
                    N100_FOR_CRIME,
                    WRONGLY_CANCELLED,
                    PAPERWORK,
                    OVER,
                )
            ],
            [
                n100_or_general,
                extra,
                np.where(
                    conduct & rules, self._place("rules_conduct_crime"), self._place("rules_classification")
                ),
                self._one_of(
                    keys,
                    "late",
                    ("workload", "awaiting_appointment", "reliance_on_officer", "specialist_mailbox"),
                ),
                self._place("rules_n100"),
                self._one_of(
                    keys,
                    "cancel",
                    (
                        "avi_insufficient",
                        "presumed_consent",
                        "victim_intoxicated",
                        "victim_declined_to_support",
                        "victim_not_believed",
                    ),
                ),
                np.where(
                    found.record_as == AS_CRIME,
                    self._place("recording_fields_incomplete"),
                    self._place("limited_supervision"),
                ),
                np.where(
                    found.slot == SPARE,
                    self._place("rules_principal_crime"),
                    self._place("incident_crime_interface"),
                ),
            ],
            0,
        )

    def _one_of(self, keys: Rows, name: str, causes: tuple[str, ...]) -> Integers:
        places = np.array([self._place(cause) for cause in causes])
        return places[self._draws.below(keys, f"cause:{name}", len(places))]

    @staticmethod
    def _place(cause: str) -> int:
        return CAUSES.index(cause)
