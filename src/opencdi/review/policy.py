"""Who may do what: role, action, state of the case, part in the case, side. What is not granted is refused.

``GRANTS`` is the whole policy. Nothing else in the application decides about access; a page asks ``allowed``.
What a reader may do hangs on their own part alone and never on the state of the case before it is settled,
since a page that closes because somebody else has finished would tell them so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from opencdi.review.audits.states import State


class Role(StrEnum):
    AUDITOR = "auditor"
    ADJUDICATOR = "adjudicator"
    REGISTRAR = "registrar"
    FORCE_LEAD = "force_lead"
    INSPECTOR = "inspector"
    PANEL_MEMBER = "panel_member"
    STATISTICIAN = "statistician"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION = "data_protection"


class Part(StrEnum):
    """What somebody has to do with one case."""

    NONE = "none"
    READING = "reading"
    """Is to judge it, and has not submitted."""
    SUBMITTED = "submitted"
    """Has submitted a judgement and may still correct it."""
    SIGNED = "signed"
    """Has signed the judgement; it cannot be changed."""
    HANDED_BACK = "handed_back"
    """Was to judge it and gave it back, without having to say why."""
    ADJUDICATING = "adjudicating"
    ADJUDICATED = "adjudicated"
    ON_PANEL = "on_panel"
    """Sits on the scrutiny panel, has declared no conflict, and the redaction is confirmed."""
    INTERESTED = "interested"
    """Has declared an interest in it, or the application knows of one."""


class Side(StrEnum):
    """Whether the audited force is the person's own."""

    OWN_FORCE = "own_force"
    ANOTHER_FORCE = "another_force"
    NO_FORCE = "no_force"


class Action(StrEnum):
    SEE_OWN_QUEUE = "see_own_queue"
    READ_CASE = "read_case"
    JUDGE_CASE = "judge_case"
    CORRECT_JUDGEMENT = "correct_judgement"
    HAND_BACK_CASE = "hand_back_case"
    SIGN_OFF = "sign_off"
    SEE_OWN_JUDGEMENT = "see_own_judgement"
    SEE_REVEAL = "see_reveal"
    SEE_DIFFERING_CASES = "see_differing_cases"
    READ_DIFFERING_CASE = "read_differing_case"
    ADJUDICATE = "adjudicate"
    SEE_PROGRESS = "see_progress"
    SEE_READERS = "see_readers"
    ASSIGN_READERS = "assign_readers"
    GRANT_ROLES = "grant_roles"
    CONFIRM_ROLES = "confirm_roles"
    SEE_EVENTS = "see_events"
    SEE_ANSWERS = "see_answers"
    READ_ADVERSE_VERDICT = "read_adverse_verdict"
    ASK_FOR_ANSWERS = "ask_for_answers"
    ANSWER_VERDICT = "answer_verdict"
    DECIDE_DISPUTE = "decide_dispute"
    CORRECT_RECORD = "correct_record"
    SEE_ACTIONS = "see_actions"
    READ_ACTIONS = "read_actions"
    RECOMMEND = "recommend"
    WORK_ON_ACTION = "work_on_action"
    CHECK_ACTION = "check_action"
    EXPLAIN_FIGURES = "explain_figures"
    SEE_PANELS = "see_panels"
    RUN_PANEL = "run_panel"
    SIT_ON_PANEL = "sit_on_panel"
    USE_DESK = "use_desk"
    DECIDE_LEAD = "decide_lead"
    GIVE_ADVICE = "give_advice"


@dataclass(frozen=True)
class Standing:
    """Where somebody stands towards one case. For a page that is about no case, all is None."""

    state: State | None = None
    part: Part | None = None
    side: Side | None = None


@dataclass(frozen=True)
class Grant:
    """One line of the policy. An empty collection means: whichever it is."""

    role: Role
    action: Action
    states: frozenset[State] = frozenset()
    parts: frozenset[Part] = frozenset()
    sides: frozenset[Side] = frozenset()

    def covers(self, standing: Standing) -> bool:
        return (
            (not self.states or standing.state in self.states)
            and (not self.parts or standing.part in self.parts)
            and (not self.sides or standing.side in self.sides)
        )


def _grant(
    role: Role,
    action: Action,
    states: Collection[State] = (),
    parts: Collection[Part] = (),
    sides: Collection[Side] = (),
) -> Grant:
    return Grant(role, action, frozenset(states), frozenset(parts), frozenset(sides))


_ABOUT_NO_CASE = frozenset(
    {
        Action.SEE_OWN_QUEUE,
        Action.SIGN_OFF,
        Action.SEE_DIFFERING_CASES,
        Action.SEE_PROGRESS,
        Action.SEE_READERS,
        Action.GRANT_ROLES,
        Action.CONFIRM_ROLES,
        Action.SEE_EVENTS,
        Action.SEE_ANSWERS,
        Action.SEE_ACTIONS,
        Action.SEE_PANELS,
        Action.USE_DESK,
    }
)

_THE_FORCE = [Side.OWN_FORCE]
_NOT_THE_FORCE = [Side.ANOTHER_FORCE, Side.NO_FORCE]


GRANTS: tuple[Grant, ...] = (
    _grant(Role.AUDITOR, Action.SEE_OWN_QUEUE),
    _grant(Role.AUDITOR, Action.READ_CASE, parts=[Part.READING, Part.SUBMITTED]),
    _grant(Role.AUDITOR, Action.JUDGE_CASE, parts=[Part.READING]),
    _grant(Role.AUDITOR, Action.CORRECT_JUDGEMENT, parts=[Part.SUBMITTED]),
    _grant(Role.AUDITOR, Action.HAND_BACK_CASE, parts=[Part.READING]),
    _grant(Role.AUDITOR, Action.SIGN_OFF),
    _grant(Role.AUDITOR, Action.SEE_OWN_JUDGEMENT, parts=[Part.SUBMITTED, Part.SIGNED]),
    _grant(Role.AUDITOR, Action.SEE_REVEAL, states=[State.SETTLED], parts=[Part.SIGNED]),
    _grant(Role.ADJUDICATOR, Action.SEE_DIFFERING_CASES),
    _grant(
        Role.ADJUDICATOR,
        Action.READ_DIFFERING_CASE,
        states=[State.DIFFERING],
        parts=[Part.ADJUDICATING],
    ),
    _grant(Role.ADJUDICATOR, Action.ADJUDICATE, states=[State.DIFFERING], parts=[Part.ADJUDICATING]),
    _grant(Role.ADJUDICATOR, Action.SEE_REVEAL, states=[State.SETTLED], parts=[Part.ADJUDICATED]),
    _grant(Role.INSPECTOR, Action.SEE_PROGRESS),
    _grant(Role.INSPECTOR, Action.SEE_EVENTS),
    _grant(Role.ADMINISTRATOR, Action.SEE_PROGRESS),
    _grant(Role.ADMINISTRATOR, Action.SEE_READERS),
    _grant(Role.ADMINISTRATOR, Action.ASSIGN_READERS, parts=[Part.NONE]),
    _grant(Role.ADMINISTRATOR, Action.GRANT_ROLES),
    _grant(Role.ADMINISTRATOR, Action.CONFIRM_ROLES),
    _grant(Role.REGISTRAR, Action.SEE_EVENTS),
    _grant(Role.DATA_PROTECTION, Action.SEE_EVENTS),
    # The force's answers.
    _grant(Role.FORCE_LEAD, Action.SEE_ANSWERS),
    _grant(Role.REGISTRAR, Action.SEE_ANSWERS),
    _grant(Role.INSPECTOR, Action.SEE_ANSWERS),
    _grant(Role.FORCE_LEAD, Action.READ_ADVERSE_VERDICT, sides=_THE_FORCE),
    _grant(Role.REGISTRAR, Action.READ_ADVERSE_VERDICT, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.READ_ADVERSE_VERDICT, sides=_NOT_THE_FORCE),
    _grant(Role.INSPECTOR, Action.ASK_FOR_ANSWERS, sides=_NOT_THE_FORCE),
    _grant(Role.FORCE_LEAD, Action.ANSWER_VERDICT, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.DECIDE_DISPUTE, sides=_NOT_THE_FORCE),
    _grant(Role.REGISTRAR, Action.CORRECT_RECORD, sides=_THE_FORCE),
    # Causes, actions, explanation.
    _grant(Role.FORCE_LEAD, Action.SEE_ACTIONS),
    _grant(Role.REGISTRAR, Action.SEE_ACTIONS),
    _grant(Role.INSPECTOR, Action.SEE_ACTIONS),
    _grant(Role.FORCE_LEAD, Action.READ_ACTIONS, sides=_THE_FORCE),
    _grant(Role.REGISTRAR, Action.READ_ACTIONS, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.READ_ACTIONS, sides=_NOT_THE_FORCE),
    _grant(Role.REGISTRAR, Action.RECOMMEND, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.RECOMMEND, sides=_NOT_THE_FORCE),
    _grant(Role.FORCE_LEAD, Action.WORK_ON_ACTION, sides=_THE_FORCE),
    _grant(Role.REGISTRAR, Action.CHECK_ACTION, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.CHECK_ACTION, sides=_NOT_THE_FORCE),
    _grant(Role.FORCE_LEAD, Action.EXPLAIN_FIGURES, sides=_THE_FORCE),
    # Scrutiny panels.
    _grant(Role.PANEL_MEMBER, Action.SEE_PANELS),
    _grant(Role.REGISTRAR, Action.SEE_PANELS),
    _grant(Role.INSPECTOR, Action.SEE_PANELS),
    _grant(Role.REGISTRAR, Action.RUN_PANEL, sides=_THE_FORCE),
    _grant(Role.INSPECTOR, Action.RUN_PANEL, sides=_NOT_THE_FORCE),
    _grant(Role.PANEL_MEMBER, Action.SIT_ON_PANEL, parts=[Part.ON_PANEL]),
    # The registrar's desk.
    _grant(Role.REGISTRAR, Action.USE_DESK),
    _grant(Role.REGISTRAR, Action.DECIDE_LEAD, sides=_THE_FORCE),
    _grant(Role.REGISTRAR, Action.GIVE_ADVICE, sides=_THE_FORCE),
)

KEPT_APART: frozenset[Role] = frozenset(
    {Role.REGISTRAR, Role.FORCE_LEAD, Role.INSPECTOR, Role.PANEL_MEMBER, Role.ADMINISTRATOR}
)
"""Roles that nobody holds who is an auditor: they show verdicts, progress or what a machine found."""


def allowed(roles: Collection[Role], action: Action, standing: Standing = Standing()) -> bool:
    """May somebody in these roles do this, where they stand so towards the case?"""
    return any(grant.role in roles and grant.action == action and grant.covers(standing) for grant in GRANTS)


def is_about_a_case(action: Action) -> bool:
    return action not in _ABOUT_NO_CASE


def in_words() -> Iterator[tuple[str, str, str]]:
    """The policy as rows for the documents: role, action, condition."""
    for grant in GRANTS:
        conditions = [
            f"the case is {_listed(grant.states)}" if grant.states else "",
            f"their part in it: {_listed(grant.parts)}" if grant.parts else "",
            f"the force is {_listed(grant.sides)}" if grant.sides else "",
        ]
        yield (
            _plain(grant.role),
            _plain(grant.action),
            "; ".join(each for each in conditions if each) or "always",
        )


def _listed(values: Collection[StrEnum]) -> str:
    return " or ".join(sorted(_plain(each) for each in values))


def _plain(value: StrEnum) -> str:
    return value.value.replace("_", " ")
