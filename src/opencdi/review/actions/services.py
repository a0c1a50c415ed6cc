"""Recommendations that become actions: who owns them, by when, what shows that they are done, who agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from opencdi.errors import UserError
from opencdi.review.actions.models import Action, ActionStep, Explanation
from opencdi.review.actions.states import ActionState, Move, WayNotOpenError, after
from opencdi.review.audits.models import Audit
from opencdi.review.events.chain import digest, record, writing
from opencdi.review.events.kinds import Kind
from opencdi.review.files.storing import store
from opencdi.review.judging.services import NotYoursError, StaleFormError
from opencdi.review.people.models import Person


def recommend(audit: Audit, what: str, by: Person, cause: str = "", from_panel: bool = False) -> Action:
    """Make a recommendation to the audited force."""
    with writing():
        action = Action(audit=audit, cause=cause, from_panel=from_panel, made_by=by)
        action.what = what
        action.save()
        record(
            Kind.RECOMMENDED,
            by,
            audit=audit.key,
            action=action.key,
            cause=cause,
            what=digest(action.key, what),
        )
    return action


def take_on(person: Person, key: UUID, version: int, owner: str, due_on: date) -> None:
    """Name the office that owns it and the day by which it is done. Raises ``UserError`` for a day past."""
    if due_on < timezone.localdate():
        raise UserError(f"{due_on:%-d %B %Y} is past. Give a day that is still to come.")
    with writing():
        action = _moved(key, version, Move.TAKEN_ON)
        _step(action, Move.TAKEN_ON, person, owner=owner, due_on=due_on)


def add_evidence(
    person: Person, key: UUID, version: int, words: str, files: Sequence[UploadedFile[bytes]] = ()
) -> None:
    with writing():
        action = _moved(key, version, Move.EVIDENCE_ADDED)
        _step(action, Move.EVIDENCE_ADDED, person, words=words, files=files)


def say_done(person: Person, key: UUID, version: int) -> None:
    """Raises ``UserError`` where there is no evidence yet."""
    with writing():
        if not ActionStep.objects.filter(action__key=key, move=Move.EVIDENCE_ADDED).exists():
            raise UserError("Nothing shows yet that this is done. Add evidence first.")
        action = _moved(key, version, Move.SAID_DONE)
        _step(action, Move.SAID_DONE, person)


def close(person: Person, key: UUID, version: int, words: str) -> None:
    """Raises ``UserError`` for whoever said that it is done: somebody else closes it."""
    with writing():
        if person in people_of(key):
            raise UserError("You worked on this action. Somebody else has to check it and close it.")
        action = _moved(key, version, Move.CLOSED)
        _step(action, Move.CLOSED, person, words=words)


def send_back(person: Person, key: UUID, version: int, words: str) -> None:
    with writing():
        action = _moved(key, version, Move.SENT_BACK)
        _step(action, Move.SENT_BACK, person, words=words)


def reopen(person: Person, key: UUID, version: int, words: str) -> None:
    with writing():
        action = _moved(key, version, Move.REOPENED)
        _step(action, Move.REOPENED, person, words=words)


def people_of(key: UUID) -> set[Person]:
    """Who took the action on, gave evidence for it or said that it is done."""
    worked = (Move.TAKEN_ON, Move.EVIDENCE_ADDED, Move.SAID_DONE)
    return {
        step.person
        for step in ActionStep.objects.filter(action__key=key, move__in=worked).select_related("person")
    }


def explain(audit: Audit, words: str, by: Person) -> None:
    """The force's written explanation; an earlier one is kept."""
    with writing():
        explanation = Explanation.objects.create(audit=audit, words=words, person=by)
        record(
            Kind.EXPLANATION_GIVEN,
            by,
            audit=audit.key,
            explanation=explanation.key,
            words=digest(explanation.key, words),
        )


def action_of(key: UUID) -> Action:
    """Raises ``NotYoursError`` where there is none."""
    found = Action.objects.filter(key=key).select_related("audit").first()
    if found is None:
        raise NotYoursError
    return found


def _moved(key: UUID, version: int, move: Move) -> Action:
    action = action_of(key)
    if action.version != version:
        raise StaleFormError
    try:
        action.state = after(ActionState(action.state), move)
    except WayNotOpenError:
        raise StaleFormError from None
    action.version += 1
    action.save(update_fields=["state", "version"])
    return action


def _step(
    action: Action,
    move: Move,
    person: Person,
    *,
    owner: str = "",
    due_on: date | None = None,
    words: str = "",
    files: Sequence[UploadedFile[bytes]] = (),
) -> None:
    step = ActionStep(action=action, move=move, person=person, owner=owner, due_on=due_on)
    step.words = words
    step.save()
    stored = [store(file, person) for file in files]
    step.files.set(stored)
    record(
        Kind.ACTION_STEPPED,
        person,
        action=action.key,
        move=move.value,
        state=action.state,
        owner=digest(step.key, owner),
        due_on=due_on.isoformat() if due_on else None,
        words=digest(step.key, words),
        files=[file.sha256 for file in stored],
    )
