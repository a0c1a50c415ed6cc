"""The policy, over every role, action, state, part and side."""

from __future__ import annotations

from itertools import product

import pytest

from opencdi.review.audits.states import State
from opencdi.review.policy import (
    GRANTS,
    Action,
    Part,
    Role,
    Side,
    Standing,
    allowed,
    in_words,
    is_about_a_case,
)

STATES = (None, *State)
PARTS = (None, *Part)
SIDES = (None, *Side)

A, Q = Action, Part

EXPECTED: dict[tuple[Role, Action], tuple[set[State | None], set[Part | None]]] = {
    (Role.AUDITOR, A.READ_CASE): (set(STATES), {Q.READING, Q.SUBMITTED}),
    (Role.AUDITOR, A.JUDGE_CASE): (set(STATES), {Q.READING}),
    (Role.AUDITOR, A.CORRECT_JUDGEMENT): (set(STATES), {Q.SUBMITTED}),
    (Role.AUDITOR, A.HAND_BACK_CASE): (set(STATES), {Q.READING}),
    (Role.AUDITOR, A.SEE_OWN_JUDGEMENT): (set(STATES), {Q.SUBMITTED, Q.SIGNED}),
    (Role.AUDITOR, A.SEE_REVEAL): ({State.SETTLED}, {Q.SIGNED}),
    (Role.ADJUDICATOR, A.READ_DIFFERING_CASE): ({State.DIFFERING}, {Q.ADJUDICATING}),
    (Role.ADJUDICATOR, A.ADJUDICATE): ({State.DIFFERING}, {Q.ADJUDICATING}),
    (Role.ADJUDICATOR, A.SEE_REVEAL): ({State.SETTLED}, {Q.ADJUDICATED}),
}
"""What judging and adjudicating allow, written down a second time; other actions have their own tests."""

JUDGING = frozenset(action for _, action in EXPECTED)


def every_standing() -> list[Standing]:
    return [Standing(*each) for each in product(STATES, PARTS, SIDES)]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", sorted(JUDGING))
def test_who_may_do_what_with_a_case_and_when(role: Role, action: Action) -> None:
    states, parts = EXPECTED.get((role, action), (set(), set()))
    for standing in every_standing():
        expected = standing.state in states and standing.part in parts
        assert allowed({role}, action, standing) == expected, standing


@pytest.mark.parametrize("action", sorted(JUDGING))
@pytest.mark.parametrize("part", [None, Part.NONE, Part.INTERESTED, Part.HANDED_BACK])
def test_who_has_no_part_in_a_case_may_do_nothing_with_it_whatever_their_roles(
    action: Action, part: Part | None
) -> None:
    for state, side in product(STATES, SIDES):
        assert not allowed(set(Role), action, Standing(state, part, side))


@pytest.mark.parametrize("action", sorted(JUDGING - {Action.SEE_REVEAL}))
@pytest.mark.parametrize("part", Part)
def test_what_a_reader_may_do_before_a_verdict_stands_does_not_show_the_state_of_the_case(
    action: Action, part: Part
) -> None:
    answers = {allowed({Role.AUDITOR}, action, Standing(state, part)) for state in State}
    assert len(answers) == 1


def test_nobody_without_a_role_may_do_anything() -> None:
    for action, standing in product(Action, every_standing()):
        assert not allowed(set(), action, standing)


@pytest.mark.parametrize("action", sorted(JUDGING))
def test_an_administrator_sees_no_case(action: Action) -> None:
    assert not any(allowed({Role.ADMINISTRATOR}, action, standing) for standing in every_standing())


def test_every_action_is_granted_to_somebody_and_said_in_words() -> None:
    assert {grant.action for grant in GRANTS} == set(Action)
    assert len(list(in_words())) == len(GRANTS)


def test_a_grant_on_a_case_names_the_part_somebody_must_have() -> None:
    for grant in GRANTS:
        if grant.action in JUDGING:
            assert is_about_a_case(grant.action) and grant.parts
