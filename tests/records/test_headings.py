"""Exports whose columns are named otherwise are recognised by what headings say and values look like."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Literal

import pytest

from opencdi.engine import DuckDBEngine
from opencdi.records.guessing import propose
from opencdi.records.guessing.headings import words_of
from opencdi.records.guessing.meanings import likely_meaning
from opencdi.records.sources import expanded

from .conftest import crime, incident, write_csv

FIELD_OF_INCIDENT = {
    "Incident No": "incident_id",
    "Call Received": "reported_at",
    "Contact Method": "channel",
    "Caller Type": "caller_role",
    "Opening Code": "opening_code",
    "Closing Code 1": "closing_codes",
    "Qualifiers": "flags",
    "Attended": "attended_at",
    "Closed": "closed_at",
    "Unit": "unit",
    "Location": "address",
    "Postcode": "postcode",
    "Beat": "beat",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Crime Ref": "crime_references",
    "Log Text": "narrative",
    "Caller Surname": "caller.surname",
    "Caller Forename": "caller.forename",
    "Caller DOB": "caller.born_on",
    "Caller Tel": "caller.telephone",
}

INCIDENT_LAYOUTS: dict[str, str] = {
    "command and control": "Log Number|Date/Time Created|Source of Call|Informant Type|Initial Class|Final "
    "Class|Tags|On Scene Time|Date/Time Closed|Resource|Address|Post Code|Ward|Lat|Long|Crime No|"
    "Incident Log|Informant Surname|Informant Forename|Informant DOB|Informant Tel",
    "snake case": "incident_number|reported_datetime|contact_channel|reporting_person_type|opening_code|"
    "closing_code|qualifiers|attended_datetime|closed_datetime|unit_callsign|incident_location|incident_postcode|"
    "beat_code|latitude|longitude|crime_reference|incident_text|caller_surname|caller_forename|caller_dob|caller_phone",
    "database": "INC_REF_NO|INC_CREATED_DTTM|INC_SOURCE|INC_CALLER_TYP|INC_OPEN_CD|INC_CLOSE_CD|INC_QUALS|"
    "INC_ARRIVED_DTTM|INC_CLOSED_DTTM|INC_UNIT|INC_ADDR|INC_PCODE|INC_BEAT|INC_LAT|INC_LONG|INC_CRIME_NO|"
    "INC_REMARKS|INC_CALLER_SNAME|INC_CALLER_FNAME|INC_CALLER_DOB|INC_CALLER_TEL",
    "american": "EventNumber|CallDateTime|CallSource|CallerRole|CallType|Disposition|Flags|ArrivalDateTime|"
    "ClearedDateTime|UnitID|BlockAddress|ZipCode|District|Lat|Lng|ReportNumber|Narrative|CallerLastName|"
    "CallerFirstName|CallerDOB|CallerPhone",
    "short": "URN|Recd|Method|Caller|Open|Result|Marker|Arr|Close|Callsign|Loc|PC|Beat|Y|X|Crime|Notes|"
    "Surname|Forename|DOB|Tel",
}

FIELD_OF_CRIME = {
    "Crime Number": "crime_id",
    "Incident Ref": "incident_reference",
    "Date Reported": "reported_at",
    "Date Recorded": "recorded_at",
    "Offence From": "occurred_from",
    "Offence To": "occurred_to",
    "HO Code": "offence_code",
    "Offence Title": "offence_title",
    "Status": "status",
    "Cancellation Code": "cancellation_code",
    "Cancelled Date": "cancelled_at",
    "Cancellation Rationale": "cancellation_reason",
    "Outcome": "outcome_code",
    "Outcome Date": "outcome_at",
    "Flags": "flags",
    "Location": "address",
    "Postcode": "postcode",
    "Beat": "beat",
    "MO": "summary",
    "Victim Surname": "victim.surname",
    "Victim Forename": "victim.forename",
    "Victim DOB": "victim.born_on",
    "Victim Sex": "victim.sex",
    "Suspect Surname": "suspect.surname",
    "Suspect Forename": "suspect.forename",
}

CRIME_LAYOUTS: dict[str, str] = {
    "records system": "Occurrence Number|Command and Control Ref|Reported Date/Time|Recorded Date/Time|"
    "Committed On/From|Committed To|Home Office Class|Offence Description|Occurrence Status|No Crime Code|"
    "No Crime Date|No Crime Reason|Outcome Type|Outcome Date|Keywords|Offence Address|Offence Postcode|"
    "Neighbourhood|Modus Operandi|Aggrieved Surname|Aggrieved Forename|Aggrieved DOB|Aggrieved Gender|"
    "Offender Surname|Offender Forename",
    "investigation system": "Investigation Ref|Incident Log No|Date Reported|Date Crimed|Offence Start Date|"
    "Offence End Date|HOCR Code|Offence|Current Status|Cancellation Reason Code|Cancellation Date|"
    "Cancellation Notes|Disposal Outcome|Outcome Applied Date|Markers|Offence Location|Post Code|Ward|"
    "MO Summary|Victim Last Name|Victim First Name|Victim Date of Birth|Victim Gender|Suspect Last Name|"
    "Suspect First Name",
    "snake case": "crime_ref|incident_ref|reported_on|recorded_on|offence_date_from|offence_date_to|ho_code|"
    "offence_title|crime_status|cancel_code|cancelled_on|cancel_reason|outcome_code|outcome_date|crime_flags|"
    "location|postcode|beat|mo_text|victim_surname|victim_forename|victim_dob|victim_sex|suspect_surname|"
    "suspect_forename",
    "database": "CRM_NO|CRM_INC_NO|CRM_RPTD_DT|CRM_RECORDED_DT|CRM_OFF_FROM_DT|CRM_OFF_TO_DT|CRM_HO_CD|"
    "CRM_OFF_DESC|CRM_STATUS|CRM_CANC_CD|CRM_CANC_DT|CRM_CANC_REASON|CRM_OUTCOME|CRM_OUTCOME_DT|CRM_FLAGS|"
    "CRM_LOC|CRM_PCODE|CRM_BEAT|CRM_MO|CRM_VIC_SNAME|CRM_VIC_FNAME|CRM_VIC_DOB|CRM_VIC_SEX|CRM_SUSP_SNAME|"
    "CRM_SUSP_FNAME",
}


def _day(number: int) -> str:
    return f"{number % 28 + 1:02}/06/2025 21:05:30"


def _incident(number: int) -> dict[str, str]:
    chance = random.Random(number)
    return incident(
        number,
        **{
            "Call Received": _day(number),
            "Attended": _day(number + 1),
            "Closed": _day(number + 2),
            "Contact Method": chance.choice(["999", "101", "Online"]),
            "Caller Type": chance.choice(["Victim", "Witness", "Third party"]),
            "Caller Surname": chance.choice(["SMITH", "JONES", "PATEL", "OKAFOR", "NOWAK"]),
            "Caller Forename": chance.choice(["ANN", "BO", "CAROL", "DEV", "EVE"]),
            "Caller DOB": f"{number % 28 + 1:02}/03/1980",
            "Opening Code": chance.choice(["110", "900", "215"]),
            "Closing Code 1": chance.choice(["110", "900", "CRI"]),
            "Unit": f"P{number % 9}",
            "Beat": f"B{number % 7}",
            "Location": f"{number} TEST STREET, TOWN",
            "Postcode": f"ZZ{number % 9 + 1} {number % 9}ZZ",
            "Latitude": f"51.{7000 + number}",
            "Longitude": f"-1.{2000 + number}",
            "Crime Ref": f"43{number:06}/25" if number % 3 == 0 else "",
            "Log Text": f"CALLER STATES THAT {number} MALES ARE AT THE DOOR\nAND WILL NOT LEAVE, UNIT SENT",
        },
    )


def _crime(number: int) -> dict[str, str]:
    chance = random.Random(number)
    cancelled = number % 5 == 0
    return crime(
        number,
        **{
            "Date Reported": _day(number),
            "Date Recorded": _day(number + 1),
            "Offence From": _day(number - 2),
            "Offence To": _day(number - 1),
            "HO Code": chance.choice(["008/06", "105/01", "046/00"]),
            "Offence Title": chance.choice(
                ["Assault occasioning actual bodily harm", "Common assault", "Theft"]
            ),
            "Status": "Cancelled" if cancelled else "Live",
            "Cancellation Code": "C2" if cancelled else "",
            "Cancelled Date": _day(number + 3) if cancelled else "",
            "Cancellation Rationale": "footage shows that nothing happened" if cancelled else "",
            "Outcome": chance.choice(["16", "18", "1"]),
            "Outcome Date": _day(number + 3),
            "Victim Surname": chance.choice(["SMITH", "JONES", "PATEL", "OKAFOR", "NOWAK"]),
            "Victim Forename": chance.choice(["ANN", "BO", "CAROL", "DEV", "EVE"]),
            "Victim DOB": f"{number % 28 + 1:02}/03/1980",
            "Victim Sex": chance.choice(["F", "M"]),
            "Suspect Surname": chance.choice(["HALL", "KHAN", "LEE", ""]),
            "Suspect Forename": chance.choice(["TOM", "ALI", ""]),
            "Location": f"{number} TEST STREET, TOWN",
            "Postcode": f"ZZ{number % 9 + 1} {number % 9}ZZ",
            "Beat": f"B{number % 7}",
            "MO": f"SUSPECT {number} PUNCHED THE VICTIM TO THE FACE AND RAN AWAY DOWN THE ROAD",
        },
    )


def _guessed(
    engine: DuckDBEngine, path: Path, table: Literal["incidents", "crimes"], rows: list[dict[str, str]]
) -> dict[str, str]:
    """The heading the proposal takes for each field."""
    write_csv(path, rows)
    (source,) = expanded([path.name], path.parent)
    proposal = propose(engine, source, table)
    return {name: columns[0] for name, columns in proposal.columns.items()} | dict(proposal.people)


def _share_right(
    found: dict[str, str], meant: dict[str, str]
) -> tuple[float, dict[str, tuple[str, str | None]]]:
    wrong = {
        name: (heading, found.get(name)) for name, heading in meant.items() if found.get(name) != heading
    }
    return 1 - len(wrong) / len(meant), wrong


@pytest.mark.parametrize("layout", INCIDENT_LAYOUTS)
def test_incidents_under_other_headings_are_recognised(
    layout: str, engine: DuckDBEngine, tmp_path: Path
) -> None:
    headings = dict(zip(FIELD_OF_INCIDENT, INCIDENT_LAYOUTS[layout].split("|"), strict=True))
    rows = [
        {headings[old]: value for old, value in _incident(n).items() if old in headings} for n in range(90)
    ]
    found = _guessed(engine, tmp_path / "x.csv", "incidents", rows)
    meant = {FIELD_OF_INCIDENT[old]: new for old, new in headings.items()}
    share, wrong = _share_right(found, meant)
    assert not {"incident_id", "reported_at", "opening_code", "narrative"} & set(wrong), wrong
    assert share >= 0.9, wrong


@pytest.mark.parametrize("layout", CRIME_LAYOUTS)
def test_crimes_under_other_headings_are_recognised(
    layout: str, engine: DuckDBEngine, tmp_path: Path
) -> None:
    headings = dict(zip(FIELD_OF_CRIME, CRIME_LAYOUTS[layout].split("|"), strict=True))
    rows = [{headings[old]: value for old, value in _crime(n).items() if old in headings} for n in range(90)]
    found = _guessed(engine, tmp_path / "x.csv", "crimes", rows)
    meant = {FIELD_OF_CRIME[old]: new for old, new in headings.items()}
    share, wrong = _share_right(found, meant)
    assert not {"crime_id", "incident_reference", "recorded_at", "offence_code", "status"} & set(wrong), wrong
    assert share >= 0.9, wrong


def test_headings_that_say_nothing_leave_the_values_to_speak(engine: DuckDBEngine, tmp_path: Path) -> None:
    headings = {old: f"COL{n}" for n, old in enumerate(FIELD_OF_INCIDENT)}
    rows = [
        {headings[old]: value for old, value in _incident(n).items() if old in headings} for n in range(90)
    ]
    found = _guessed(engine, tmp_path / "x.csv", "incidents", rows)
    assert found["incident_id"] == headings["Incident No"]
    assert found["postcode"] == headings["Postcode"]
    assert found["narrative"] == headings["Log Text"]
    assert found["reported_at"] == headings["Call Received"]


def test_of_a_large_file_some_rows_are_looked_at_and_that_is_said(
    engine: DuckDBEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [_incident(n % 90) | {"Incident No": f"TV-2025-{n:06d}"} for n in range(900)]
    write_csv(tmp_path / "x.csv", rows)
    (source,) = expanded(["x.csv"], tmp_path)
    whole = propose(engine, source, "incidents")
    monkeypatch.setattr("opencdi.records.guessing.contents.SAMPLE", 100)
    monkeypatch.setattr("opencdi.records.guessing.contents.SHAPED", 20)
    some = propose(engine, source, "incidents")
    assert (some.columns, some.people) == (whole.columns, whole.people)
    assert (whole.looked_at, some.looked_at, some.rows) == (900, 100, 900)
    said = (
        "# Columns and formats were settled by 100 of the 900 rows, spread\n"
        "# over the file; codes by all rows.\n"
    )
    assert some.text.replace(said, "") == whole.text
    assert said in some.text


def test_a_thirteenth_day_counts_though_its_row_is_not_among_those_looked_at(
    engine: DuckDBEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        _incident(n) | {"Call Received": f"{n % 12 + 1:02d}/{n // 12 % 12 + 1:02d}/2025 10:00"}
        for n in range(90)
    ]
    rows[30]["Call Received"] = "13/04/2025 10:00"
    for row in rows:
        row.pop("Attended", None)
        row.pop("Closed", None)
    write_csv(tmp_path / "x.csv", rows)
    (source,) = expanded(["x.csv"], tmp_path)
    monkeypatch.setattr("opencdi.records.guessing.contents.SAMPLE", 45)
    proposal = propose(engine, source, "incidents")
    assert (proposal.looked_at, proposal.rows) == (45, 90)
    assert 'formats = ["%d/%m/%Y %H:%M"]' in proposal.text
    assert not any("Call Received" in doubt for doubt in proposal.doubts)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("INC_REF_NO", ("incident", "number")),
        ("incidentNumber", ("incident", "number")),
        ("CrimeNo", ("crime", "number")),
        ("crimeno", ("crime", "number")),
        ("UCPDI#", ("ucpdi", "number")),
        ("Date/Time Closed", ("date", "time", "closing")),
        ("Vic. D.O.B.", ("victim", "birth")),
    ],
)
def test_a_heading_is_cut_into_the_words_it_stands_for(heading: str, words: tuple[str, ...]) -> None:
    assert words_of(heading) == words


@pytest.mark.shared_data
def test_call_types_of_five_cities_are_understood_as_people_sorted_them(shared_data: Path) -> None:
    """Of the call types that people called violent, property, sexual, drug or domestic crimes, at least
    nine in ten are proposed as a crime, and of alarms and traffic at most one in ten."""
    from python_calamine import CalamineWorkbook

    from opencdi.schema import CRIME_GROUPS

    book = CalamineWorkbook.from_path(str(shared_data / "call-type-taxonomy" / "CallTypes_TS.xlsx"))
    rows = book.get_sheet_by_name("CallTypes").to_python()[1:]
    crimes = {"Violent Crime", "Property Crime", "Sex Offenses", "Drugs", "Domestic Violence"}

    def share_proposed_as_crime(categories: set[str]) -> float:
        texts = [str(row[2]) for row in rows if str(row[4]).strip() in categories]
        found = [likely_meaning("opening_group", text) in CRIME_GROUPS for text in texts]
        return sum(found) / len(found)

    assert share_proposed_as_crime(crimes) >= 0.9
    assert share_proposed_as_crime({"Alarms", "Traffic", "Accidents/Traffic Safety"}) <= 0.1
