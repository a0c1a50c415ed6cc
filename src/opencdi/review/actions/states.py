"""The states of an action and every way from one to another. What is not listed here cannot happen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionState(StrEnum):
    RECOMMENDED = "recommended"
    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


MEANING = {
    ActionState.RECOMMENDED: "A recommendation that nobody owns yet.",
    ActionState.OPEN: "It has an owner and a day by which it is to be done.",
    ActionState.DONE: "The owner says it is done and gave evidence; somebody else is to check.",
    ActionState.CLOSED: "Somebody other than the owner has seen that it is done.",
}


class Move(StrEnum):
    RECOMMENDED = "recommended"
    TAKEN_ON = "taken_on"
    EVIDENCE_ADDED = "evidence_added"
    SAID_DONE = "said_done"
    CLOSED = "closed"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Way:
    """One way from a state to the next. ``source`` is None where an action begins."""

    move: Move
    source: ActionState | None
    target: ActionState
    when: str


_OPEN, _DONE = ActionState.OPEN, ActionState.DONE

WAYS: tuple[Way, ...] = (
    Way(Move.RECOMMENDED, None, ActionState.RECOMMENDED, "An inspector, registrar or panel recommends."),
    Way(Move.TAKEN_ON, ActionState.RECOMMENDED, _OPEN, "The force names an owner and a day."),
    Way(Move.TAKEN_ON, _OPEN, _OPEN, "The force names another owner or day; the earlier ones are kept."),
    Way(Move.EVIDENCE_ADDED, _OPEN, _OPEN, "The force adds evidence."),
    Way(Move.EVIDENCE_ADDED, _DONE, _DONE, "The force adds evidence while it is being checked."),
    Way(Move.SAID_DONE, _OPEN, _DONE, "The force says it is done; there is evidence."),
    Way(Move.CLOSED, _DONE, ActionState.CLOSED, "Somebody who neither owns it nor said it is done agrees."),
    Way(Move.SENT_BACK, _DONE, _OPEN, "Whoever checks finds that it is not done, with the reason."),
    Way(Move.REOPENED, ActionState.CLOSED, _OPEN, "It turns out not to have held, with the reason."),
)


class WayNotOpenError(Exception):
    """The action is not in a state in which this can be done."""


def after(state: ActionState | None, move: Move) -> ActionState:
    """The state that follows. Raises ``WayNotOpenError`` where the table has no such way."""
    for way in WAYS:
        if way.source == state and way.move == move:
            return way.target
    raise WayNotOpenError(f"An action that is {state or 'new'} cannot be {move}.")


def moves_from(state: ActionState) -> frozenset[Move]:
    return frozenset(way.move for way in WAYS if way.source == state)
