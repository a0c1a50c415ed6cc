"""An adjudicator's decision: for each crime the one judgement, the other, or an answer of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from opencdi.review.adjudication.pairing import Pair, differences
from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import MOST_CRIMES, Answers, CrimeAnswer

Choice = Literal["", "a", "b", "own"]


class Decision(BaseModel):
    """``choices`` and ``own`` stand beside the pairs, in their order; ``added`` has what neither found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    choices: tuple[Choice, ...] = ()
    own: tuple[CrimeAnswer | None, ...] = ()
    added: tuple[CrimeAnswer, ...] = Field((), max_length=MOST_CRIMES)
    reason: str = ""

    def fitted(self, count: int) -> Decision:
        """With a place for each pair."""
        return self.model_copy(
            update={
                "choices": (*self.choices, *[""] * count)[:count],
                "own": (*self.own, *[None] * count)[:count],
            }
        )

    def with_own(self, place: int, crime: CrimeAnswer) -> Decision:
        """With an own answer for the pair at ``place``, or, past the pairs, for a crime neither found."""
        count = len(self.own)
        if place < count:
            own = (*self.own[:place], crime, *self.own[place + 1 :])
            return self.model_copy(update={"own": own})
        at = place - count
        return self.model_copy(update={"added": (*self.added[:at], crime, *self.added[at + 1 :])})

    def own_at(self, place: int) -> CrimeAnswer | None:
        count = len(self.own)
        if place < count:
            return self.own[place]
        at = place - count
        return self.added[at] if at < len(self.added) else None


def undecided(decision: Decision, pairs: Sequence[Pair], facts: Facts) -> list[int]:
    """Places of the pairs that differ and have no choice yet."""
    return [
        place
        for place, (pair, choice) in enumerate(zip(pairs, decision.choices, strict=True))
        if differences(pair, facts) and not choice
    ]


def decided_answers(decision: Decision, pairs: Sequence[Pair]) -> Answers:
    """What the decision comes to. A pair on which both agree stands as the first has it."""
    chosen = [
        _chosen(pair, choice, own)
        for pair, choice, own in zip(pairs, decision.choices, decision.own, strict=True)
    ]
    crimes = (*(each for each in chosen if each is not None), *decision.added)
    return Answers(crimes=crimes, nothing_required=not crimes)


def _chosen(pair: Pair, choice: Choice, own: CrimeAnswer | None) -> CrimeAnswer | None:
    if choice == "own":
        return own
    return pair.second if choice == "b" else pair.first if choice == "a" else pair.either
