"""The table of a case's states."""

from __future__ import annotations

import pytest

from opencdi.review.audits.states import (
    MEANING,
    TRANSITIONS,
    Move,
    MoveNotPossibleError,
    State,
    after,
)


def test_every_state_has_a_meaning_and_can_be_reached_from_the_beginning() -> None:
    reached: set[State] = set()
    while True:
        more = {each.target for each in TRANSITIONS if each.source is None or each.source in reached}
        if more <= reached:
            break
        reached |= more
    assert reached == set(State) == set(MEANING)


def test_no_move_leads_two_ways_from_one_state() -> None:
    ways = [(each.source, each.move) for each in TRANSITIONS]
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize("move", Move)
def test_a_settled_case_does_not_move_within_judging(move: Move) -> None:
    with pytest.raises(MoveNotPossibleError):
        after(State.SETTLED, move)
