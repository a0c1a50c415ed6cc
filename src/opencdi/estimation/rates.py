"""The table of rates: every measure, for all crimes and for every group, each row complete in itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from opencdi.errors import UserError
from opencdi.estimation.binomial import CONFIDENCE, clopper_pearson_limits
from opencdi.estimation.interval import Interval
from opencdi.estimation.known_cases import corrected_by_known_cases
from opencdi.estimation.measures import MEASURES, RECORDING_RATE, Measure, reading
from opencdi.estimation.rate import Rate, estimate_rate
from opencdi.estimation.reviewers import agreement_of, corrected_by_rereading, known_cases_of
from opencdi.estimation.sample import Sample
from opencdi.estimation.unrecorded import unrecorded
from opencdi.estimation.verdicts import Verdict, check_verdicts

ALL = ("all", "all crimes")
CORRECTED_BY_KNOWN = "recorded_corrected_by_known_cases"

Belongs = Callable[[Verdict], bool]


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from; repeated in every row, so that none can be quoted without it."""

    design: str
    edition: str
    seed: str
    frame_sha256: str
    commitment: str
    sample_sha256: str
    verdicts_sha256: str
    code_version: str


@dataclass(frozen=True)
class RateRow:
    """One figure of the table; shares are 0 to 1, unknown values None."""

    measure: str
    dimension: str
    group_name: str
    unit: str
    provenance: Provenance
    numerator: int | None = None
    denominator: int | None = None
    open_cases: int | None = None
    unread: int | None = None
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    method: str | None = None
    confidence: float | None = None
    worst_lower: float | None = None
    worst_upper: float | None = None
    official_lower: float | None = None
    official_upper: float | None = None
    standard_error: float | None = None
    effective_size: float | None = None
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    estimator: str | None = None
    note: str = field(default="")

    def to_dict(self) -> dict[str, Any]:
        row = asdict(self)
        provenance: dict[str, Any] = row.pop("provenance")
        return row | provenance


def rates_table(
    sample: Sample,
    verdicts: Sequence[Verdict],
    provenance: Provenance,
    recorded_in_year: Mapping[tuple[str, str], int] | None = None,
) -> list[RateRow]:
    """All rates of one audit, in a fixed order.

    ``recorded_in_year`` maps (dimension, group) to the crimes recorded in a year and adds the numbers not
    recorded. Raises ``UserError`` where the verdicts cannot be of this sample or a stratum has none.
    """
    known = [each for each in verdicts if each.known is not None]
    judged = [each for each in verdicts if each.known is None]
    check_verdicts(judged, sample.incident_id)
    _check_every_stratum(judged, sample)
    reread = any(each.reread is not None for each in judged)
    rows: list[RateRow] = []
    for (dimension, group), belongs in _groups(judged):
        for measure in MEASURES:
            rate = _rate(sample, judged, measure, belongs)
            if rate is not None:
                rows.append(_row(measure.name, dimension, group, rate, provenance, reread))
                if measure is RECORDING_RATE:
                    rows += _yearly((dimension, group), rate, provenance, recorded_in_year or {})
    return rows + list(_reviewer_rows(sample, judged, known, provenance))


def _rate(sample: Sample, verdicts: Sequence[Verdict], measure: Measure, belongs: Belongs) -> Rate | None:
    found = reading(verdicts, sample.incident_id, measure, belongs)
    if not (found.denominator.any() or found.open_cases.any()) and measure is not RECORDING_RATE:
        return None
    return estimate_rate(sample, found)


def _check_every_stratum(verdicts: Sequence[Verdict], sample: Sample) -> None:
    judged = {each.incident_id for each in verdicts}
    read = {
        int(position)
        for incident, position in zip(sample.incident_id, sample.stratum, strict=True)
        if incident in judged
    }
    for position, stratum in enumerate(sample.strata):
        if stratum.drawn and position not in read:
            raise UserError(
                f"Stratum {stratum.name} has no verdict at all ({stratum.drawn} sampled incidents for "
                f"{stratum.population} in the population), so no rate of the whole can be given. Judge its "
                "incidents first."
            )


def _groups(verdicts: Sequence[Verdict]) -> Iterator[tuple[tuple[str, str], Belongs]]:
    yield ALL, lambda _: True
    yield ("flag", "domestic abuse"), lambda verdict: verdict.domestic_abuse
    for dimension in ("offence_group", "offence_subgroup"):
        for group in sorted({str(value) for each in verdicts if (value := getattr(each, dimension))}):
            yield (dimension, group), _in_group(dimension, group)


def _in_group(dimension: str, group: str) -> Belongs:
    """In the group, or not judged and so of a group nobody knows."""

    def belongs(verdict: Verdict) -> bool:
        value = getattr(verdict, dimension)
        return bool(value == group) or (verdict.is_open and value is None)

    return belongs


def _row(name: str, dimension: str, group: str, rate: Rate, provenance: Provenance, reread: bool) -> RateRow:
    interval, official = rate.interval, rate.official
    return RateRow(
        measure=name,
        dimension=dimension,
        group_name=group,
        unit="share",
        provenance=provenance,
        numerator=rate.numerator,
        denominator=rate.denominator,
        open_cases=rate.open_cases,
        unread=rate.unread,
        estimate=rate.estimate,
        lower=interval.lower if interval else None,
        upper=interval.upper if interval else None,
        method=interval.method if interval else None,
        confidence=rate.worst_case.confidence,
        worst_lower=rate.worst_case.lower,
        worst_upper=rate.worst_case.upper,
        official_lower=official.lower if official else None,
        official_upper=official.upper if official else None,
        standard_error=rate.standard_error,
        effective_size=rate.effective_size,
        degrees_of_freedom=rate.degrees_of_freedom,
        design_effect=rate.design_effect,
        estimator=rate.estimator,
        note=_note(rate, reread),
    )


def _note(rate: Rate, reread: bool) -> str:
    if rate.sentence:
        return rate.sentence
    parts = []
    if rate.open_cases:
        parts.append(
            f"{rate.open_cases} cases could not be judged and are in neither count; the worst-case bounds "
            "take them as all errors and as none."
        )
    if not reread:
        parts.append("The interval holds sampling error only: no agreed case was read again.")
    return " ".join(parts)


def _yearly(
    key: tuple[str, str], rate: Rate, provenance: Provenance, recorded_in_year: Mapping[tuple[str, str], int]
) -> list[RateRow]:
    if key not in recorded_in_year or rate.estimate is None or rate.interval is None or rate.estimate == 0:
        return []
    found = unrecorded(recorded_in_year[key], rate.estimate, rate.interval, rate.standard_error or 0.0)
    return [
        RateRow(
            "unrecorded_in_a_year",
            *key,
            unit="crimes",
            provenance=provenance,
            denominator=found.recorded,
            estimate=found.estimate,
            lower=found.lower,
            upper=found.upper,
            method=f"R(1-p)/p from the limits of p ({rate.interval.method})",
            confidence=rate.interval.confidence,
            standard_error=found.standard_error,
            estimator=rate.estimator,
        )
    ]


def _reviewer_rows(
    sample: Sample, verdicts: Sequence[Verdict], known: Sequence[Verdict], provenance: Provenance
) -> Iterator[RateRow]:
    agreed = agreement_of(verdicts, sample)
    if agreed is not None:
        for name in ("raw", "positive", "negative", "ac1", "alpha"):
            coefficient = getattr(agreed, name)
            yield RateRow(
                f"agreement_{name}",
                *ALL,
                unit="coefficient",
                provenance=provenance,
                denominator=agreed.judgements,
                estimate=coefficient.value,
                lower=coefficient.lower,
                upper=coefficient.upper,
                method="jackknife over incidents",
                confidence=CONFIDENCE,
            )
    corrected = corrected_by_rereading(verdicts, sample)
    if corrected is not None:
        yield _corrected_row("recorded_corrected_by_rereading", *corrected, provenance)
    if known:
        yield from _known_rows(sample, verdicts, known, provenance)


def _known_rows(
    sample: Sample, verdicts: Sequence[Verdict], known: Sequence[Verdict], provenance: Provenance
) -> Iterator[RateRow]:
    cases = known_cases_of(known)
    for name, right, seeded in (
        ("sensitivity", cases.errors_found, cases.errors_seeded),
        ("specificity", cases.clean_kept, cases.clean_seeded),
    ):
        if seeded:
            yield _accuracy_row(f"reviewers_{name}", right, seeded, provenance)
    rate = _rate(sample, verdicts, RECORDING_RATE, lambda _: True)
    if rate is None or rate.estimate is None or rate.effective_size is None:
        return
    try:
        found = corrected_by_known_cases(1 - rate.estimate, rate.effective_size, cases)
    except UserError as error:
        yield RateRow(CORRECTED_BY_KNOWN, *ALL, unit="share", provenance=provenance, note=str(error))
        return
    recorded = Interval(1 - found.interval.upper, 1 - found.interval.lower, found.interval.method)
    yield _corrected_row(CORRECTED_BY_KNOWN, 1 - found.estimate, recorded, provenance)


def _accuracy_row(measure: str, right: int, seeded: int, provenance: Provenance) -> RateRow:
    lower, upper = clopper_pearson_limits(right, seeded)
    return RateRow(
        measure,
        *ALL,
        unit="share",
        provenance=provenance,
        numerator=right,
        denominator=seeded,
        estimate=right / seeded,
        lower=float(lower),
        upper=float(upper),
        method="Clopper-Pearson",
        confidence=CONFIDENCE,
    )


def _corrected_row(measure: str, estimate: float, interval: Interval, provenance: Provenance) -> RateRow:
    return RateRow(
        measure,
        *ALL,
        unit="share",
        provenance=provenance,
        estimate=estimate,
        lower=interval.lower,
        upper=interval.upper,
        method=interval.method,
        confidence=interval.confidence,
        note="Sampling error and reviewers' mistakes in one interval.",
    )
