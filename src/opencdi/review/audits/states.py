"""The states of a case and every way from one to another. What is not listed here cannot happen.

The table is the document (``docs/review.md`` is written from it), what services obey, and what the property
test walks through.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    READING = "reading"
    REREADING = "rereading"
    DIFFERING = "differing"
    SETTLED = "settled"


MEANING = {
    State.READING: "Two auditors read it, neither knowing anything of the other.",
    State.REREADING: "Both agree; a third reading, drawn in advance, is outstanding.",
    State.DIFFERING: "Two judgements differ; an adjudicator is to decide.",
    State.SETTLED: "A verdict stands.",
}


class Move(StrEnum):
    LOADED = "loaded"
    SIGNED = "signed"
    AGREED = "agreed"
    AGREED_TO_BE_REREAD = "agreed_to_be_reread"
    DIFFERED = "differed"
    REREAD_ALIKE = "reread_alike"
    REREAD_DIFFERED = "reread_differed"
    ADJUDICATED = "adjudicated"


@dataclass(frozen=True)
class Transition:
    """One way from a state to the next. ``source`` is None where a case begins."""

    move: Move
    source: State | None
    target: State
    when: str


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Move.LOADED, None, State.READING, "The sample is loaded."),
    Transition(
        Move.SIGNED, State.READING, State.READING, "A reader signs, and not both blind judgements are in."
    ),
    Transition(
        Move.AGREED,
        State.READING,
        State.SETTLED,
        "The second blind judgement is signed, both say the same of every crime, and no third reading was "
        "drawn (or it is in and says the same).",
    ),
    Transition(
        Move.AGREED_TO_BE_REREAD,
        State.READING,
        State.REREADING,
        "The second blind judgement is signed, both say the same, and a third reading was drawn and is "
        "not in.",
    ),
    Transition(
        Move.DIFFERED,
        State.READING,
        State.DIFFERING,
        "The second blind judgement is signed and they differ on a crime (or a third reading that is in "
        "differs from both).",
    ),
    Transition(
        Move.REREAD_ALIKE, State.REREADING, State.SETTLED, "The third reading is signed and says the same."
    ),
    Transition(
        Move.REREAD_DIFFERED, State.REREADING, State.DIFFERING, "The third reading is signed and differs."
    ),
    Transition(
        Move.ADJUDICATED, State.DIFFERING, State.SETTLED, "The adjudicator decides and gives the reason."
    ),
)


class MoveNotPossibleError(Exception):
    """A service tried what the table does not hold: a fault of ours, or a race that was lost."""


def after(state: State | None, move: Move) -> State:
    """The state that follows. Raises ``MoveNotPossibleError`` where the table has no such way."""
    for transition in TRANSITIONS:
        if transition.source == state and transition.move == move:
            return transition.target
    raise MoveNotPossibleError(f"A case that is {state or 'new'} cannot be {move}.")
