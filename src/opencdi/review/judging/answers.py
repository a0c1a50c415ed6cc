"""What one person says of one case, and the verdict that follows from it.

The verdict is worked out from the answers and never picked, so that two people who answer alike cannot differ
in it. Words are those of ``schema.VERDICTS_ON_A_CRIME``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from opencdi.review.audits.material import RecordedCrime

NO_RECORD = "none"
RECORD_UNKNOWN = "unknown"

Said = Literal["", "yes", "no", "unknown"]
Requires = Literal["", "crime", "n100", "no_crime", "cannot_tell"]

PAPERWORK = ("victim_details", "rationale", "other")

MOST_CRIMES = 30
MOST_TEXT = 5_000


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrimeAnswer(Part):
    """One crime that the report requires, or one record that nothing requires. Empty is not answered."""

    requires: Requires = ""
    class_code: str = ""
    victim: int = Field(1, ge=0, le=99)
    """Which victim, from 1; 0 for the state."""
    record: str = ""
    """The reference of the record that answers it, ``none`` or ``unknown``."""
    class_right: Said = ""
    in_time: Said = ""
    cancellation_right: Said = ""
    victim_told: Said = ""
    flags: tuple[str, ...] = ()
    """Flags the record should carry."""
    paperwork: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """The words it rests on: from, up to (characters of the log)."""
    rule: str = ""
    cause: str = ""
    missing: str = ""
    """What is missing, where it cannot be told."""

    @property
    def is_on_record(self) -> bool:
        return self.record not in ("", NO_RECORD, RECORD_UNKNOWN)


class Answers(Part):
    """All one person says of a case. ``nothing_required`` stands instead of crimes."""

    nothing_required: bool = False
    crimes: tuple[CrimeAnswer, ...] = Field((), max_length=MOST_CRIMES)
    remark: str = ""

    def with_crime(self, place: int, crime: CrimeAnswer) -> Answers:
        """The answers with the crime at ``place`` (from 0) changed, or one more where it is the next."""
        crimes = (*self.crimes[:place], crime, *self.crimes[place + 1 :])
        return self.model_copy(update={"crimes": crimes, "nothing_required": False})

    def without_crime(self, place: int) -> Answers:
        return self.model_copy(update={"crimes": self.crimes[:place] + self.crimes[place + 1 :]})


def class_is_right(answer: CrimeAnswer, record: RecordedCrime | None) -> Said:
    """As answered; where it was left out, whether the class on record is the one required."""
    if answer.class_right or record is None or record.class_code is None:
        return answer.class_right
    return "yes" if record.class_code == answer.class_code else "no"


def n100_is_right(answer: CrimeAnswer, record: RecordedCrime | None) -> Said:
    """An N100 on record is right exactly where the report requires an N100 and not a crime."""
    if record is None or record.status != "n100":
        return ""
    return {"n100": "yes", "crime": "no", "no_crime": "no"}.get(answer.requires, "unknown")  # type: ignore[return-value]


def missing_flags(answer: CrimeAnswer, record: RecordedCrime | None) -> tuple[str, ...]:
    return tuple(flag for flag in answer.flags if record is not None and flag not in record.flags)


def verdict_of(answer: CrimeAnswer, record: RecordedCrime | None) -> str:
    """The verdict on one crime. ``record`` is the crime record that the answer names, None where none.

    The gravest fault names it: not on record, then class, then time, then paperwork; the other answers are
    kept beside it and have rates of their own. A crime that was rightly cancelled stands as it was recorded.
    An N100 that is all the report requires is no crime required.
    """
    if answer.requires in ("", "cannot_tell") or answer.record == RECORD_UNKNOWN:
        return "cannot_tell"
    if answer.requires == "no_crime":
        return "over_recorded" if answer.is_on_record else "nothing_required"
    if answer.requires == "n100":
        is_n100 = record is None or record.status == "n100"
        return "nothing_required" if is_n100 else "over_recorded"
    if not answer.is_on_record:
        return "missing"
    return _of_recorded_crime(answer, record)


def _of_recorded_crime(answer: CrimeAnswer, record: RecordedCrime | None) -> str:
    if record is not None and record.status == "n100":
        return "n100_wrong"
    if record is not None and record.status == "cancelled" and answer.cancellation_right != "yes":
        return "cancelled_wrong" if answer.cancellation_right == "no" else "cannot_tell"
    if class_is_right(answer, record) == "no":
        return "wrong_class"
    if answer.in_time == "no":
        return "late"
    if answer.paperwork or missing_flags(answer, record):
        return "paperwork"
    return "correct"
