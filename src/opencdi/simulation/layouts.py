"""How each style lays its exports out: headings, separator, dates and words for things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """One style of export. ``incidents`` and ``crimes`` give the heading of each field, in order."""

    delimiter: str
    day: str
    gap: str
    clock: str
    degrees: int
    subcode_zeros: bool
    incidents: Mapping[str, str]
    crimes: Mapping[str, str]
    channels: tuple[str, ...]
    reporters: tuple[str, ...]
    statuses: tuple[str, ...]
    flags: Mapping[str, str]
    yes_no: tuple[str, str]


LAYOUTS = {
    "a": Layout(
        delimiter=",",
        day="%d/%m/%Y",
        gap=" ",
        clock="%H:%M:%S",
        degrees=6,
        subcode_zeros=True,
        incidents={
            "incident": "Incident No",
            "reported": "Call Received",
            "channel": "Contact Method",
            "reporter": "Caller Type",
            "caller_surname": "Caller Surname",
            "caller_forename": "Caller Forename",
            "caller_born": "Caller DOB",
            "caller_telephone": "Caller Tel",
            "opening_code": "Opening Code",
            "opening_description": "Opening Description",
            "closing_code": "Closing Code 1",
            "closing_description": "Closing Description 1",
            "second_code": "Closing Code 2",
            "second_description": "Closing Description 2",
            "qualifiers": "Qualifiers",
            "attended": "Attended",
            "closed": "Closed",
            "unit": "Unit",
            "address": "Location",
            "postcode": "Postcode",
            "beat": "Beat",
            "latitude": "Latitude",
            "longitude": "Longitude",
            "other_force": "Other Force",
            "crime_reference": "Crime Ref",
            "log": "Log Text",
        },
        crimes={
            "crime": "Crime Number",
            "incident": "Incident Ref",
            "reported": "Date Reported",
            "recorded": "Date Recorded",
            "occurred_from": "Offence From",
            "occurred_to": "Offence To",
            "subcode": "HO Code",
            "title": "Offence Title",
            "status": "Status",
            "n100": "N100 Code",
            "cancellation": "Cancellation Code",
            "cancelled": "Cancelled Date",
            "cancelled_by": "Cancelled By",
            "rationale": "Cancellation Rationale",
            "informed": "Victim Informed",
            "outcome": "Outcome",
            "outcome_date": "Outcome Date",
            "flags": "Flags",
            "victim_surname": "Victim Surname",
            "victim_forename": "Victim Forename",
            "victim_born": "Victim DOB",
            "victim_sex": "Victim Sex",
            "organisation": "Victim Organisation",
            "suspect_surname": "Suspect Surname",
            "suspect_forename": "Suspect Forename",
            "suspect_born": "Suspect DOB",
            "address": "Location",
            "postcode": "Postcode",
            "beat": "Beat",
            "latitude": "Latitude",
            "longitude": "Longitude",
            "summary": "MO",
        },
        channels=("999", "101", "Online", "Front Counter", "Officer", "Agency Referral", "Crime Bureau"),
        reporters=(
            "Victim",
            "Parent/Carer",
            "Third Party",
            "Professional",
            "Officer",
            "Victim Representative",
        ),
        statuses=("Live", "Cancelled", "Transferred", "N100"),
        flags={
            "domestic_abuse": "Domestic Abuse",
            "hate_race": "Hate - Race",
            "online": "Online",
            "child_sexual_abuse": "Child Sexual Abuse",
            "alcohol": "Alcohol",
            "youth": "Youth Related",
            "mental_health": "Mental Health",
            "knife": "Knife Enabled",
        },
        yes_no=("Y", "N"),
    ),
}
