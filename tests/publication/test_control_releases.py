"""What a release shows of an audit, alone and beside earlier releases, gives no small count away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publication import made_up

from opencdi.publication.control.attack import ranges
from opencdi.publication.control.cells import A_GUESS, Cell, audit_counts
from opencdi.publication.control.control import control, control_audit, recoverable
from opencdi.publication.control.rules import read_rules
from opencdi.publication.control.shown import withheld
from opencdi.publication.figures import AuditResults, Figure

RULES = read_rules()
THEFT, ROBBERY, BURGLARY, FRAUD = "Theft", "Robbery", "Burglary", "Fraud"


def audit_of(counts: dict[str, tuple[int, int]], **changes: object) -> AuditResults:
    """An audit that gives the recording rate of these groups and of all crimes: recorded, read."""
    total = tuple(sum(pair[place] for pair in counts.values()) for place in (0, 1))
    figures = [made_up.figure("recorded", "all", "all crimes", *total)]
    figures += [made_up.figure("recorded", _kind(name), name, *pair) for name, pair in counts.items()]
    return replace(made_up.audit(), figures=tuple(figures), errors=(), **changes)


def _kind(name: str) -> str:
    return "offence_subgroup" if name in ("Rape", "Other sexual offences") else "offence_group"


def shown(audit: AuditResults) -> dict[str, tuple[int, int] | None]:
    return {each.group: _counts(each) for each in audit.figures}


def _counts(figure: Figure) -> tuple[int, int] | None:
    if figure.numerator is None or figure.denominator is None:
        return None
    return figure.numerator, figure.denominator


def attacked(truth: AuditResults, releases: list[AuditResults], cell: Cell):
    """Where an attacker who keeps all releases of one unchanged audit can place a count."""
    counts = audit_counts(truth)
    known = {
        counts.place[Cell(*figure.key, part)]
        for each in releases
        for figure in each.figures
        if figure.numerator is not None
        for part in ("yes", "no", "read")
        if Cell(*figure.key, part) in counts.place
    }
    hidden = set(range(len(counts.cells))) - known
    return ranges(counts.counts, hidden, [counts.place[cell]])[counts.place[cell]]


@pytest.mark.slow
@given(st.integers(1, 10_000), st.integers(30, 1500))
@settings(max_examples=10, deadline=None)
def test_no_small_count_of_any_audit_can_be_worked_out(seed, crimes):
    truth = made_up.audit(seed=seed, crimes=crimes)
    found = control_audit(truth, (), RULES)
    assert not recoverable(found) and not found.exposed
    for figure in found.audit.figures:
        if figure.numerator is not None and figure.denominator:
            counts = RULES.class_of(figure.measure, figure.group)
            assert figure.denominator >= counts.least_read
            for count in (figure.numerator, figure.denominator - figure.numerator):
                assert count == 0 or count >= counts.least_count


def test_a_sample_of_thirty_crimes_gives_no_single_error_away():
    """Its one error is in a group of two; of correct recording only rape, with none, may stand beside it."""
    found = control_audit(made_up.audit(seed=1, crimes=30), (), RULES)
    assert not recoverable(found) and not found.exposed


def test_an_outsider_is_unsure_of_what_no_page_shows_by_as_much_as_the_rules_protect():
    assert max(each.least_read for each in RULES.classes) <= A_GUESS


@pytest.mark.slow
@given(st.integers(1, 10_000), st.integers(200, 900), st.integers(0, 3))
@settings(max_examples=6, deadline=None)
def test_a_yearly_revision_gives_no_small_count_away(seed, crimes, revised):
    verdicts = made_up.verdicts(seed, crimes)
    first = control_audit(made_up.audit(found=verdicts), (), RULES).audit
    changed = [replace(each, verdict="missing") for each in verdicts[:revised]] + verdicts[revised:]
    second = control_audit(made_up.audit(found=changed), (first,), RULES)
    assert not set(recoverable(second)) - {each.split(": ", 1)[1] for each in second.exposed}


def test_a_withheld_figure_has_no_number_at_all():
    found = control_audit(audit_of({THEFT: (90, 92), BURGLARY: (70, 90), ROBBERY: (40, 60)}), (), RULES)
    theft = found.audit.figure("recorded", "offence_group", THEFT)
    assert theft.marker == "c"
    numbers = [value for name, value in vars(theft).items() if isinstance(value, (int, float))]
    assert numbers == []


def test_one_small_count_takes_a_second_figure_with_it():
    counts = {THEFT: (90, 92), BURGLARY: (70, 90), ROBBERY: (40, 60)}
    found = control_audit(audit_of(counts), (), RULES)
    hidden = [name for name, pair in shown(found.audit).items() if pair is None]
    assert THEFT in hidden and len(hidden) == 2 and "all crimes" not in hidden
    kinds = {each.group: (each.kind, each.protects) for each in found.withheld}
    assert kinds[THEFT][0] == "primary"
    assert [kind for kind in kinds.values() if kind[0] == "complementary"] == [
        ("complementary", "recorded / Theft (no)")
    ]


@pytest.mark.parametrize(("group", "hidden"), [("Rape", True), ("Burglary", False)])
def test_rape_is_held_to_a_higher_threshold(group, hidden):
    found = control_audit(audit_of({group: (113, 120), THEFT: (80, 99), FRAUD: (50, 90)}), (), RULES)
    assert (shown(found.audit)[group] is None) == hidden


def test_the_rape_reports_of_the_seed_story_may_be_shown():
    found = control_audit(audit_of({"Rape": (126, 138), THEFT: (1121, 1281)}), (), RULES)
    assert shown(found.audit)["Rape"] == (126, 138)
    assert found.audit.figure("recorded", "offence_subgroup", "Rape").estimate == 0.91


def test_without_looking_at_the_earlier_release_the_attack_would_succeed():
    """The test of the test: the same two releases, controlled apart, give theft's errors away."""
    truth = audit_of({THEFT: (90, 92), BURGLARY: (70, 90), ROBBERY: (40, 60)})
    alone = control_audit(truth, (), RULES).audit
    helper = next(name for name, pair in shown(alone).items() if pair is None and name != THEFT)
    only_helper = replace(truth, figures=tuple(f for f in truth.figures if f.group in (helper, "all crimes")))
    earlier = control_audit(only_helper, (), RULES).audit
    theft = Cell("recorded", "offence_group", THEFT, "no")
    assert attacked(truth, [earlier, alone], theft).is_point
    together = control_audit(truth, (earlier,), RULES)
    assert not attacked(truth, [earlier, together.audit], theft).is_point
    assert not recoverable(together)


def test_one_published_group_of_many_does_not_take_all_crimes_with_it():
    """Rape alone is given by correct recording; the rest of all crimes is on no page."""
    rape = made_up.figure("recorded_correctly", "offence_subgroup", "Rape", 57, 60)
    everything = made_up.figure("recorded_correctly", "all", "all crimes", 1000, 1200)
    truth = replace(made_up.audit(), figures=(everything, rape), errors=())
    found = control_audit(truth, (), RULES)
    assert shown(found.audit) == {"all crimes": (1000, 1200), "Rape": None}
    assert not recoverable(found)


def test_another_grouping_gives_nothing_away():
    """The first release gave sexual offences as one; the second splits off rape, which is small."""
    counts = {"Rape": (40, 45), "Other sexual offences": (60, 75), THEFT: (200, 260), FRAUD: (50, 90)}
    whole = {"Sexual offences": (100, 120), THEFT: (200, 260), FRAUD: (50, 90)}
    first = control_audit(audit_of(whole), (), RULES).audit
    assert shown(first)["Sexual offences"] == (100, 120)
    truth = audit_of(counts)
    second = control_audit(truth, (first,), RULES)
    assert shown(second.audit)["Rape"] is None and shown(second.audit)["Other sexual offences"] is None
    both = replace(truth, figures=(*truth.figures, *audit_of(whole).figures[1:2]))
    found = attacked(both, [first, second.audit], Cell("recorded", "offence_subgroup", "Rape", "no"))
    assert found.covers(1, 10)


@pytest.mark.parametrize(
    "days", [(date(2025, 4, 1), date(2025, 12, 31)), (date(2025, 7, 1), date(2025, 9, 30))]
)
def test_an_overlapping_period_may_not_differ_by_a_few_crimes(days):
    first = audit_of({"Rape": (113, 138), THEFT: (200, 260)})
    later = audit_of({"Rape": (116, 142), THEFT: (260, 330)}, id="other", first_day=days[0], last_day=days[1])
    before = control_audit(first, (), RULES).audit
    assert shown(control_audit(later, (), RULES).audit)["Rape"] == (116, 142)
    found = control_audit(later, (before,), RULES)
    assert shown(found.audit)["Rape"] is None
    assert any("differs by fewer than 10" in each.reason for each in found.withheld)


def test_a_release_published_again_is_the_same():
    truth = made_up.release([made_up.audit(seed=5, crimes=700)])
    first = control(truth)
    assert control(truth, [first.release]).release == first.release


def test_results_that_others_published_stay_as_they_are():
    theirs = audit_of({THEFT: (90, 92), BURGLARY: (70, 90)}, results_of="publisher")
    assert control(made_up.release([theirs])).release.audits == (theirs,)


def test_what_follows_from_a_withheld_rate_is_withheld_too():
    truth = audit_of({THEFT: (90, 92), BURGLARY: (70, 90), ROBBERY: (40, 60)})
    yearly = Figure(
        "unrecorded_in_a_year", "offence_group", THEFT, "crimes", estimate=260.0, denominator=12_000
    )
    found = control_audit(replace(truth, figures=(*truth.figures, yearly)), (), RULES)
    assert found.audit.figure(*yearly.key).is_suppressed
    assert [each.kind for each in found.withheld if each.measure == yearly.measure] == ["derived"]


def test_n100_and_its_errors_count_as_rape_whatever_the_group():
    assert RULES.class_of("n100_rightly", "all crimes").name == "Sexual offences"
    assert RULES.class_of_error("n100_wrong").least_count == 10


def test_a_share_that_rounds_to_nothing_says_so():
    truth = audit_of({THEFT: (10, 40_000)})
    assert control_audit(truth, (), RULES).audit.figure("recorded").marker == "low"


def test_limits_are_rounded_outwards():
    shown_rape = control_audit(audit_of({"Rape": (126, 138), THEFT: (1121, 1281)}), (), RULES).audit.figure(
        "recorded", "offence_subgroup", "Rape"
    )
    true_rape = made_up.figure("recorded", "offence_subgroup", "Rape", 126, 138)
    assert shown_rape.lower <= true_rape.lower and shown_rape.upper >= true_rape.upper


def test_a_few_unjudged_cases_of_a_group_are_withheld_with_the_limits_that_tell_them():
    truth = audit_of({THEFT: (80, 99), FRAUD: (50, 90)})
    figures = tuple(
        replace(each, open_cases=2, note="2 cases could not be judged.") if each.group == THEFT else each
        for each in truth.figures
    )
    theft = control_audit(replace(truth, figures=figures), (), RULES).audit.figure(
        "recorded", "offence_group", THEFT
    )
    assert (theft.open_cases, theft.worst_lower, theft.worst_upper) == (None, None, None)
    assert "2" not in theft.note and theft.numerator == 80


@pytest.mark.parametrize("seed", range(6))
def test_one_published_group_of_many_does_not_cost_the_figure_of_all_crimes(seed):
    """Correct recording is published for rape alone; what the other groups hold is known to nobody."""
    found = control_audit(made_up.audit(seed=seed, crimes=1500), [], RULES)
    assert found.audit.figure("recorded").marker == ""
    assert found.audit.figure("recorded_correctly").marker == ""
    assert recoverable(found) == ()


@given(st.integers(10, 4000), st.data())
def test_a_rate_with_its_denominator_gives_the_count_away_so_neither_stands_beside_a_withheld_one(read, data):
    """A rate of one decimal and the crimes read leave few counts; so a withheld figure has no number."""
    yes = data.draw(st.integers(0, read))
    told = round(1000 * yes / read) / 1000
    fitting = [count for count in range(read + 1) if round(1000 * count / read) / 1000 == told]
    assert yes in fitting and len(fitting) <= read // 1000 + 2
    figure = made_up.figure("recorded", "offence_group", THEFT, yes, read)
    hidden = withheld(figure)
    assert not [name for name, value in vars(hidden).items() if isinstance(value, (int, float))]


@pytest.mark.slow
@given(st.integers(1, 10_000), st.integers(100, 900))
@settings(max_examples=6, deadline=None)
def test_no_other_figure_of_the_same_crimes_gives_a_withheld_count_away(seed, crimes):
    """Rates of linked measures, rounded: recorded in time, in the right class, correctly, over-recorded."""
    truth = made_up.audit(seed=seed, crimes=crimes)
    found = control_audit(truth, (), RULES)
    for figure in truth.figures:
        hidden = found.audit.figure(*figure.key)
        if hidden is None or not hidden.is_suppressed:
            continue
        small = [
            Cell(*figure.key, part)
            for part, count in (("yes", figure.numerator), ("no", figure.denominator - figure.numerator))
            if 0 < count < RULES.class_of(figure.measure, figure.group).least_count
        ]
        for cell in small:
            assert not attacked(replace(truth, figures=published(truth)), [found.audit], cell).is_point


def published(truth: AuditResults) -> tuple[Figure, ...]:
    return tuple(f for f in truth.figures if RULES.publishes(f.measure, f.dimension, f.group))
