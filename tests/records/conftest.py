"""A force of a handful of incidents and crimes, with the profiles that read it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from opencdi.engine import DuckDBEngine


def _names(line: str) -> list[str]:
    return line.split(",")


INCIDENT_HEADINGS = _names(
    "Incident No,Call Received,Contact Method,Caller Type,Caller Surname,Caller Forename,Caller DOB,Caller "
    "Tel,"
    "Opening Code,Opening Description,Closing Code 1,Closing Description 1,Closing Code 2,Closing "
    "Description 2,"
    "Qualifiers,Attended,Closed,Unit,Location,Postcode,Beat,Latitude,Longitude,Other Force,Crime Ref,Log Text"
)

CRIME_HEADINGS = _names(
    "Crime Number,Incident Ref,Date Reported,Date Recorded,Offence From,Offence To,HO Code,Offence "
    "Title,Status,"
    "N100 Code,Cancellation Code,Cancelled Date,Cancelled By,Cancellation Rationale,Victim Informed,Outcome,"
    "Outcome Date,Flags,Victim Surname,Victim Forename,Victim DOB,Victim Sex,Victim Organisation,Suspect "
    "Surname,"
    "Suspect Forename,Suspect DOB,Location,Postcode,Beat,Latitude,Longitude,MO"
)

OFFENCES = {"008/06": "8N", "8N": "8N", "105/01": "105A", "105A": "105A", "019/08": "19C", "046/00": "46"}

INCIDENT_PROFILE = """\
table = "incidents"
formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]

[columns]
incident_id = "Incident No"
reported_at = "Call Received"
channel = "Contact Method"
caller_role = "Caller Type"
opening_code = "Opening Code"
closing_codes = ["Closing Code 1", "Closing Code 2"]
flags = { columns = ["Qualifiers"], separator = ";" }
attended_at = "Attended"
closed_at = "Closed"
unit = "Unit"
address = "Location"
postcode = "Postcode"
beat = "Beat"
latitude = "Latitude"
longitude = "Longitude"
other_force = "Other Force"
crime_references = { columns = ["Crime Ref"], separator = ";" }
narrative = "Log Text"

[codes.channel]
"999 call" = "999"
"Online report" = "online"

[codes.caller_role]
Victim = "victim"
"Third party" = "third_party"

[codes.opening_group]
"110" = "violence"
"900" = "welfare"

[codes.closing_group]
"110" = "violence"
"900" = "welfare"

[codes.flags]
DA = "domestic_abuse"
ALC = "alcohol"
REP = "ignore"

[[party]]
role = "caller"
surname = "Caller Surname"
forename = "Caller Forename"
born_on = "Caller DOB"
telephone = "Caller Tel"
"""

CRIME_PROFILE = """\
table = "crimes"
formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]

[columns]
crime_id = "Crime Number"
incident_reference = "Incident Ref"
reported_at = "Date Reported"
recorded_at = "Date Recorded"
occurred_from = "Offence From"
occurred_to = "Offence To"
offence_code = "HO Code"
offence_title = "Offence Title"
status = "Status"
n100_code = "N100 Code"
cancellation_code = "Cancellation Code"
cancelled_at = "Cancelled Date"
cancelled_by = "Cancelled By"
cancellation_reason = "Cancellation Rationale"
victim_informed = "Victim Informed"
outcome_code = "Outcome"
outcome_at = "Outcome Date"
flags = { columns = ["Flags"], separator = ";" }
address = "Location"
postcode = "Postcode"
beat = "Beat"
latitude = "Latitude"
longitude = "Longitude"
summary = "MO"

[codes.status]
Live = "live"
Cancelled = "cancelled"

[codes.flags]
"Domestic abuse" = "domestic_abuse"

[[party]]
role = "victim"
surname = "Victim Surname"
forename = "Victim Forename"
born_on = "Victim DOB"
sex = "Victim Sex"
organisation = "Victim Organisation"

[[party]]
role = "suspect"
surname = "Suspect Surname"
forename = "Suspect Forename"
born_on = "Suspect DOB"
"""

AUDIT = """\
force = "Testshire"

[[exports]]
table = "incidents"
files = ["incidents.csv"]
profile = "profiles/incidents.toml"

[[exports]]
table = "crimes"
files = ["crimes.csv"]
profile = "profiles/crimes.toml"
"""


def incident(number: int, **changed: str) -> dict[str, str]:
    """One incident as the export writes it."""
    row = dict.fromkeys(INCIDENT_HEADINGS, "")
    row |= {
        "Incident No": f"TS-{number:05}",
        "Call Received": "14/06/2025 21:05:30",
        "Contact Method": "999 call",
        "Caller Type": "Victim",
        "Caller Surname": "Example",
        "Caller Forename": "Ann",
        "Caller DOB": "02/03/1980",
        "Caller Tel": "01632 960 001",
        "Opening Code": "110",
        "Opening Description": "Violence",
        "Closing Code 1": "900",
        "Closing Code 2": "110",
        "Qualifiers": "DA;ALC",
        "Closed": "14/06/2025 23:00:00",
        "Unit": "P12",
        "Location": "1 Test Street",
        "Postcode": "zz9 9zz",
        "Latitude": "51.75",
        "Longitude": "-1.25",
        "Log Text": 'IP STATES "HELP"\nSECOND LINE, WITH A COMMA',
    }
    return row | changed


def crime(number: int, **changed: str) -> dict[str, str]:
    """One crime as the export writes it."""
    row = dict.fromkeys(CRIME_HEADINGS, "")
    row |= {
        "Crime Number": f"43{number:05}/25",
        "Incident Ref": f"TS-{number:05}",
        "Date Reported": "14/06/2025 21:05:30",
        "Date Recorded": "15/06/2025 09:00:00",
        "HO Code": "008/06",
        "Offence Title": "Assault occasioning actual bodily harm",
        "Status": "Live",
        "Outcome": "16",
        "Flags": "Domestic abuse",
        "Victim Surname": "Example",
        "Victim Forename": "Ann",
        "Victim DOB": "02/03/1980",
        "Victim Sex": "Female",
        "Suspect Surname": "Other",
        "MO": "Struck with a fist to the face",
    }
    return row | changed


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def audit_folder(tmp_path: Path) -> Path:
    """An audit of thirty incidents and ten crimes with nothing wrong."""
    root = tmp_path / "audit"
    (root / "profiles").mkdir(parents=True)
    (root / "audit.toml").write_text(AUDIT)
    (root / "profiles" / "incidents.toml").write_text(INCIDENT_PROFILE)
    (root / "profiles" / "crimes.toml").write_text(CRIME_PROFILE)
    write_csv(root / "incidents.csv", [incident(number) for number in range(30)])
    write_csv(root / "crimes.csv", [crime(number) for number in range(10)])
    return root


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(scratch=tmp_path / "scratch") as duck:
        yield duck
