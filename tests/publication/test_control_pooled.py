"""One figure for many forces, some of them withheld: unbiased, and no way back to any force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publication import made_up

from opencdi.publication.control.attack import ranges
from opencdi.publication.control.control import Controlled, control
from opencdi.publication.control.counts import Counts, Relation
from opencdi.publication.figures import Release
from opencdi.publication.forces import forces
from opencdi.publication.national import LATEST_RULE, pooled
from opencdi.publication.sentences.pooled import rule_sentence

RAPE = ("recorded_correctly", "offence_subgroup", "Rape")


def country(wrong: Sequence[int], read: int = 60) -> Release:
    """A force for each number of rapes recorded wrongly, of ``read`` in each."""
    audits = []
    for force, errors in zip(forces(), wrong, strict=False):
        rape = made_up.figure(*RAPE, read - errors, read)
        rest = made_up.figure("recorded_correctly", "offence_group", "Theft", 400, 500)
        total = made_up.figure("recorded_correctly", "all", "all crimes", 400 + read - errors, 500 + read)
        audit = made_up.audit(force, crimes=1)
        audits.append(replace(audit, figures=(total, rest, rape), errors=()))
    return made_up.release(audits)


def rape_of(controlled: Controlled):
    return next(each for each in pooled(controlled.release, *RAPE) if each.rule == LATEST_RULE)


def test_forces_that_are_withheld_are_in_the_figure_so_that_it_is_not_biased():
    wrong = [2, 3, 12, 5, 15, 8, 4, 20, 6, 9]
    controlled = control(country(wrong))
    assert sum(audit.figure(*RAPE).is_suppressed for audit in controlled.release.audits) == 7
    found = rape_of(controlled)
    assert (found.forces, found.audited, found.count) == (10, 600, 80)
    assert found.failed == pytest.approx(sum(wrong) / 600, abs=0.01)
    assert "rounded to the nearest 10 since some are withheld" in rule_sentence(found)


@pytest.mark.parametrize("wrong", [[2, 12, 15, 20], [1, 1, 1, 12, 15], [9, 9, 9, 30, 30]])
def test_no_figure_is_given_where_too_few_or_too_small_counts_are_withheld(wrong):
    assert pooled(control(country(wrong)).release, *RAPE) == []


def test_a_figure_without_withheld_ones_is_exact():
    found = rape_of(control(country([12, 15, 20, 11])))
    assert (found.count, found.audited, found.rounded_to) == (58, 240, 1)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=12))
@settings(max_examples=25, deadline=None)
def test_no_forces_small_count_can_be_worked_out_of_the_figure(wrong):
    controlled = control(country(wrong))
    given_out = pooled(controlled.release, *RAPE)
    hidden = [n for n, audit in enumerate(controlled.release.audits) if audit.figure(*RAPE).is_suppressed]
    if not given_out or not hidden:
        return
    total = [(n, 1) for n in range(len(wrong))]
    slack = given_out[0].rounded_to // 2
    known = Relation(tuple(total), given_out[0].count, slack)
    for cell, found in ranges(Counts(np.array(wrong), (known,)), hidden).items():
        if 0 < wrong[cell] < 10:
            assert found.covers(1, 10), (wrong, cell, found)
