"""Which crime of one judgement is which of the other, and in what the two differ.

Two answers can be the same crime where they name the same record, the same class, or the same victim within
one subgroup of the offence list (victims may be numbered differently, so the class alone is enough). Of all
ways to pair them, the one that agrees most is taken (an assignment, ties to the order in which they were
written). What is left over was found by one person only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from opencdi.counting import classification
from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import Answers, CrimeAnswer, class_is_right, verdict_of

SAME_RECORD, SAME_CLASS, SAME_VICTIM, SAME_SUBGROUP, SAME_REQUIREMENT = 16, 8, 4, 2, 1


@dataclass(frozen=True)
class Pair:
    """One crime as each of two judgements has it; None where that one has no such crime."""

    first: CrimeAnswer | None
    second: CrimeAnswer | None

    @property
    def either(self) -> CrimeAnswer:
        found = self.first or self.second
        assert found is not None
        return found


def pairs(first: Answers, second: Answers) -> list[Pair]:
    """Every crime of either judgement once, paired where they are the same; in order of the first."""
    left, right = first.crimes, second.crimes
    partner = _partners(left, right)
    taken = set(partner.values())
    return [
        *(Pair(each, right[partner[place]] if place in partner else None) for place, each in enumerate(left)),
        *(Pair(None, each) for place, each in enumerate(right) if place not in taken),
    ]


def differences(pair: Pair, facts: Facts) -> tuple[str, ...]:
    """The names of what two answers differ in, of all that has a rate; empty where they agree.

    A crime that one of them does not have differs in ``verdict`` unless the other says nothing is required.
    """
    sides = [_said(each, facts) for each in (pair.first, pair.second)]
    return tuple(name for name in sides[0] if sides[0][name] != sides[1][name])


def agree(first: Answers, second: Answers, facts: Facts) -> bool:
    """Do both judgements say the same of every crime?"""
    return not any(differences(pair, facts) for pair in pairs(first, second))


def verdict_on(answer: CrimeAnswer | None, facts: Facts) -> str:
    """The verdict an answer comes to; who has no such crime says that nothing requires it."""
    return "nothing_required" if answer is None else verdict_of(answer, facts.record(answer.record))


def _said(answer: CrimeAnswer | None, facts: Facts) -> dict[str, object]:
    verdict = verdict_on(answer, facts)
    if answer is None or verdict == "nothing_required":
        record = facts.record(answer.record) if answer else None
        return {"verdict": verdict, **dict.fromkeys(_QUESTIONS, ""), "record": record and record.crime_id}
    record = facts.record(answer.record)
    return {
        "verdict": verdict,
        "class_code": answer.class_code,
        "record": record and record.crime_id,
        "class_right": class_is_right(answer, record),
        "in_time": answer.in_time,
        "cancellation_right": answer.cancellation_right,
        "victim_told": answer.victim_told,
        "domestic_abuse": "domestic_abuse" in answer.flags,
    }


_QUESTIONS = (
    "class_code",
    "record",
    "class_right",
    "in_time",
    "cancellation_right",
    "victim_told",
    "domestic_abuse",
)


def _partners(left: Sequence[CrimeAnswer], right: Sequence[CrimeAnswer]) -> dict[int, int]:
    if not left or not right:
        return {}
    alike = np.array([[_likeness(one, other) for other in right] for one in left], dtype=np.int64)
    rows, columns = linear_sum_assignment(alike, maximize=True)
    return {
        int(row): int(column) for row, column in zip(rows, columns, strict=True) if alike[row, column] > 0
    }


def _likeness(one: CrimeAnswer, other: CrimeAnswer) -> int:
    """0 where they cannot be the same crime."""
    record = one.is_on_record and one.record == other.record
    same_class = one.class_code != "" and one.class_code == other.class_code
    victim = one.victim == other.victim
    subgroup = _subgroup(one) != "" and _subgroup(one) == _subgroup(other)
    undecided = "cannot_tell" in (one.requires, other.requires)
    if not (record or same_class or (victim and (subgroup or undecided))):
        return 0
    return (
        SAME_RECORD * record
        + SAME_CLASS * same_class
        + SAME_VICTIM * victim
        + SAME_SUBGROUP * subgroup
        + SAME_REQUIREMENT * (one.requires == other.requires)
    )


def _subgroup(answer: CrimeAnswer) -> str:
    listed = classification.load()
    return listed.subgroup_of(answer.class_code) if answer.class_code in listed.classes else ""
