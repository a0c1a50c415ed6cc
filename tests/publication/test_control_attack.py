"""Withheld counts cannot be worked out, whatever the table: the attack must fail."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opencdi.publication.control.attack import Range, ranges
from opencdi.publication.control.counts import Counts, Relation
from opencdi.publication.control.protection import Need, Plan, protect

THRESHOLD = 5


def table_of(inner: np.ndarray) -> tuple[Counts, np.ndarray]:
    """A two-way table with both margins and the grand total; and the places of its cells."""
    whole = np.zeros((inner.shape[0] + 1, inner.shape[1] + 1), dtype=np.int64)
    whole[1:, 1:] = inner
    whole[0, 1:], whole[1:, 0], whole[0, 0] = inner.sum(0), inner.sum(1), inner.sum()
    place = np.arange(whole.size).reshape(whole.shape)
    values = whole.ravel()
    lines = [*place, *place.T]
    relations = tuple(
        Relation.that_holds(values, [(int(line[0]), -1), *((int(cell), 1) for cell in line[1:])])
        for line in lines
    )
    return Counts(values, relations), place


def plan_for(counts: Counts, place: np.ndarray) -> Plan:
    cost = np.ones(len(counts.values))
    cost[place[0, :]] = cost[place[:, 0]] = 50
    everything = np.arange(len(counts.values))
    return Plan(cost, lambda cell: (), lambda cell: [everything])


def small(counts: Counts) -> dict[int, Need]:
    return {
        int(cell): Need(1, THRESHOLD)
        for cell in np.flatnonzero((counts.values > 0) & (counts.values < THRESHOLD))
    }


def by_trying_all(counts: Counts, hidden: list[int], most: int) -> dict[int, Range]:
    """The same answer as the attack's, by going through every table."""
    found: dict[int, list[int]] = {cell: [] for cell in hidden}
    for guess in itertools.product(range(most + 1), repeat=len(hidden)):
        values = counts.values.copy()
        values[hidden] = guess
        if all(sum(values[c] * f for c, f in each.terms) == each.total for each in counts.relations):
            for cell, value in zip(hidden, guess, strict=True):
                found[cell].append(value)
    return {cell: Range(min(values), max(values)) for cell, values in found.items()}


def test_one_withheld_count_of_a_row_is_worked_out_at_once():
    counts, place = table_of(np.array([[3, 20], [30, 40]]))
    assert ranges(counts, [int(place[1, 1])]) == {int(place[1, 1]): Range(3, 3)}


def test_four_withheld_counts_in_a_rectangle_leave_a_range():
    counts, place = table_of(np.array([[3, 20], [30, 40]]))
    found = ranges(counts, place[1:, 1:].ravel().tolist())
    assert found[int(place[1, 1])] == Range(0, 23)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_the_attack_finds_what_going_through_every_table_finds(data):
    inner = np.array(
        data.draw(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=2))
    )
    counts, place = table_of(inner)
    hidden = data.draw(
        st.lists(st.sampled_from(place[1:, 1:].ravel().tolist()), min_size=1, max_size=4, unique=True)
    )
    assert ranges(counts, hidden) == by_trying_all(counts, hidden, 12)


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.one_of(st.integers(0, 8), st.integers(0, 60)), min_size=width, max_size=width),
            min_size=2,
            max_size=6,
        )
    )
)
@settings(max_examples=120, deadline=None)
def test_no_small_count_of_any_table_can_be_told_from_a_large_one(rows):
    counts, place = table_of(np.array(rows))
    needs = small(counts)
    found = protect(counts, needs, plan_for(counts, place))
    assert not found.unprotected or counts.values.sum() == 0 or counts.values[place[0, 0]] < THRESHOLD
    seen = ranges(counts, found.hidden, needs.keys() - set(found.unprotected))
    for cell, known in seen.items():
        assert known.covers(1, THRESHOLD), (rows, cell, known)


def test_nothing_is_withheld_where_nothing_is_small():
    counts, place = table_of(np.array([[30, 20], [30, 40]]))
    assert protect(counts, small(counts), plan_for(counts, place)).hidden == {}


def test_margins_are_the_last_to_be_withheld():
    counts, place = table_of(np.array([[3, 20, 9], [30, 40, 12], [8, 7, 70]]))
    found = protect(counts, small(counts), plan_for(counts, place))
    assert len(found.hidden) == 4 and not set(found.hidden) & {*place[0].tolist(), *place[:, 0].tolist()}


def test_what_cannot_be_protected_is_said():
    counts, place = table_of(np.array([[3, 20], [30, 40]]))
    plan = plan_for(counts, place)
    only = int(place[1, 1])
    fixed = np.full(len(counts.values), np.inf)
    fixed[only] = 1
    found = protect(counts, {only: Need(1, THRESHOLD)}, Plan(fixed, plan.together, plan.near))
    assert found.unprotected == [only]


@pytest.mark.parametrize("slack", [0, 2, 10])
def test_a_rounded_total_leaves_as_much_room_as_it_was_rounded_by(slack):
    values = np.array([3, 20, 23])
    relation = Relation(((0, 1), (1, 1), (2, -1)), 0, slack)
    assert ranges(Counts(values, (relation,)), [0])[0] == Range(max(0, 3 - slack), 3 + slack)
