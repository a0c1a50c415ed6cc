"""What the verdicts show of the reviewers: agreement, known cases, and a rate corrected for mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from opencdi.estimation.agreement import Agreement, agreement
from opencdi.estimation.binomial import CONFIDENCE
from opencdi.estimation.interval import Interval
from opencdi.estimation.known_cases import KnownCases
from opencdi.estimation.measures import RECORDING_RATE, reading
from opencdi.estimation.offered import METHODS, Counts, offered_limits
from opencdi.estimation.rereading import Rereading, reread_ratio, reread_weight
from opencdi.estimation.sample import Sample
from opencdi.estimation.verdicts import NOT_RECORDED, Verdict


def agreement_of(verdicts: Sequence[Verdict], sample: Sample) -> Agreement | None:
    """Agreement of the two blind judgements, weighted to the population; None without pairs."""
    twice = [each for each in verdicts if each.first is not None and each.second is not None]
    if not twice:
        return None
    weight_of = dict(zip(sample.incident_id, sample.weight.tolist(), strict=True))
    return agreement(
        [str(each.first) for each in twice],
        [str(each.second) for each in twice],
        [each.incident_id for each in twice],
        NOT_RECORDED,
        np.array([weight_of[each.incident_id] for each in twice]),
    )


def known_cases_of(known: Sequence[Verdict]) -> KnownCases:
    """Reviewers' verdicts on seeded cases against the truth: an error is a crime not recorded."""
    errors = [each for each in known if each.known in NOT_RECORDED]
    clean = [each for each in known if each.known not in NOT_RECORDED]
    return KnownCases(
        errors_found=sum(each.verdict in NOT_RECORDED for each in errors),
        errors_seeded=len(errors),
        clean_kept=sum(each.verdict not in NOT_RECORDED for each in clean),
        clean_seeded=len(clean),
    )


def corrected_by_rereading(
    verdicts: Sequence[Verdict], sample: Sample, confidence: float = CONFIDENCE
) -> tuple[float, Interval] | None:
    """The recording rate corrected by the cases read again, with one interval for both errors.

    None where nothing was read again. An incident counts as read again when one of its crimes was.
    """
    again = {each.incident_id: each.reread_chance or 1.0 for each in verdicts if each.reread is not None}
    if not again:
        return None
    first = reading(verdicts, sample.incident_id, RECORDING_RATE)
    truth = [replace(each, verdict=each.reread) if each.reread is not None else each for each in verdicts]
    second = reading(truth, sample.incident_id, RECORDING_RATE)
    rereading = Rereading(
        np.array([incident in again for incident in sample.incident_id]),
        np.array([again.get(incident, 1.0) for incident in sample.incident_id]),
        second.numerator,
        second.denominator,
    )
    design = (sample.weight, sample.probability, sample.stratum)
    estimated = reread_ratio(first.numerator, first.denominator, rereading, *design)
    counts = Counts.of(second.numerator, second.denominator, sample.probability)
    limits = offered_limits(
        estimated,
        counts,
        reread_weight(rereading, sample.weight),
        sample.probability,
        sample.stratum,
        sample.population,
        confidence,
    )
    interval = Interval(
        float(limits.lower),
        float(limits.upper),
        f"{METHODS[int(limits.method)]}, two-phase difference",
        confidence,
    )
    return float(np.clip(estimated.estimate, 0, 1)), interval
