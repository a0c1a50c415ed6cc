"""One final verdict for each required crime of the sample, checked before anything is estimated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from opencdi.errors import UserError

Answer = Literal["yes", "no", "unknown"]

RECORDED = frozenset({"correct", "late", "wrong_class", "paperwork"})
"""The crime stands on record as a crime, whatever else is wrong with it."""

RECORDED_CORRECTLY = frozenset({"correct", "late", "paperwork"})

NOT_RECORDED = frozenset({"missing", "n100_wrong", "cancelled_wrong"})

REQUIRED = RECORDED | NOT_RECORDED
"""Verdicts on a crime that should be on record: the denominator of every recording rate."""

CANNOT_TELL = "cannot_tell"
OVER_RECORDED = "over_recorded"
NOTHING_REQUIRED = "nothing_required"


@dataclass(frozen=True)
class Verdict:
    """What stands for one required crime after agreement or adjudication.

    ``required_no`` counts from 1; 0 with the verdict ``nothing_required`` says that the incident was read and
    nothing in it required a crime. Under another number it is said of that one crime, which one judge found
    and which does not stand. An answer is None where the question does not arise. ``first`` and ``second``
    are the two blind judgements; ``reread`` is the final authority's verdict where the incident was drawn to
    be read again, with ``reread_chance``. ``known`` is the seeded truth of a known case,
    which is no part of the sample.
    """

    incident_id: str
    required_no: int
    verdict: str
    offence_group: str | None = None
    offence_subgroup: str | None = None
    domestic_abuse: bool = False
    edition: str | None = None
    within_24_hours: Answer | None = None
    class_right: Answer | None = None
    cancellation_right: Answer | None = None
    n100_right: Answer | None = None
    victim_told: Answer | None = None
    first: str | None = None
    second: str | None = None
    reread: str | None = None
    reread_chance: float | None = None
    known: str | None = None

    @property
    def is_required(self) -> bool:
        return self.verdict in REQUIRED

    @property
    def is_open(self) -> bool:
        return self.verdict == CANNOT_TELL


def check_verdicts(verdicts: Sequence[Verdict], sampled: Collection[str]) -> None:
    """Refuse verdicts that cannot be of this sample.

    Raises ``UserError`` for a verdict on an incident outside the sample, two final verdicts on one crime, or
    an incident said to require nothing and something.
    """
    inside = frozenset(sampled)
    seen: set[tuple[str, int]] = set()
    for verdict in verdicts:
        if verdict.incident_id not in inside:
            raise UserError(
                f"There is a verdict on incident {verdict.incident_id}, which is not in the sample. If a "
                "spreadsheet changed the numbers (lost zeros, dates), restore them; only sampled incidents "
                "count."
            )
        key = (verdict.incident_id, verdict.required_no)
        if key in seen:
            raise UserError(
                f"Incident {verdict.incident_id}, crime {verdict.required_no}, has two final verdicts. Keep "
                "the one that stands."
            )
        seen.add(key)
    _check_nothing_required(verdicts)


def _check_nothing_required(verdicts: Sequence[Verdict]) -> None:
    empty = {
        each.incident_id for each in verdicts if each.verdict == NOTHING_REQUIRED and each.required_no == 0
    }
    for verdict in verdicts:
        if (
            verdict.incident_id in empty
            and verdict.verdict != NOTHING_REQUIRED
            and verdict.verdict != OVER_RECORDED
        ):
            raise UserError(
                f"Incident {verdict.incident_id} is said to require no crime and also has a verdict on one. "
                "Keep what stands."
            )
