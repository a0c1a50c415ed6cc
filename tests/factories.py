"""Rows of the audit's tables for tests: say what matters, the rest is plain and lawful.

``tables(engine, incidents=[incident("I1")], ...)`` gives every table as a relation; those not named
are empty. All people, places and numbers are made up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from opencdi import schema
from opencdi.engine import Engine, Relation, batch_of

Row = dict[str, Any]

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def after(hours: float) -> datetime:
    """So many hours after the reports' usual time."""
    return MONDAY + timedelta(hours=hours)


def incident(incident_id: str, **values: Any) -> Row:
    return {
        "incident_id": incident_id,
        "force": "Testshire",
        "reported_at": MONDAY,
        "channel": "101",
        "caller_role": "victim",
        "opening_code": "AS1",
        "opening_group": "violence",
        "closing_codes": ["AS1"],
        "closing_group": "violence",
        "address": f"Place of {incident_id}",
        "narrative": "INFT REPORTS BEING PUNCHED IN THE FACE BY SUSP",
        "auditable": True,
        "source_file": "incidents.csv",
        "source_line": 2,
        **values,
    }


def crime(crime_id: str, class_code: str = "8N", **values: Any) -> Row:
    return {
        "crime_id": crime_id,
        "force": "Testshire",
        "recorded_at": after(2),
        "class_code": class_code,
        "status": "live",
        "source_file": "crimes.csv",
        "source_line": 2,
        **values,
    }


def link(crime_id: str, incident_id: str | None, link_class: str = "clear", **values: Any) -> Row:
    probability = {"clear": 0.98, "ambiguous": 0.6, "weak": 0.3, "none": None}[link_class]
    return {
        "crime_id": crime_id,
        "incident_id": incident_id,
        "link_class": link_class,
        "probability": probability,
        "candidates": 1,
        **values,
    }


def party(record_kind: str, record_id: str, role: str, party_no: int = 1, **values: Any) -> Row:
    return {
        "record_kind": record_kind,
        "record_id": record_id,
        "party_no": party_no,
        "role": role,
        "organisation": False,
        **values,
    }


def disclosed(incident_id: str, offence_no: int = 1, class_code: str = "8N", **values: Any) -> Row:
    return {
        "incident_id": incident_id,
        "offence_no": offence_no,
        "class_code": class_code,
        "concept": "injury",
        "assertion": "asserted",
        "attempted": False,
        "victim_no": 1,
        "victim_kind": "person",
        "suspect_group": 1,
        "relationship": "unknown",
        "victim_confirms": "yes",
        "victim_traced": "yes",
        "evidence_to_contrary": "no",
        "other_force_records": "no",
        "school_deals": "no",
        "strength": 0.9,
        "basis": "words",
        **values,
    }


_PLACES = {
    "1": ("Violence against the person", "Homicide"),
    "8N": ("Violence against the person", "Violence with injury"),
    "5D": ("Violence against the person", "Violence with injury"),
    "105B": ("Violence against the person", "Violence without injury"),
    "105A": ("Violence against the person", "Violence without injury"),
    "3B": ("Violence against the person", "Violence without injury"),
    "5E": ("Violence against the person", "Violence with injury"),
    "8L": ("Violence against the person", "Stalking and harassment"),
    "8R": ("Violence against the person", "Stalking and harassment"),
    "8U": ("Violence against the person", "Stalking and harassment"),
    "48": ("Vehicle offences", "Vehicle offences"),
    "8Q": ("Violence against the person", "Stalking and harassment"),
    "19C": ("Sexual offences", "Rape"),
    "19D": ("Sexual offences", "Rape"),
    "20A": ("Sexual offences", "Other sexual offences"),
    "34B": ("Robbery", "Robbery of personal property"),
    "39": ("Theft", "Theft from the person"),
    "28I": ("Burglary", "Residential burglary of a home"),
    "45": ("Vehicle offences", "Theft from a vehicle"),
    "9A": ("Public order offences", "Public order offences"),
    "66": ("Public order offences", "Public order offences"),
    "79": ("Miscellaneous crimes against society", "Miscellaneous crimes against society"),
    "46": ("Theft", "Shoplifting"),
    "49": ("Theft", "Other theft"),
    "58A": ("Arson and criminal damage", "Criminal damage"),
    "58C": ("Arson and criminal damage", "Criminal damage"),
}


def required(incident_id: str, required_no: int = 1, class_code: str = "8N", **values: Any) -> Row:
    group, subgroup = _PLACES[class_code]
    return {
        "incident_id": incident_id,
        "required_no": required_no,
        "edition": "2025-04",
        "record_as": "crime",
        "class_code": class_code,
        "offence_group": group,
        "offence_subgroup": subgroup,
        "victim_no": required_no,
        "suspect_group": 1,
        "offence_nos": [required_no],
        "deadline_at": after(24),
        "strength": 0.9,
        "certainty": "required",
        **values,
    }


def decision(incident_id: str, offence_no: int = 1, outcome: str = "principal", **values: Any) -> Row:
    return {"incident_id": incident_id, "offence_no": offence_no, "outcome": outcome, **values}


def finding(kind: str, incident_id: str, class_code: str = "8N", **values: Any) -> Row:
    group, subgroup = _PLACES[class_code]
    required_no = values.get("required_no", 1)
    return {
        "finding_id": f"{incident_id}|{required_no}|{kind}",
        "kind": kind,
        "incident_id": incident_id,
        "required_no": required_no,
        "edition": "2025-04",
        "class_required": class_code,
        "offence_group": group,
        "offence_subgroup": subgroup,
        "domestic_abuse": False,
        "channel": "101",
        "opening_group": "violence",
        "closing_group": "violence",
        "reported_at": MONDAY,
        "deadline_at": after(24),
        "seriousness": 3,
        "confidence": 0.9,
        "explanation": "The report describes an offence and no crime was recorded from it.",
        "settles": "Read the log and its updates.",
        **values,
    }


def tables(engine: Engine, **rows: list[Row]) -> dict[str, Relation]:
    """Every table of the audit as a relation holding the given rows."""
    return {
        name: engine.from_batches(contract, [batch_of(contract, rows.get(name, []))])
        for name, contract in schema.TABLES.items()
    }
