"""A sample and its verdicts become a table of rates; what was not judged stays visible."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from opencdi.errors import UserError
from opencdi.estimation.measures import MEASURES, RECORDING_RATE, reading
from opencdi.estimation.rate import estimate_rate
from opencdi.estimation.rates import Provenance, RateRow, rates_table
from opencdi.estimation.sample import Reading, Sample, Stratum
from opencdi.estimation.verdicts import Verdict, check_verdicts
from opencdi.schema import RATES, VERDICTS_ON_A_CRIME

Make = Callable[[int, int], Sample]
PROVENANCE = Provenance("simple", "2024-04", "dice 1 2 3", "f" * 64, "c" * 64, "a" * 64, "b" * 64, "0.1.0")


def judged(sample: Sample, missing: int, **values: object) -> list[Verdict]:
    return [
        Verdict(incident, 1, "missing" if place < missing else "correct", **values)  # type: ignore[arg-type]
        for place, incident in enumerate(sample.incident_id)
    ]


def row(rows: list[RateRow], measure: str, group: str = "all crimes") -> RateRow:
    return next(each for each in rows if each.measure == measure and each.group_name == group)


def test_the_thames_valley_rape_figure_comes_out_of_its_counts(simple_sample: Make) -> None:
    sample = simple_sample(138, 138_000)
    rate = estimate_rate(sample, reading(judged(sample, 12), sample.incident_id, RECORDING_RATE))
    assert str(rate) == "91.3 % (85.4 % to 95.0 %; Wilson; 126 of 138 read)"
    assert rate.official is not None
    assert round(100 * rate.official.half_width, 2) == 4.7


def test_the_1419_audited_crimes_give_the_published_rate(simple_sample: Make) -> None:
    sample = simple_sample(1419, 1_000_000)
    rate = estimate_rate(sample, reading(judged(sample, 172), sample.incident_id, RECORDING_RATE))
    assert rate.estimate is not None and rate.official is not None and rate.interval is not None
    assert round(100 * rate.estimate, 1) == 87.9
    assert round(100 * rate.official.half_width, 2) == 1.70


def test_a_census_has_no_sampling_error(simple_sample: Make) -> None:
    sample = simple_sample(20, 20)
    rate = estimate_rate(sample, reading(judged(sample, 1), sample.incident_id, RECORDING_RATE))
    assert rate.interval is not None
    assert (rate.interval.method, rate.interval.lower, rate.interval.upper) == ("census", 0.95, 0.95)


@pytest.mark.parametrize(("missing", "end"), [(0, 1.0), (30, 0.0)])
def test_all_or_nothing_still_has_an_interval(simple_sample: Make, missing: int, end: float) -> None:
    sample = simple_sample(30, 5000)
    rate = estimate_rate(sample, reading(judged(sample, missing), sample.incident_id, RECORDING_RATE))
    assert rate.estimate == end
    assert rate.interval is not None
    assert rate.interval.method == "hypergeometric"
    assert 0.1 < rate.interval.upper - rate.interval.lower < 0.15


def test_a_group_nobody_met_gets_a_sentence_and_no_figure(simple_sample: Make) -> None:
    sample = simple_sample(30, 5000)
    nothing = Reading.complete(np.zeros(30), np.zeros(30))
    rate = estimate_rate(sample, nothing)
    assert rate.estimate is None and rate.interval is None
    assert rate.sentence == "No crime of this group was read."
    assert (rate.worst_case.lower, rate.worst_case.upper) == (0.0, 1.0)


def test_cases_nobody_could_judge_widen_the_worst_case_and_leave_both_counts(simple_sample: Make) -> None:
    sample = simple_sample(400, 40_000)
    verdicts = judged(sample, 40)
    open_cases = [
        replace(each, verdict="cannot_tell") if place >= 380 else each for place, each in enumerate(verdicts)
    ]
    rate = estimate_rate(sample, reading(open_cases, sample.incident_id, RECORDING_RATE))
    assert (rate.numerator, rate.denominator, rate.open_cases) == (340, 380, 20)
    assert rate.interval is not None and rate.estimate is not None
    assert rate.worst_case.lower < rate.interval.lower < rate.estimate
    assert rate.estimate < rate.interval.upper < rate.worst_case.upper
    assert rate.worst_case.lower < 340 / 400 < 360 / 400 < rate.worst_case.upper


def test_a_partial_audit_gets_a_worst_case_and_never_an_average(simple_sample: Make) -> None:
    sample = simple_sample(400, 40_000)
    rate = estimate_rate(sample, reading(judged(sample, 0)[:390], sample.incident_id, RECORDING_RATE))
    assert rate.estimate is None and rate.interval is None and rate.unread == 10
    assert rate.worst_case.lower < 390 / 400 and rate.worst_case.upper == 1.0
    assert "10 sampled incidents have not been judged" in rate.sentence


def test_every_row_carries_its_denominator_interval_design_and_edition(simple_sample: Make) -> None:
    sample = simple_sample(200, 20_000)
    rows = rates_table(
        sample,
        judged(sample, 20, offence_group="violence", domestic_abuse=True),
        PROVENANCE,
        {("all", "all crimes"): 90_000},
    )
    for each in rows:
        table_row = each.to_dict()
        assert set(table_row) == set(RATES.names)
        assert table_row["design"] == "simple" and table_row["frame_sha256"] == "f" * 64
    recorded = row(rows, "recorded")
    assert (recorded.numerator, recorded.denominator, recorded.estimate) == (180, 200, 0.9)
    assert row(rows, "recorded", "violence").estimate == row(rows, "recorded", "domestic abuse").estimate
    yearly = row(rows, "unrecorded_in_a_year")
    assert yearly.estimate == pytest.approx(10_000)
    assert yearly.lower is not None and yearly.upper is not None
    assert recorded.lower is not None and recorded.upper is not None
    assert yearly.upper == pytest.approx(90_000 * (1 - recorded.lower) / recorded.lower)


def test_measures_beside_the_recording_rate_have_their_own_denominators(simple_sample: Make) -> None:
    sample = simple_sample(10, 10_000)
    verdicts = [
        Verdict(incident, 1, verdict)
        for incident, verdict in zip(
            sample.incident_id,
            ["correct", "late", "wrong_class", "paperwork", "missing", "n100_wrong", "cancelled_wrong",
             "over_recorded", "nothing_required", "cannot_tell"],
            strict=True,
        )
    ]  # fmt: skip
    counts = {}
    for measure in MEASURES:
        found = reading(verdicts, sample.incident_id, measure)
        counts[measure.name] = (int(found.numerator.sum()), int(found.denominator.sum()))
    assert counts == {
        "recorded": (4, 7),
        "recorded_correctly": (3, 7),
        "in_24_hours": (3, 4),
        "right_class": (3, 4),
        "cancelled_rightly": (0, 1),
        "n100_rightly": (0, 1),
        "victim_told": (0, 0),
        "over_recorded": (1, 5),
    }
    assert {each.verdict for each in verdicts} == set(VERDICTS_ON_A_CRIME)


def test_an_unjudged_crime_is_open_only_for_questions_that_it_might_belong_to() -> None:
    unjudged = [Verdict("A", 1, "cannot_tell")]
    found = {each.name: int(reading(unjudged, ["A"], each).open_cases.sum()) for each in MEASURES}
    assert found == {
        "recorded": 1,
        "recorded_correctly": 1,
        "in_24_hours": 1,
        "right_class": 1,
        "cancelled_rightly": 0,
        "n100_rightly": 0,
        "victim_told": 0,
        "over_recorded": 1,
    }


def test_agreement_and_the_corrected_rates_stand_in_the_same_table(simple_sample: Make) -> None:
    sample = simple_sample(300, 30_000)
    verdicts = [
        replace(each, first=each.verdict, second="correct" if place % 50 == 0 else each.verdict)
        for place, each in enumerate(judged(sample, 30))
    ]
    verdicts[100] = replace(verdicts[100], reread="missing", reread_chance=0.1)
    verdicts[200] = replace(verdicts[200], reread="correct", reread_chance=0.1)
    seeded = [
        Verdict(f"K{n}", 1, "missing" if n < 18 else "correct", known="missing" if n < 20 else "correct")
        for n in range(60)
    ]
    rows = rates_table(sample, verdicts + seeded, PROVENANCE)
    assert row(rows, "agreement_raw").estimate == pytest.approx(299 / 300)
    assert row(rows, "reviewers_sensitivity").estimate == 0.9
    corrected = row(rows, "recorded_corrected_by_known_cases")
    assert corrected.estimate == pytest.approx(1 - 0.1 / 0.9)
    reread = row(rows, "recorded_corrected_by_rereading")
    assert reread.estimate == pytest.approx(0.9 - 10 / 300)


def test_reviewers_no_better_than_chance_correct_nothing(simple_sample: Make) -> None:
    sample = simple_sample(60, 6000)
    seeded = [Verdict(f"K{n}", 1, "correct", known="missing" if n < 5 else "correct") for n in range(10)]
    rows = rates_table(sample, judged(sample, 6) + seeded, PROVENANCE)
    found = row(rows, "recorded_corrected_by_known_cases")
    assert found.estimate is None and "no better than chance" in found.note


def test_a_verdict_outside_the_sample_is_refused(simple_sample: Make) -> None:
    with pytest.raises(UserError, match="incident X9, which is not in the sample"):
        check_verdicts([Verdict("X9", 1, "correct")], simple_sample(3, 30).incident_id)


def test_two_final_verdicts_for_one_crime_are_refused(simple_sample: Make) -> None:
    sample = simple_sample(3, 30)
    twice = [Verdict("I00001", 1, "correct"), Verdict("I00001", 1, "missing")]
    with pytest.raises(UserError, match="crime 1, has two final verdicts"):
        check_verdicts(twice, sample.incident_id)


def test_nothing_required_beside_a_required_crime_is_refused(simple_sample: Make) -> None:
    sample = simple_sample(3, 30)
    both = [Verdict("I00001", 0, "nothing_required"), Verdict("I00001", 1, "missing")]
    with pytest.raises(UserError, match="said to require no crime and also"):
        check_verdicts(both, sample.incident_id)


def test_a_stratum_without_verdicts_is_refused() -> None:
    sample = Sample(
        ("A", "B", "C", "D"),
        np.array([0, 0, 1, 1]),
        np.array([0.2, 0.2, 0.5, 0.5]),
        (Stratum("violence", 10, 2), Stratum("anti-social behaviour", 4, 2)),
    )
    with pytest.raises(UserError, match="Stratum anti-social behaviour has no verdict at all"):
        rates_table(sample, [Verdict("A", 1, "correct"), Verdict("B", 1, "missing")], PROVENANCE)


@pytest.mark.parametrize(
    ("strata", "sentence"),
    [
        ((Stratum("a", 1, 2), Stratum("b", 4, 2)), "A sample cannot be larger than its population"),
        ((Stratum("a", 9, 2), Stratum("b", 4, 3)), "says 3 incidents were drawn and holds 2"),
        ((Stratum("a", 9, 2), Stratum("b", 4, 2), Stratum("c", 7, 0)), "none was drawn"),
    ],
)
def test_a_sample_that_contradicts_itself_is_refused(strata: tuple[Stratum, ...], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        Sample(("A", "B", "C", "D"), np.array([0, 0, 1, 1]), np.full(4, 0.5), strata)


def test_an_audit_of_two_thousand_readings_takes_well_under_five_seconds() -> None:
    rng = np.random.default_rng(7)
    strata = tuple(Stratum(f"s{number:02d}", 5000, 100, 250.0) for number in range(20))
    sample = Sample(
        tuple(f"I{number}" for number in range(2000)),
        np.repeat(np.arange(20), 100),
        np.full(2000, 0.02),
        strata,
        rng.uniform(size=2000),
    )
    groups = ("violence", "theft", "sexual", "damage", "robbery", "burglary", "public order", "vehicle")
    verdicts = [
        Verdict(
            incident,
            1,
            "missing" if rng.uniform() < 0.1 else "correct",
            offence_group=groups[place % 8],
            first="correct",
            second="correct" if rng.uniform() < 0.9 else "missing",
        )
        for place, incident in enumerate(sample.incident_id)
    ]
    started = time.process_time()
    rates_table(sample, verdicts, PROVENANCE)
    assert time.process_time() - started < 5
