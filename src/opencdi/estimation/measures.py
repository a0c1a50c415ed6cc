"""What each published measure counts, as numerator and denominator of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from opencdi.estimation.sample import Reading
from opencdi.estimation.verdicts import OVER_RECORDED, RECORDED, RECORDED_CORRECTLY, Answer, Verdict


@dataclass(frozen=True)
class Measure:
    """A share of crimes. ``counts`` and ``of`` say whether one verdict is in the numerator and in the
    denominator; ``open`` whether it might be in the denominator and is not known to be in the numerator."""

    name: str
    meaning: str
    counts: Callable[[Verdict], bool]
    of: Callable[[Verdict], bool]
    open: Callable[[Verdict], bool]


def _answered(name: str, meaning: str, answer: Callable[[Verdict], Answer | None]) -> Measure:
    """A question that an auditor answered where it arose."""
    return Measure(
        name,
        meaning,
        counts=lambda verdict: answer(verdict) == "yes",
        of=lambda verdict: answer(verdict) in ("yes", "no"),
        open=lambda verdict: answer(verdict) == "unknown",
    )


def _of_recorded(name: str, meaning: str, answer: Callable[[Verdict], Answer | None]) -> Measure:
    """A question about every crime recorded, which an unjudged crime may be."""
    return replace(
        _answered(name, meaning, answer),
        open=lambda verdict: answer(verdict) == "unknown" or verdict.is_open,
    )


def _in_time(verdict: Verdict) -> Answer | None:
    if verdict.verdict not in RECORDED:
        return None
    return "no" if verdict.verdict == "late" else verdict.within_24_hours or "yes"


def _in_class(verdict: Verdict) -> Answer | None:
    if verdict.verdict not in RECORDED:
        return None
    return "no" if verdict.verdict == "wrong_class" else verdict.class_right or "yes"


def _cancelled_rightly(verdict: Verdict) -> Answer | None:
    return "no" if verdict.verdict == "cancelled_wrong" else verdict.cancellation_right


def _n100_rightly(verdict: Verdict) -> Answer | None:
    return "no" if verdict.verdict == "n100_wrong" else verdict.n100_right


RECORDING_RATE = Measure(
    "recorded",
    "Recording rate: required crimes that stand on record as a crime, of all required crimes",
    counts=lambda verdict: verdict.verdict in RECORDED,
    of=lambda verdict: verdict.is_required,
    open=lambda verdict: verdict.is_open,
)

MEASURES = (
    RECORDING_RATE,
    Measure(
        "recorded_correctly",
        "Required crimes recorded in the right class and not wrongly cancelled, of all required crimes",
        counts=lambda verdict: verdict.verdict in RECORDED_CORRECTLY and _in_class(verdict) == "yes",
        of=lambda verdict: verdict.is_required,
        open=lambda verdict: verdict.is_open,
    ),
    _of_recorded("in_24_hours", "Recorded within 24 hours of the report, of crimes recorded", _in_time),
    _of_recorded("right_class", "Recorded in the right class, of crimes recorded", _in_class),
    _answered("cancelled_rightly", "Rightly cancelled, of crimes cancelled", _cancelled_rightly),
    _answered("n100_rightly", "N100 rightly used, of N100 records", _n100_rightly),
    _answered("victim_told", "Victim told, where a victim was to be told", lambda each: each.victim_told),
    Measure(
        "over_recorded",
        "Recorded where no crime was required, of crimes on record",
        counts=lambda verdict: verdict.verdict == OVER_RECORDED,
        of=lambda verdict: verdict.verdict in RECORDED or verdict.verdict == OVER_RECORDED,
        open=lambda verdict: verdict.is_open,
    ),
)


def reading(
    verdicts: Sequence[Verdict],
    incidents: Sequence[str],
    measure: Measure,
    inside: Callable[[Verdict], bool] = lambda _: True,
) -> Reading:
    """The measure's counts in each incident of the sample, for the crimes ``inside`` a group.

    An incident without any verdict is unread.
    """
    place = {incident: position for position, incident in enumerate(incidents)}
    counts = np.zeros((3, len(incidents)))
    read = np.zeros(len(incidents), dtype=bool)
    for verdict in verdicts:
        position = place[verdict.incident_id]
        read[position] = True
        if inside(verdict):
            counts[:, position] += (measure.counts(verdict), measure.of(verdict), measure.open(verdict))
    return Reading(counts[0], counts[1], counts[2], read)
