"""What a reader is shown of one incident: facts of the log and the crime records linked to it.

Nothing of a machine is in it: no score, no probability of a link, no finding, and the records stand in order
of time.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedCrime(Shown):
    """One record of the force's crime system, as it stands there."""

    crime_id: str
    class_code: str | None
    offence_written: str | None
    status: str
    n100_code: str | None = None
    reported_at: datetime | None = None
    recorded_at: datetime
    cancelled_at: datetime | None = None
    cancellation_code: str | None = None
    cancelled_by: str | None = None
    cancellation_reason: str | None = None
    victim_informed: str | None = None
    flags: tuple[str, ...] = ()
    summary: str | None = None


class Facts(Shown):
    """The fields of a log beside its text, and its crime records in order of recording."""

    incident_id: str
    reported_at: datetime
    channel: str
    caller_role: str
    opening_code: str | None
    opening_group: str
    closing_codes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    attended_at: datetime | None = None
    closed_at: datetime | None = None
    unit: str | None = None
    address: str | None = None
    records: tuple[RecordedCrime, ...] = ()
    people: tuple[str, ...] = ()
    """Names, numbers and birthdays of the parties on file: what a redaction blanks. No page shows them."""

    def record(self, crime_id: str) -> RecordedCrime | None:
        return next((each for each in self.records if each.crime_id == crime_id), None)

    def hours_to_record(self, record: RecordedCrime) -> float:
        """Hours from the report to the recording, on the clock of the world (not of the wall)."""
        return (record.recorded_at - self.reported_at).total_seconds() / 3600

    def timeline(self) -> list[tuple[datetime, str, str]]:
        """(moment, what happened, crime reference or empty), in order of time."""
        happened = [
            (self.reported_at, "reported", ""),
            (self.attended_at, "attended", ""),
            (self.closed_at, "closed", ""),
            *((each.recorded_at, "recorded", each.crime_id) for each in self.records),
            *((each.cancelled_at, each.status, each.crime_id) for each in self.records),
        ]
        return sorted((moment, what, which) for moment, what, which in happened if moment is not None)
