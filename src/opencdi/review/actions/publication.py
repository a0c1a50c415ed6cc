"""``review-words.toml``: what the published page of a force says in words beside its figures."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from django.utils import timezone

from opencdi.review.actions.causes import errors_by_cause
from opencdi.review.actions.models import Action
from opencdi.review.actions.states import ActionState, Move
from opencdi.review.audits.models import Audit
from opencdi.storage import write_whole

OPENING = "# Written by `opencdi review export`: the force's explanation, errors by cause, actions.\n"


def write_publication(audit: Audit, path: Path) -> None:
    """Write the explanation, the causes and the actions of an audit for ``opencdi publish``."""
    write_whole(path, "\n".join([OPENING, *_tables(audit)]) + "\n")


def owner_and_day(action: Action) -> tuple[str, date | None]:
    """The office that owns an action and the day it is due: those named last."""
    last = action.steps.filter(move=Move.TAKEN_ON).last()
    return (last.owner, last.due_on) if last else ("", None)


def state_in_words(action: Action, today: date) -> str:
    """``open``, ``late``, ``done`` or ``closed``, as the published page says it."""
    due_on = owner_and_day(action)[1]
    if action.state == ActionState.OPEN and due_on is not None and due_on < today:
        return "late"
    return {
        ActionState.RECOMMENDED: "open",
        ActionState.OPEN: "open",
        ActionState.DONE: "done",
        ActionState.CLOSED: "closed by somebody else",
    }[ActionState(action.state)]


def _tables(audit: Audit) -> list[str]:
    explanation = audit.explanations.last()
    lines = [f"explanation = {_text(explanation.words)}"] if explanation else []
    for cause in errors_by_cause(audit):
        lines += ["", "[[cause]]", f"kind = {_text(cause.words)}", f"count = {cause.count}"]
    for action in audit.actions.exclude(state=ActionState.RECOMMENDED):
        owner, due_on = owner_and_day(action)
        lines += ["", "[[action]]", f"what = {_text(action.what)}", f"owner = {_text(owner)}"]
        lines += [f"due = {due_on.isoformat()}"] if due_on else []
        lines += [f"state = {_text(state_in_words(action, timezone.localdate()))}"]
    return lines


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are all TOML's too, once DEL is escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
