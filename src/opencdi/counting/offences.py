"""The rows of the classification: a code within a class, a class, a place of the principal crime table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opencdi.counting.seriousness import months_of


@dataclass(frozen=True, slots=True)
class Offence:
    """One row of the offence list: a code within one class."""

    code: str
    triable: str
    maximum: str
    victim_or_state: str
    group: str
    subgroup: str
    class_code: str
    class_title: str
    title: str
    act: str
    section: str
    source: str
    page: str
    status: str
    valid_from: date | None = None
    valid_to: date | None = None
    marking: str = ""
    """``shaded`` or ``struck out`` in the official document; the shaded are mostly repealed or replaced."""
    note: str = ""

    @property
    def months(self) -> float | None:
        """The maximum sentence in months; a fine is 0, life above all; None where not known."""
        return months_of(self.maximum)


@dataclass(frozen=True, slots=True)
class OffenceClass:
    """One class: what it is called, where it is filed, and what one crime is counted for."""

    class_code: str
    title: str
    group: str
    subgroup: str
    victim_or_state: str
    unit: str
    per: str
    """What the counting mechanism groups by: victim, victim_and_offender, offender, group or incident."""
    incident_family: str
    seriousness: int
    valid_from: date | None
    valid_to: date | None
    source: str
    page: str
    unit_source: str
    unit_page: str
    status: str
    note: str

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class PrincipalCrime:
    """One row of the official principal crime table, in its own order."""

    position: int
    offence: str
    classes: tuple[str, ...]
    codes: tuple[str, ...]
    subgroup: str
    """A subgroup the row's title covers as a whole (Homicide), beyond the codes it names."""
    maximum: str
    victim_or_state: str
    source: str
    page: str
    status: str

    @property
    def months(self) -> float:
        return months_of(self.maximum) or 0.0
