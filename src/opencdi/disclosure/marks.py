"""The few tags that say how a log speaks and of whom, each as one bit of a number.

The compiled parts of the reader ask for these again and again; a set of all tags is six numbers long.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opencdi.disclosure.automaton import Automaton
from opencdi.disclosure.parties import ACTS, OWNED, RELATIONSHIPS
from opencdi.disclosure.scope import ANYONE

Limbs = NDArray[np.uint64]

_GROUPS: tuple[tuple[str, ...], ...] = (
    ("negate",),
    ("deny_after",),
    ("hypothesis",),
    ("past",),
    ("other_event",),
    ("attempt",),
    ("doubt",),
    ("question",),
    ("accident",),
    ("scope_end",),
    ("comma",),
    ("either",),
    ("will",),
    ("retract",),
    ("retract_property",),
    ("closed_no_crime",),
    ANYONE,
    ("also_victim",),
    ("victim",),
    ("suspect",),
    ("female",),
    ("male",),
    ("number_two",),
    ("number_three",),
    ("number_four",),
    *((relationship,) for relationship in RELATIONSHIPS),
    OWNED,
    ("feared",),
    ("not_yet",),
    ACTS,
    ("record_of",),
    ("found_out",),
    ("resumes",),
    ("subject",),
)
"""Each mark's tags, in the order of the names below."""

(
    NEGATE,
    DENY_AFTER,
    HYPOTHESIS,
    PAST,
    OTHER_EVENT,
    ATTEMPT,
    DOUBT,
    QUESTION,
    ACCIDENT,
    SCOPE_END,
    COMMA,
    EITHER,
    WILL,
    RETRACT,
    RETRACT_PROPERTY,
    CLOSED_NO_CRIME,
    SOMEONE,
    ALSO_VICTIM,
    VICTIM,
    SUSPECT,
    FEMALE,
    MALE,
    NUMBER_TWO,
    NUMBER_THREE,
    NUMBER_FOUR,
    STRANGER,
    PARTNER,
    FAMILY,
    ACQUAINTANCE,
    PROPERTY,
    FEARED,
    NOT_YET,
    ACT,
    RECORD_OF,
    FOUND_OUT,
    RESUMES,
    SUBJECT,
) = (1 << place for place in range(len(_GROUPS)))

CUES = (
    NEGATE
    | DENY_AFTER
    | HYPOTHESIS
    | PAST
    | OTHER_EVENT
    | ATTEMPT
    | DOUBT
    | ACCIDENT
    | QUESTION
    | WILL
    | FEARED
    | NOT_YET
    | RECORD_OF
)
"""Without any of these in its clause, an event is asserted."""

NUMBERED = NUMBER_TWO | NUMBER_THREE | NUMBER_FOUR
RELATED = PARTNER | FAMILY | ACQUAINTANCE | STRANGER


def masks_of_marks(automaton: Automaton) -> list[int]:
    """The tags of each mark as a set of tags."""
    return [automaton.mask(tags) for tags in _GROUPS]


def marks_of(masks: Limbs, marks: Limbs) -> NDArray[np.int64]:
    """The marks of each of many sets of tags, given the tags of each mark (both as rows of numbers)."""
    held = np.zeros(len(masks), np.int64)
    for place, tags in enumerate(marks):
        held |= (masks & tags).any(axis=1).astype(np.int64) << place
    return held
