"""The tables of the truth: their columns and types."""

from __future__ import annotations

import pyarrow as pa

INSTANT = pa.timestamp("us", tz="UTC")
_TEXT, _WHOLE, _TRUTH = pa.string(), pa.int64(), pa.bool_()

LINKS = pa.schema(
    [("crime_id", _TEXT), ("incident_id", _TEXT), ("reference_state", _TEXT), ("origin", _TEXT)]
)
OFFENCES = pa.schema(
    [
        ("incident_id", _TEXT),
        ("offence_no", _WHOLE),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("victim_no", _WHOLE),
        ("suspect_group", _WHOLE),
        ("assertion", _TEXT),
        ("attempted", _TRUTH),
        ("victim_kind", _TEXT),
        ("victim_sex", _TEXT),
        ("victim_age", _WHOLE),
        ("relationship", _TEXT),
        ("victim_confirms", _TEXT),
        ("victim_traced", _TEXT),
        ("evidence_to_contrary", _TEXT),
        ("other_force_records", _TEXT),
        ("school_deals", _TEXT),
    ]
)
REQUIRED = pa.schema(
    [
        ("incident_id", _TEXT),
        ("required_no", _WHOLE),
        ("record_as", _TEXT),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("offence_subgroup", _TEXT),
        ("victim_no", _WHOLE),
        ("suspect_group", _WHOLE),
        ("n100_code", _TEXT),
        ("crime_id", _TEXT),
        ("error", _TEXT),
        ("cause", _TEXT),
        ("domestic_abuse", _TRUTH),
        ("deadline", INSTANT),
    ]
)
ERRORS_FOUND = pa.schema(
    [
        ("kind", _TEXT),
        ("incident_id", _TEXT),
        ("crime_id", _TEXT),
        ("class_required", _TEXT),
        ("class_recorded", _TEXT),
        ("cause", _TEXT),
        ("details", _TEXT),
    ]
)
UNREGISTERED_CRIMES = pa.schema(
    [
        ("reported", INSTANT),
        ("class_code", _TEXT),
        ("subcode", _TEXT),
        ("offence_subgroup", _TEXT),
        ("domestic_abuse", _TRUTH),
        ("cause", _TEXT),
    ]
)
TABLES = {
    "unregistered": UNREGISTERED_CRIMES,
    "links": LINKS,
    "offences": OFFENCES,
    "required": REQUIRED,
    "errors": ERRORS_FOUND,
}
