"""What becomes of an adverse verdict, from answer to correction. What is not listed here cannot be.

As with ``audits.states``: the table is the document, what services obey, and what the property test walks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    CHANGED = "changed"
    CORRECTED = "corrected"


MEANING = {
    Standing.AWAITING: "The force has not answered. After the deadline the verdict stands unanswered.",
    Standing.ACCEPTED: "The force accepts the verdict.",
    Standing.DISPUTED: "The force disputes it; the inspectorate's reviewer is to decide.",
    Standing.UPHELD: "The reviewer decided that the verdict stands.",
    Standing.CHANGED: "The reviewer decided otherwise; the new verdict stands.",
    Standing.CORRECTED: "The registrar has put the record right. It is closed.",
}


class Step(StrEnum):
    OPENED = "opened"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    CHANGED = "changed"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Way:
    """One way from a standing to the next. ``source`` is None where it begins."""

    step: Step
    source: Standing | None
    target: Standing
    when: str


_BEFORE_THE_DEADLINE = "before the deadline"

WAYS: tuple[Way, ...] = (
    Way(Step.OPENED, None, Standing.AWAITING, "The inspector asks the force for its answers."),
    Way(Step.ACCEPTED, Standing.AWAITING, Standing.ACCEPTED, f"The force accepts, {_BEFORE_THE_DEADLINE}."),
    Way(
        Step.DISPUTED,
        Standing.AWAITING,
        Standing.DISPUTED,
        f"The force disputes, with its reason, {_BEFORE_THE_DEADLINE}.",
    ),
    Way(
        Step.DISPUTED,
        Standing.ACCEPTED,
        Standing.DISPUTED,
        f"The force disputes after all, {_BEFORE_THE_DEADLINE}; what it said before is kept.",
    ),
    Way(
        Step.DISPUTED,
        Standing.DISPUTED,
        Standing.DISPUTED,
        f"The force adds to its dispute, {_BEFORE_THE_DEADLINE}; nothing is replaced.",
    ),
    Way(
        Step.ACCEPTED,
        Standing.DISPUTED,
        Standing.ACCEPTED,
        f"The force withdraws its dispute, {_BEFORE_THE_DEADLINE}; what it said before is kept.",
    ),
    Way(Step.UPHELD, Standing.DISPUTED, Standing.UPHELD, "The reviewer lets the verdict stand."),
    Way(Step.CHANGED, Standing.DISPUTED, Standing.CHANGED, "The reviewer decides on another verdict."),
    *(
        Way(Step.CORRECTED, source, Standing.CORRECTED, "The registrar enters what was put right, and when.")
        for source in (Standing.AWAITING, Standing.ACCEPTED, Standing.UPHELD, Standing.CHANGED)
    ),
)

BY_THE_FORCE = frozenset({Step.ACCEPTED, Step.DISPUTED})


class WayNotOpenError(Exception):
    """The verdict is not where this can be done: somebody did something first, or the form is old."""


def after(standing: Standing | None, step: Step) -> Standing:
    """The standing that follows. Raises ``WayNotOpenError`` where the table has no such way."""
    for way in WAYS:
        if way.source == standing and way.step == step:
            return way.target
    raise WayNotOpenError(f"A verdict that is {standing or 'new'} cannot be {step}.")


def steps_from(standing: Standing) -> frozenset[Step]:
    return frozenset(way.step for way in WAYS if way.source == standing)
