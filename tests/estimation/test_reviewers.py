"""Agreement and reviewers' accuracy equal worked examples, and correct a rate without bias."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.errors import UserError
from opencdi.estimation.agreement import (
    agreement,
    gwet_ac1,
    krippendorff_alpha,
    raw_agreement,
    specific_agreement,
)
from opencdi.estimation.known_cases import KnownCases, corrected_by_known_cases
from opencdi.estimation.rereading import Rereading, reread_ratio
from opencdi.estimation.study.reviewing import PLANS, review

POSITIVE = frozenset({"missing"})


def two_reviewers(rate: float, sensitivity: float, specificity: float) -> np.ndarray:
    """Expected table of two reviewers of the same skill; category 1 is an error found."""
    errors, clean = rate, 1 - rate
    se, sp = np.array([1 - sensitivity, sensitivity]), np.array([specificity, 1 - specificity])
    return errors * np.outer(se, se) + clean * np.outer(sp, sp)


@pytest.mark.parametrize(
    ("rate", "raw", "kappa", "ac1", "positive"),
    [
        (0.50, 0.890, 0.778, 0.780, 0.880),
        (0.10, 0.946, 0.723, 0.932, 0.754),
        (0.03, 0.955, 0.487, 0.951, 0.510),
        (0.01, 0.959, 0.253, 0.956, 0.275),
    ],
)
def test_the_same_skill_gives_the_tabled_coefficients(
    rate: float, raw: float, kappa: float, ac1: float, positive: float
) -> None:
    # The table was simulated; the tolerances are its error.
    table = two_reviewers(rate, 0.90, 0.98)
    assert float(raw_agreement(table)) == pytest.approx(raw, abs=0.004)
    assert float(krippendorff_alpha(table, np.asarray(1e12))) == pytest.approx(kappa, abs=0.025)
    assert float(gwet_ac1(table)) == pytest.approx(ac1, abs=0.004)
    assert float(specific_agreement(table, 1)) == pytest.approx(positive, abs=0.025)


def test_krippendorffs_worked_example_of_two_observers_comes_out() -> None:
    # Krippendorff 2011, Computing Krippendorff's alpha-reliability, example B: nominal data, alpha 0.692.
    first = ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"]
    second = ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"]
    found = agreement(first, second, [str(n) for n in range(12)], POSITIVE)
    assert found.alpha.value == pytest.approx(0.692, abs=5e-4)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["missing", "correct", "late"]), min_size=3, max_size=40), st.randoms())
def test_agreement_does_not_change_with_names_or_order(judged: list[str], random: object) -> None:
    other = [random.choice(["missing", "correct", "late"]) for _ in judged]  # type: ignore[attr-defined]
    incidents = [str(number // 2) for number in range(len(judged))]
    found = agreement(judged, other, incidents, POSITIVE)
    turned = agreement(other[::-1], judged[::-1], incidents[::-1], POSITIVE)
    assert found.raw.value == pytest.approx(turned.raw.value)
    assert found.ac1.value == pytest.approx(turned.ac1.value)
    assert found.alpha.value == pytest.approx(turned.alpha.value, nan_ok=True)
    same = agreement(judged, judged, incidents, POSITIVE)
    assert same.raw.value == 1 and same.ac1.value == pytest.approx(1)


def test_the_jackknife_interval_of_raw_agreement_is_the_textbook_one() -> None:
    first = ["missing"] * 20 + ["correct"] * 80
    second = ["missing"] * 15 + ["correct"] * 85
    found = agreement(first, second, [str(n) for n in range(100)], POSITIVE)
    from scipy.stats import t

    half = t.ppf(0.975, 99) * np.sqrt(0.95 * 0.05 / 99)
    assert found.raw.upper - found.raw.value == pytest.approx(half, rel=1e-9)


def test_crimes_of_one_incident_are_one_cluster() -> None:
    first, second = ["missing"] * 10 + ["correct"] * 90, ["correct"] * 10 + ["correct"] * 90
    apart = agreement(first, second, [str(n) for n in range(100)], POSITIVE)
    together = agreement(first, second, [str(n // 10) for n in range(100)], POSITIVE)
    assert together.raw.value == apart.raw.value == 0.9
    assert together.incidents == 10
    assert together.raw.lower < apart.raw.lower


def test_rogan_and_gladens_correction() -> None:
    known = KnownCases(errors_found=90, errors_seeded=100, clean_kept=98, clean_seeded=100)
    found = corrected_by_known_cases(0.108, 700.0, known)
    assert found.estimate == pytest.approx((0.108 - 0.02) / 0.88)
    assert found.interval.lower < found.estimate < found.interval.upper


def test_known_cases_of_one_kind_only_are_refused() -> None:
    with pytest.raises(UserError, match="known cases of both kinds"):
        corrected_by_known_cases(0.1, 700.0, KnownCases(9, 10, 0, 0))


def test_reading_everything_again_gives_the_authoritys_own_rate() -> None:
    rng = np.random.default_rng(5)
    truth, verdict = rng.random(200) < 0.2, rng.random(200) < 0.3
    ones, fraction, stratum = np.ones(200), np.full(200, 0.1), np.zeros(200, dtype=np.int64)
    everything = Rereading(np.ones(200, dtype=bool), ones, truth.astype(float), ones)
    found = reread_ratio(verdict.astype(float), ones, everything, 1 / fraction, fraction, stratum)
    assert float(found.estimate) == pytest.approx(truth.mean())
    expected = 0.9 * truth.mean() * (1 - truth.mean()) / 199
    assert float(found.variance) == pytest.approx(expected)


def test_nothing_read_again_is_refused() -> None:
    ones, stratum = np.ones(5), np.zeros(5, dtype=np.int64)
    nothing = Rereading(np.zeros(5, dtype=bool), ones, ones, ones)
    with pytest.raises(UserError, match="No judged incident has been read again"):
        reread_ratio(ones, ones, nothing, 2 * ones, ones / 2, stratum)


@pytest.mark.parametrize("plan", PLANS)
def test_one_interval_holds_sampling_and_reviewers_error(plan: object) -> None:
    # Pre-registered: 93 % less three standard errors at 1,500 replicates.
    schemes = {each.scheme: each for each in review(plan, 1500, 11)}  # type: ignore[arg-type]
    for scheme in ("one reviewer, corrected by known cases", "two blind, adjudication, agreed cases re-read"):
        assert schemes[scheme].covered > 0.93 - 3 * 0.0066, scheme


def test_a_single_reviewer_without_correction_misleads() -> None:
    poor = next(plan for plan in PLANS if plan.sensitivity == 0.85 and plan.rate == 0.10)
    assert review(poor, 1000, 3)[0].covered < 0.6
