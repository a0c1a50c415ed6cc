"""What stands beside the classification: outcomes, cancellations, flags, reported incidents, categories.

Facts as data in ``counting/hocr/``; each with its source, page and mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from opencdi.counting.classification import day, load, read_rows
from opencdi.errors import UserError


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome type of a recorded crime; ``any`` where it does not turn on the question."""

    outcome: str
    title: str
    suspect_identified: str
    victim_supports: str
    decided_by: str
    valid_from: date | None
    source: str
    page: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One ground of cancelling or transferring a record, for all crimes or for some."""

    code: str
    title: str
    applies_to: str
    """``all``, or the subgroup, class or code it is for."""
    decided_by: str
    independent: bool
    """Must who decides be independent of the investigation?"""
    victim_told: bool
    """Must the victim be told before the record is removed?"""
    needs: str
    valid_from: date | None
    source: str
    page: str
    status: str


@dataclass(frozen=True, slots=True)
class Flag:
    """One crime flag: whether it is among the ten mandatory ones and what makes it due."""

    flag: str
    title: str
    mandatory: bool
    due_when: str
    applies_to: str
    valid_from: date | None
    source: str
    page: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class ReportedIncident:
    """One N-code: a notifiable report that is not a crime."""

    code: str
    title: str
    stands_for: str
    unit: str
    source: str
    page: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class IncidentCategory:
    """One category of the National Incident Category List, 2011."""

    theme: str
    category: str
    incident_family: str
    source: str
    page: str
    status: str


@dataclass(frozen=True, slots=True)
class IncidentQualifier:
    """One qualifier of an incident, and the flag it stands for, if any."""

    qualifier: str
    flag: str
    source: str
    page: str
    status: str


@cache
def outcomes() -> dict[str, Outcome]:
    """Outcome types 1 to 24 with 1A, 2A and 3A, by number."""
    return {
        row["outcome"]: Outcome(
            outcome=row["outcome"],
            title=row["title"],
            suspect_identified=row["suspect_identified"],
            victim_supports=row["victim_supports"],
            decided_by=row["decided_by"],
            valid_from=day(row["valid_from"]),
            source=row["source"],
            page=row["page"],
            status=row["status"],
            note=row["note"],
        )
        for row in read_rows("outcomes.csv")
    }


@cache
def cancellations() -> tuple[Cancellation, ...]:
    """Grounds C1 to C5, the general one of a code before the particular ones."""
    return tuple(
        Cancellation(
            code=row["code"],
            title=row["title"],
            applies_to=row["applies_to"],
            decided_by=row["decided_by"],
            independent=row["independent"] == "yes",
            victim_told=row["victim_told"] == "yes",
            needs=row["needs"],
            valid_from=day(row["valid_from"]),
            source=row["source"],
            page=row["page"],
            status=row["status"],
        )
        for row in read_rows("cancellations.csv")
    )


@cache
def flags() -> dict[str, Flag]:
    """Crime flags by name, the mandatory ones first."""
    return {
        row["flag"]: Flag(
            flag=row["flag"],
            title=row["title"],
            mandatory=row["mandatory"] == "yes",
            due_when=row["due_when"],
            applies_to=row["applies_to"],
            valid_from=day(row["valid_from"]),
            source=row["source"],
            page=row["page"],
            status=row["status"],
            note=row["note"],
        )
        for row in read_rows("flags.csv")
    }


@cache
def reported_incidents() -> dict[str, ReportedIncident]:
    """N100, N200 and N300, by code."""
    return {row["code"]: ReportedIncident(**row) for row in read_rows("reported_incidents.csv")}


@cache
def incident_categories() -> tuple[IncidentCategory, ...]:
    """The National Incident Category List in its own order."""
    return tuple(IncidentCategory(**row) for row in read_rows("incident_categories.csv"))


@cache
def incident_qualifiers() -> tuple[IncidentQualifier, ...]:
    """Qualifiers of incidents in the order of the list."""
    return tuple(IncidentQualifier(**row) for row in read_rows("incident_qualifiers.csv"))


def cancelling(code: str, offence: str, subcode: str | None = None) -> Cancellation | None:
    """Whether a crime of this class or code may go under C1 to C5, and who may decide (pages 25, 26).

    The particular ground stands before the general one. None where the code is not for such a crime:
    C5 is for bodily harm (008/06) of class 8N and for assault without injury only; the same code as
    injury of a constable (8S) is another class.

    Raises
    ------
    UserError
        Where there is no such cancellation code, class or code of the list.
    """
    grounds = [ground for ground in cancellations() if ground.code == code]
    if not grounds:
        raise UserError(f"There is no cancellation code `{code}`. The codes are C1 to C5.")
    listed = load()
    class_code = listed.class_of(offence)
    names = {offence, class_code, listed.subgroup_of(offence)}
    if subcode is not None and class_code == listed.class_of(subcode):
        names.add(subcode)
    particular = [ground for ground in grounds if ground.applies_to in names]
    general = [ground for ground in grounds if ground.applies_to == "all"]
    return next(iter(particular + general), None)
