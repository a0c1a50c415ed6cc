"""One rate with everything that must stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from opencdi.estimation.arrays import Floats
from opencdi.estimation.binomial import CONFIDENCE, official_limits
from opencdi.estimation.bounds import as_if_all_failed, as_if_none_failed, most_crimes
from opencdi.estimation.effective import degrees_of_freedom, effective_size
from opencdi.estimation.interval import Interval
from opencdi.estimation.offered import METHODS, NONE, Counts, offered_limits
from opencdi.estimation.ratio import Ratio, ratio
from opencdi.estimation.regression import regression_ratio
from opencdi.estimation.sample import Reading, Sample

LEAST_FOR_REGRESSION = 50
"""Incidents below which the score is not used in the estimate: the regression would fit noise."""


@dataclass(frozen=True)
class Rate:
    """A share of required crimes, estimated for the population.

    ``numerator`` and ``denominator`` are the crimes read (unweighted); ``estimate`` and the intervals are
    for the population. ``interval`` is None, and ``sentence`` says why, where none can be offered;
    ``worst_case`` always stands. ``effective_size`` is the independent readings worth the same;
    ``design_effect`` is denominator / effective_size.
    """

    numerator: int
    denominator: int
    open_cases: int
    unread: int
    estimate: float | None
    standard_error: float | None
    interval: Interval | None
    worst_case: Interval
    official: Interval | None
    effective_size: float | None
    degrees_of_freedom: float | None
    design_effect: float | None
    estimator: str
    sentence: str

    def __str__(self) -> str:
        counts = f"{self.numerator:,} of {self.denominator:,} read"
        if self.estimate is None or self.interval is None:
            return f"{counts}; no figure: {self.sentence} Worst case {self.worst_case}."
        return f"{100 * self.estimate:.1f} % ({self.interval}; {self.interval.method}; {counts})"

    def to_dict(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: value.to_dict() if isinstance(value, Interval) else value for name, value in fields.items()
        }


def estimate_rate(sample: Sample, reading: Reading, confidence: float = CONFIDENCE) -> Rate:
    """The rate of a measure and group, from the incidents of a sample.

    With unread incidents there is no estimate, only the worst-case bounds: whoever stopped reading may
    have chosen what to leave out.
    """
    most = most_crimes(reading)
    worst = Interval(
        _offered(sample, *as_if_all_failed(reading, most), confidence).lower,
        _offered(sample, *as_if_none_failed(reading, most), confidence).upper,
        "worst case",
        confidence,
    )
    if reading.is_partial:
        return _without_estimate(
            reading,
            worst,
            f"{int(np.sum(~reading.read))} sampled incidents have not been judged. Judge them all, or draw "
            "a smaller sample.",
        )
    if not reading.denominator.any():
        return _without_estimate(reading, worst, "No crime of this group was read.")
    return _complete(sample, reading, worst, confidence)


def _complete(sample: Sample, reading: Reading, worst: Interval, confidence: float) -> Rate:
    estimated, estimator = _estimated(sample, reading.numerator, reading.denominator)
    share = float(np.clip(estimated.estimate, 0.0, 1.0))
    crimes = int(reading.denominator.sum())
    lower, upper = official_limits(share, crimes, confidence)
    effective = float(effective_size(np.asarray(share), estimated.variance))
    known = bool(np.isfinite(effective)) and effective > 0
    freedom = float(degrees_of_freedom(estimated.shares))
    return Rate(
        numerator=int(reading.numerator.sum()),
        denominator=crimes,
        open_cases=int(reading.open_cases.sum()),
        unread=0,
        estimate=share,
        standard_error=float(np.sqrt(estimated.variance)),
        interval=_offered(sample, reading.numerator, reading.denominator, confidence),
        worst_case=worst,
        official=Interval(float(lower), float(upper), "official-style (Wald)", confidence),
        effective_size=effective if known else None,
        degrees_of_freedom=freedom if np.isfinite(freedom) else None,
        design_effect=crimes / effective if known else None,
        estimator=estimator,
        sentence="",
    )


def _without_estimate(reading: Reading, worst: Interval, sentence: str) -> Rate:
    return Rate(
        numerator=int(reading.numerator.sum()),
        denominator=int(reading.denominator.sum()),
        open_cases=int(reading.open_cases.sum()),
        unread=int(np.sum(~reading.read)),
        estimate=None,
        standard_error=None,
        interval=None,
        worst_case=worst,
        official=None,
        effective_size=None,
        degrees_of_freedom=None,
        design_effect=None,
        estimator="none",
        sentence=sentence,
    )


def _estimated(sample: Sample, numerator: Floats, denominator: Floats) -> tuple[Ratio, str]:
    design = (sample.weight, sample.probability, sample.stratum)
    auxiliary = sample.auxiliary
    if auxiliary is None or sample.is_census or len(sample.incident_id) < LEAST_FOR_REGRESSION:
        return ratio(numerator, denominator, *design), "ratio"
    return regression_ratio(numerator, denominator, *design, *auxiliary), "regression on the score"


def _offered(sample: Sample, numerator: Floats, denominator: Floats, confidence: float) -> Interval:
    estimated, _ = _estimated(sample, numerator, denominator)
    limits = offered_limits(
        estimated,
        Counts.of(numerator, denominator, sample.probability),
        sample.weight,
        sample.probability,
        sample.stratum,
        sample.population,
        confidence,
    )
    method = int(limits.method)
    name = METHODS[method] if method != NONE else "nothing read"
    return Interval(float(limits.lower), float(limits.upper), name, confidence)
