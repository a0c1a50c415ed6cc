"""Every screen of the room, as data: who sees it, at which address, and what is done on it first.

A new page joins the accessibility checks, the crawl's positive side and the pictures by one line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from tests.review import aftermath
from tests.review.aftermath import Aftermath
from tests.review.room_process import SEND_EMPTY
from tests.review.world import (
    DECIDED,
    DIFFERING,
    DRAFT,
    HALF_DECIDED,
    OWN_ANSWER,
    SETTLED,
    SUBMITTED,
    UNREAD,
    World,
)

from opencdi.review.accounts.invitations import invitation_path
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

Address = Callable[[World], str]


@dataclass(frozen=True)
class Screen:
    """``who`` is a role, or None for somebody who is not signed in."""

    name: str
    who: Role | None
    address: Address
    first: str = ""
    status: int = 200


def _at(route: str, **named: object) -> Address:
    return lambda world: reverse(route, kwargs=named)


def _reading(route: str, case: int, **named: object) -> Address:
    return lambda world: reverse(route, kwargs={"key": world.readings[case], **named})


def _dispute(route: str, case: int, **named: object) -> Address:
    return lambda world: reverse(route, kwargs={"key": world.disputes[case], **named})


def _invitation(world: World) -> str:
    return invitation_path(Person.objects.get(pk=world.people[Role.STATISTICIAN].pk))


def _reassign(world: World) -> str:
    return reverse("reassign", kwargs={"key": world.audit.key, "reader": world.people[Role.AUDITOR].key})


def _after(route: str, key: Callable[[Aftermath], UUID]) -> Address:
    return lambda world: reverse(route, kwargs={"key": key(world.after)})


def _verdict(route: str, standing: int) -> Address:
    return _after(route, lambda after: after.verdicts[standing])


def _action(route: str, state: int, **named: object) -> Address:
    return lambda world: reverse(route, kwargs={"key": world.after.actions[state], **named})


def _not_asked(after: Aftermath) -> UUID:
    return after.not_asked


AUDITOR, ADJUDICATOR = Role.AUDITOR, Role.ADJUDICATOR

SCREENS: tuple[Screen, ...] = (
    # Without an account.
    Screen("sign-in", None, _at("account_login")),
    Screen("sign-in-errors", None, _at("account_login"), SEND_EMPTY),
    Screen("forgotten-password", None, _at("account_reset_password")),
    Screen("forgotten-password-sent", None, _at("account_reset_password_done")),
    Screen("session-ended", None, lambda world: reverse("session_ended") + "?next=/reading/&kept=yes"),
    Screen("invitation", None, _invitation),
    Screen("invitation-errors", None, _invitation, SEND_EMPTY),
    Screen("invitation-expired", None, _at("invitation", token="old"), status=410),
    Screen("help", None, _at("help")),
    Screen("accessibility", None, _at("accessibility")),
    Screen("privacy", None, _at("privacy")),
    # Anybody's own account.
    Screen("account", AUDITOR, _at("account")),
    Screen("second-factor", AUDITOR, _at("mfa_index")),
    Screen("security-keys", AUDITOR, _at("mfa_list_webauthn")),
    Screen("password-change", AUDITOR, _at("account_change_password")),
    Screen("password-change-errors", AUDITOR, _at("account_change_password"), SEND_EMPTY),
    Screen("confirm-identity", AUDITOR, _at("mfa_reauthenticate")),
    Screen("sessions", AUDITOR, _at("usersessions_list")),
    Screen("not-found", AUDITOR, lambda world: "/nothing/", status=404),
    Screen("refused", AUDITOR, _at("differing"), status=403),
    # My work, for each role.
    *(Screen(f"work-{role.value.replace('_', '-')}", role, _at("home")) for role in Role),
    # Judging.
    Screen("queue", AUDITOR, _at("queue")),
    Screen("break", AUDITOR, _at("take_a_break")),
    Screen("content-warning", AUDITOR, _reading("content_warning", UNREAD)),
    Screen("judge", AUDITOR, _reading("judge_crime", UNREAD, number=1)),
    Screen("judge-errors", AUDITOR, _reading("judge_crime", UNREAD, number=1), SEND_EMPTY),
    Screen("judge-draft", AUDITOR, _reading("judge_crime", DRAFT, number=1)),
    Screen("judge-another", AUDITOR, _reading("judge_crime", DRAFT, number=2)),
    Screen("check", AUDITOR, _reading("check_case", DRAFT)),
    Screen("hand-back", AUDITOR, _reading("hand_back", UNREAD)),
    Screen("submitted", AUDITOR, _reading("submitted", SUBMITTED)),
    Screen("sign-off", AUDITOR, _at("sign_off")),
    Screen("revealed", AUDITOR, _at("revealed")),
    Screen("reveal-agreed", AUDITOR, _reading("reveal_case", SETTLED)),
    Screen("reveal-decided", AUDITOR, _reading("reveal_case", DECIDED)),
    # Deciding.
    Screen("differing", ADJUDICATOR, _at("differing")),
    Screen("decide", ADJUDICATOR, _dispute("decide", DIFFERING)),
    Screen("decide-errors", ADJUDICATOR, _dispute("decide", DIFFERING), SEND_EMPTY),
    Screen("decide-own-answer", ADJUDICATOR, _dispute("decide_crime", OWN_ANSWER, place=1)),
    Screen("decide-check", ADJUDICATOR, _dispute("check_decision", HALF_DECIDED)),
    Screen("decided", ADJUDICATOR, _dispute("decided", DECIDED)),
    # Readers.
    Screen("readers", Role.ADMINISTRATOR, _at("readers")),
    Screen(
        "audit-readers",
        Role.ADMINISTRATOR,
        lambda world: reverse("audit_readers", kwargs={"key": world.audit.key}),
    ),
    Screen("reassign", Role.ADMINISTRATOR, _reassign),
    Screen("reassign-errors", Role.ADMINISTRATOR, _reassign, SEND_EMPTY),
    # The force's answers.
    Screen("answers", Role.FORCE_LEAD, _at("answers")),
    Screen("audit-answers", Role.INSPECTOR, _after("audit_answers", lambda after: after.audit)),
    Screen("ask-for-answers", Role.INSPECTOR, _after("ask_for_answers", lambda after: after.not_asked)),
    Screen("ask-for-answers-errors", Role.INSPECTOR, _after("ask_for_answers", _not_asked), SEND_EMPTY),
    Screen("adverse-verdict", Role.INSPECTOR, _verdict("adverse_verdict", aftermath.DISPUTED)),
    Screen("answer-verdict", Role.FORCE_LEAD, _verdict("answer_verdict", aftermath.AWAITING)),
    Screen(
        "answer-verdict-errors", Role.FORCE_LEAD, _verdict("answer_verdict", aftermath.AWAITING), SEND_EMPTY
    ),
    Screen("decide-dispute", Role.INSPECTOR, _verdict("decide_dispute", aftermath.DISPUTED)),
    Screen(
        "decide-dispute-errors", Role.INSPECTOR, _verdict("decide_dispute", aftermath.DISPUTED), SEND_EMPTY
    ),
    Screen("correct-record", Role.REGISTRAR, _verdict("correct_record", aftermath.UPHELD)),
    Screen("correct-record-errors", Role.REGISTRAR, _verdict("correct_record", aftermath.UPHELD), SEND_EMPTY),
    Screen("verdict-put-right", Role.REGISTRAR, _verdict("adverse_verdict", aftermath.CORRECTED)),
    # Causes and actions.
    Screen("actions", Role.FORCE_LEAD, _at("actions")),
    Screen("audit-actions", Role.INSPECTOR, _after("audit_actions", lambda after: after.audit)),
    Screen("recommend", Role.INSPECTOR, _after("recommend", lambda after: after.audit)),
    Screen("recommend-errors", Role.INSPECTOR, _after("recommend", lambda after: after.audit), SEND_EMPTY),
    Screen("explain", Role.FORCE_LEAD, _after("explain", lambda after: after.audit)),
    Screen("action", Role.INSPECTOR, _action("action", aftermath.DONE)),
    Screen("take-on", Role.FORCE_LEAD, _action("take_on", aftermath.RECOMMENDED)),
    Screen("take-on-errors", Role.FORCE_LEAD, _action("take_on", aftermath.RECOMMENDED), SEND_EMPTY),
    Screen("add-evidence", Role.FORCE_LEAD, _action("add_evidence", aftermath.OPEN)),
    Screen("check-action", Role.INSPECTOR, _action("check_action", aftermath.DONE, move="closed")),
    # Scrutiny.
    Screen("panels", Role.INSPECTOR, _at("panels")),
    Screen("call-panel", Role.INSPECTOR, _after("call_panel", _not_asked)),
    Screen("call-panel-errors", Role.INSPECTOR, _after("call_panel", _not_asked), SEND_EMPTY),
    Screen("run-panel", Role.INSPECTOR, _after("run_panel", lambda after: after.panel)),
    Screen("redact", Role.INSPECTOR, _after("redact", lambda after: after.unconfirmed_case)),
    Screen("declare", Role.PANEL_MEMBER, _after("declare", lambda after: after.undeclared_panel)),
    Screen(
        "declare-errors",
        Role.PANEL_MEMBER,
        _after("declare", lambda after: after.undeclared_panel),
        SEND_EMPTY,
    ),
    Screen("panel", Role.PANEL_MEMBER, _after("panel", lambda after: after.panel)),
    Screen("panel-case", Role.PANEL_MEMBER, _after("panel_case", lambda after: after.panel_case)),
    Screen("step-back", Role.PANEL_MEMBER, _after("declare_on_case", lambda after: after.panel_case)),
    Screen("panel-recommends", Role.PANEL_MEMBER, _after("panel_recommends", lambda after: after.panel)),
    # The registrar's desk.
    Screen("desk", Role.REGISTRAR, _at("desk")),
    Screen("lead", Role.REGISTRAR, _after("lead", lambda after: after.lead)),
    Screen("lead-errors", Role.REGISTRAR, _after("lead", lambda after: after.lead), SEND_EMPTY),
    Screen("questions", Role.REGISTRAR, _at("questions")),
    Screen("question", Role.REGISTRAR, _after("question", lambda after: after.asking)),
    Screen("advice", Role.REGISTRAR, _after("question", lambda after: after.advised)),
    Screen("training-needs", Role.REGISTRAR, _at("needs")),
    Screen("training-needs-errors", Role.REGISTRAR, _at("needs"), SEND_EMPTY),
    Screen("need-met", Role.REGISTRAR, _after("need_met", lambda after: after.need)),
)
