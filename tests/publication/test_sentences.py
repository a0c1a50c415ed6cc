"""No sentence says more than its numbers, and the figures of a well-known story follow from their counts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opencdi.estimation.binomial import wilson_limits
from opencdi.estimation.change import change_of_counts
from opencdi.estimation.funnel import FunnelForce
from opencdi.estimation.ranks import Rank
from opencdi.publication import dates
from opencdi.publication.figures import AuditResults, Figure, Source
from opencdi.publication.forces import force_of_name
from opencdi.publication.pages.force_page import unjudged_told
from opencdi.publication.sentences.amounts import count_in_words, percent, percent_range, points
from opencdi.publication.sentences.changes import change_sentence, compared
from opencdi.publication.sentences.forces import against_average, rank_sentence
from opencdi.publication.sentences.fractions import fraction, one_in
from opencdi.publication.sentences.measures import unaudited_told
from opencdi.publication.sentences.rates import share_sentence, went_right, went_wrong
from opencdi.publication.sentences.share import Share

SHARES = st.floats(0, 1, allow_subnormal=False)
COUNTS = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def figure_of(count: int, of: int, group: str = "all crimes", measure: str = "recorded") -> Figure:
    """A simple sample's figure."""
    lower, upper = (float(each) for each in wilson_limits(count / of, of))
    dimension = "all" if group == "all crimes" else "offence_subgroup"
    return Figure(
        *(measure, dimension, group),
        numerator=count,
        denominator=of,
        estimate=count / of,
        lower=lower,
        upper=upper,
        confidence=0.95,
        effective_size=float(of),
    )


def audit_of(*figures: Figure, edition: str = "2018-04") -> AuditResults:
    force, source = force_of_name("Thames Valley"), Source("An inspectorate")
    days = date(2019, 1, 1), date(2019, 6, 30)
    return AuditResults("one", force, "Audit", *days, source, "simple", edition, figures)


# The story: Thames Valley 2019 and what was published around it ----------------------------------


def test_one_in_12_rape_reports_was_not_properly_recorded() -> None:
    assert went_wrong(figure_of(126, 138, "Rape", "recorded_correctly")) == (
        "One in 12 rapes that should have been recorded was not recorded correctly (12 of 138; the true "
        "figure is likely between 1 in 20 and 1 in 7)."
    )
    assert percent(12 / 138).text == "9%"


def test_90_of_379_domestic_abuse_crimes_were_not_in_the_official_figures() -> None:
    told = went_wrong(figure_of(289, 379, "domestic abuse"))
    assert told.startswith("Nearly one in four domestic abuse crimes that should have been recorded was not ")
    assert "(90 of 379; the true figure is likely between 20% and 28%)" in told


def test_12_per_cent_of_1419_reports_were_recorded_incorrectly() -> None:
    assert percent(1 - 0.879).text == "12%"
    assert went_right(figure_of(1247, 1419)).startswith("87.9% of crimes that should have been recorded were")


def test_nearly_3700_reports_and_over_4900_reports() -> None:
    assert count_in_words(3_694).text == "nearly 3,700"
    assert count_in_words(4_913).text == "over 4,900"
    assert fraction(552 / 4_913).text == "one in nine"
    assert fraction(370 / 3_694).text == "one in ten"


def test_the_change_since_2017_cannot_be_told_from_chance() -> None:
    before, after = (
        figure_of(count, of, "Rape", "recorded_correctly") for count, of in ((152, 174), (126, 138))
    )
    told = change_sentence(compared(audit_of(before), before, audit_of(after), after))
    assert told == (
        "The rate of correct recording was 87.4% in the audit before and is 91.3%: a difference of 3.9 "
        "percentage points, which chance alone could give (the true change is likely between a fall of 3.3 "
        "and a rise of 10.8)."
    )


# Laws -------------------------------------------------------------------------------------------


@given(SHARES, st.integers(0, 2))
def test_a_percentage_is_true_of_its_share(share: float, decimals: int) -> None:
    claim = percent(share, decimals)
    assert claim.holds_for(share)
    assert (claim.text.startswith("0") and "under" not in claim.text and float(claim.text[:-1]) == 0) == (
        share == 0
    )
    assert (claim.text == "100%" or claim.text.startswith("100.")) == (share == 1)


@given(SHARES)
def test_a_fraction_is_true_of_its_share_and_reads_back_as_it(share: float) -> None:
    claim = fraction(share)
    assert claim.holds_for(share)
    stated = _read_fraction(claim.text)
    if claim.text.startswith("over"):
        assert share > stated
    elif claim.text.startswith("nearly"):
        assert stated > share >= 0.8 * stated
    else:
        assert share == pytest.approx(stated, rel=0.05 + 1e-9, abs=1e-300)


@given(st.floats(1e-6, 1))
def test_an_end_told_as_one_in_n_is_within_half_of_n(share: float) -> None:
    claim = one_in(share)
    assert claim.holds_for(share)
    assert abs(1 / share - int(claim.text.removeprefix("1 in ").replace(",", ""))) <= 0.5 + 1e-6 / share


@given(st.integers(0, 10_000_000))
def test_over_and_nearly_stand_on_the_right_side_of_a_count(count: int) -> None:
    claim = count_in_words(count)
    stated = int(claim.text.split(" ")[-1].replace(",", ""))
    assert claim.holds_for(count)
    assert {"over": count > stated, "nearly": count < stated}.get(claim.text.split(" ")[0], count == stated)
    assert abs(count - stated) <= 0.05 * count


@given(SHARES, SHARES)
def test_two_ends_that_differ_are_not_told_as_one(one: float, other: float) -> None:
    lower, upper = sorted((one, other))
    low, high = percent_range(lower, upper)
    assert low.holds_for(lower) and high.holds_for(upper)
    assert upper - lower < 0.0002 or low.text != high.text


@given(st.floats(-1, 1))
def test_points_are_true_of_the_size_of_a_difference(difference: float) -> None:
    assert points(difference).holds_for(abs(difference))


@given(COUNTS)
def test_no_sentence_about_a_rate_contradicts_its_numbers(counts: tuple[int, int]) -> None:
    count, of = counts
    share = Share.of_counts(count, of)
    told = share_sentence(share, "crimes", "not recorded")
    head, _, inside = told.partition(" (")
    assert f"{count:,} of " in told or (count == 0 and "None" in told)
    if of < 20:
        assert "%" not in head and " in " not in head
    for low, high in re.findall(r"between (\d+(?:\.\d+)?)% and (\d+(?:\.\d+)?)%", told):
        assert float(low) - 0.5 <= 100 * count / of <= float(high) + 0.5
        assert float(low) < float(high)
    for least, most in re.findall(r"between 1 in ([\d,]+) and 1 in ([\d,]+)", inside):
        assert 1 / (int(least.replace(",", "")) + 0.5) <= count / of <= 1 / (int(most.replace(",", "")) - 0.5)
    if head[0].isalpha() and "in" in head.split() and of >= 20:
        assert fraction(count / of).text in head.lower()
    assert " 0%" not in told.replace("between 0%", "") or count == 0


@given(COUNTS)
def test_what_went_right_and_what_went_wrong_are_one_figure(counts: tuple[int, int]) -> None:
    count, of = counts
    figure = figure_of(count, of)
    assert f"{count:,} of " in went_right(figure) or count == 0
    assert f"{of - count:,} of " in went_wrong(figure) or count == of


@given(COUNTS, COUNTS)
def test_rose_and_fell_are_said_only_of_proven_changes(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    before, after = figure_of(*first), figure_of(*second)
    told = change_sentence(compared(audit_of(before), before, audit_of(after), after))
    found = change_of_counts((first[0], second[0]), (first[1], second[1]))
    assert (" rose " in told) == (found.is_proven and found.difference > 0)
    assert (" fell " in told) == (found.is_proven and found.difference < 0)
    assert ("chance alone could give" in told) != found.is_proven


@given(
    st.floats(0.001, 0.999),
    st.floats(0.001, 0.999),
    st.sampled_from(("inside", "outside 95 %", "outside 99.8 %")),
)
def test_higher_and_lower_than_the_average_are_on_the_right_side(
    rate: float, target: float, stands: str
) -> None:
    assume(rate != target)
    told = against_average(FunnelForce("x", rate, 0.01, 0.0, stands), target, 43)
    assert ("higher" in told) == (stands != "inside" and rate > target)
    assert ("lower" in told) == (stands != "inside" and rate < target)


# What may not be said ---------------------------------------------------------------------------


def test_audits_under_different_editions_are_not_compared() -> None:
    before, after = figure_of(500, 1000), figure_of(900, 1000)
    told = change_sentence(compared(audit_of(before), before, audit_of(after, edition="2023-05"), after))
    assert told.endswith("the two audits were made under different editions of the counting rules.")
    assert "rose" not in told


@pytest.mark.parametrize("lost", [{"lower": None}, {"marker": "c"}, {"effective_size": None}])
def test_a_figure_that_cannot_bear_it_is_not_compared(lost: dict[str, object]) -> None:
    before, after = replace(figure_of(500, 1000), **lost), figure_of(900, 1000)  # type: ignore[arg-type]
    assert "cannot be compared" in change_sentence(compared(audit_of(before), before, audit_of(after), after))


def test_a_suppressed_figure_has_no_number_in_its_sentence() -> None:
    told = went_wrong(Figure("recorded", "offence_subgroup", "Rape", marker="c"))
    assert not re.search(r"\d", told) and "[c]" in told


def test_a_published_figure_without_counts_or_interval_says_so() -> None:
    told = went_right(Figure("recorded", "all", "all crimes", estimate=0.85, marker="x"))
    assert "85.0%" in told and "does not give the number audited" in told and "no interval" in told


def test_a_census_has_no_sampling_error() -> None:
    told = went_wrong(replace(figure_of(120, 150, "Rape"), lower=0.8, upper=0.8))
    assert told.endswith("(30 of 150; every report was read, so there is no sampling error).")


def test_weighted_counts_say_why_they_differ_from_the_rate() -> None:
    assert "weighted to stand for all reports" in went_right(replace(figure_of(1200, 1419), estimate=0.879))


def test_a_place_among_forces_is_a_range() -> None:
    assert rank_sentence(Rank("x", 0.9, 5, 31), 43) == "Its place is somewhere between 5th and 31st of 43."


def _read_fraction(text: str) -> float:
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
    words |= {"nine": 9, "ten": 10}
    plain = text.removeprefix("over ").removeprefix("nearly ")
    if plain in ("none", "all", "half"):
        return {"none": 0.0, "all": 1.0, "half": 0.5}[plain]
    top, bottom = plain.split(" in ")
    return words[top] / (words[bottom] if bottom in words else int(bottom.replace(",", "")))


def test_one_crime_or_incident_is_told_as_one() -> None:
    figure = Figure("recorded", "all", "all crimes", denominator=500, open_cases=1)
    assert unjudged_told(figure) == "1 crime was read and could not be judged."
    assert unjudged_told(replace(figure, open_cases=3)).startswith("3 crimes were read")
    assert unaudited_told("no_narrative", 1, 900) == "1 of the 900 incidents has no text to read."
    assert unaudited_told("no_narrative", 2, None) == "2 incidents have no text to read."


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (date(2026, 2, 28), "October 2025 to February 2026"),
        (date(2026, 1, 28), "1 October 2025 to 28 January 2026"),
    ],
)
def test_a_period_is_told_by_its_months_only_where_it_ends_with_one(last: date, told: str) -> None:
    assert dates.span(date(2025, 10, 1), last) == told
