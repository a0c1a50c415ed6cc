"""What was read from the exports, and what was not taken and why."""

from __future__ import annotations

from opencdi.schema.columns import Column, Table, origin, place, text
from opencdi.schema.words import (
    ANSWERS,
    CALLER_ROLES,
    CHANNELS,
    CRIME_STATUSES,
    FLAGS,
    INCIDENT_GROUPS,
    PARTY_ROLES,
    REJECT_EFFECTS,
)

INCIDENTS = Table(
    "incidents",
    "one registered report (a log), from any channel",
    ("incident_id",),
    (
        text("incident_id", "The force's incident number, as written", required=True),
        text("force", "Name of the force", required=True),
        Column("reported_at", "instant", "When the report reached the police", required=True),
        text("channel", "How it came in", required=True, allowed=CHANNELS),
        text("caller_role", "Who reported", required=True, allowed=CALLER_ROLES),
        text("opening_code", "Opening code, as written"),
        text("opening_group", "What the opening code says it is", required=True, allowed=INCIDENT_GROUPS),
        Column("closing_codes", "list", "Closing codes, as written, in order"),
        text(
            "closing_group", "What the (last) closing code says it is", required=True, allowed=INCIDENT_GROUPS
        ),
        Column("flags", "list", f"Qualifiers, mapped: {', '.join(FLAGS)}"),
        Column("attended_at", "instant", "When an officer attended"),
        Column("closed_at", "instant", "When the log was closed"),
        text("unit", "Unit that attended or owned the log"),
        *place(),
        text("other_force", "Force in whose area it happened, where the log names another"),
        Column("crime_references", "list", "Crime references typed in fields of the log, as written"),
        text("narrative", "The whole log text"),
        Column("auditable", "boolean", "False where the record cannot be audited", required=True),
        text("not_auditable_reason", "Why it cannot be audited"),
        *origin(),
    ),
)

CRIMES = Table(
    "crimes",
    "one record in the force's crime system",
    ("crime_id",),
    (
        text("crime_id", "The force's crime reference, as written", required=True),
        text("force", "Name of the force", required=True),
        text("incident_reference", "Incident number typed on the crime, as written"),
        Column("reported_at", "instant", "When the crime record says it was reported"),
        Column("recorded_at", "instant", "When the crime was recorded", required=True),
        Column("occurred_from", "instant", "Earliest time of the offence"),
        Column("occurred_to", "instant", "Latest time of the offence"),
        text("class_code", "Home Office class, such as 8N or 19C; null where it could not be mapped"),
        text("subcode", "Home Office classification, such as 008/06"),
        text("offence_written", "Offence code or title, as written"),
        text("status", "State of the record", required=True, allowed=CRIME_STATUSES),
        text("n100_code", "N100/1, N100/2 or N100/3"),
        text("cancellation_code", "C1 to C5, as mapped"),
        Column("cancelled_at", "instant", "When it was cancelled or transferred"),
        text("cancelled_by", "Role of who decided the cancellation"),
        text("cancellation_reason", "Rationale, as written"),
        text("victim_informed", "Was the victim told", allowed=ANSWERS),
        text("outcome_code", "Outcome type, 1 to 22"),
        Column("outcome_at", "instant", "When the outcome was applied"),
        Column("flags", "list", f"Crime flags, mapped: {', '.join(FLAGS)}"),
        *place(),
        text("summary", "Circumstances or modus operandi, as written"),
        *origin(),
    ),
)

PARTIES = Table(
    "parties",
    "one person or organisation in one role on one incident or crime",
    ("record_kind", "record_id", "party_no"),
    (
        text("record_kind", "Which table record_id points to", required=True, allowed=("incident", "crime")),
        text("record_id", "incident_id or crime_id", required=True),
        Column("party_no", "integer", "Number within the record, from 1", required=True),
        text("role", "Role", required=True, allowed=PARTY_ROLES),
        text("surname", "Surname, or the name of an organisation, upper case"),
        text("forename", "Forename, upper case"),
        Column("born_on", "date", "Date of birth"),
        text("sex", "F, M or X", allowed=("F", "M", "X")),
        text("telephone", "Digits only"),
        Column("organisation", "boolean", "True for a business or other body"),
    ),
)

REJECTS = Table(
    "rejects",
    "one row of an export that was not accepted, or one value that was not",
    ("source_file", "source_line", "column_name", "table_name"),
    (
        text("source_file", "File", required=True),
        Column("source_line", "integer", "Line (or sheet row), from 1", required=True),
        text("column_name", "Column, or '' for the whole row", required=True),
        text("table_name", "Table the row was meant for", required=True),
        text("effect", "What became of it", required=True, allowed=REJECT_EFFECTS),
        text("reason", "Short code of the reason", required=True),
        text("value_class", "Shape of the value: 99/99/9999, AAA9, ...; never the value itself"),
        text("sentence", "What is wrong and what to do", required=True),
        text("raw", "The row as read, kept so that nothing is lost; never shown"),
    ),
)

RECONCILIATION = Table(
    "reconciliation",
    "one export file (and sheet)",
    ("source_file", "table_name"),
    (
        text("source_file", "File", required=True),
        text("table_name", "Table it feeds", required=True),
        Column("rows_in", "integer", "Rows in the file", required=True),
        Column("accepted", "integer", "Rows accepted", required=True),
        Column("rejected", "integer", "Rows rejected", required=True),
        Column("skipped", "integer", "Rows skipped by a rule the profile declares", required=True),
        Column(
            "superseded",
            "integer",
            "Rows whose number a later export gives again: the later row stands",
            required=True,
        ),
        Column(
            "exact_duplicates",
            "integer",
            "Accepted or rejected rows that repeat an earlier row",
            required=True,
        ),
        Column(
            "repeated_numbers",
            "integer",
            "Rows whose number stood on an earlier, different row",
            required=True,
        ),
        Column(
            "values_unmapped",
            "integer",
            "Rows neither rejected nor skipped with a value no code list knows",
            required=True,
        ),
        text("sha256", "Hash of the file", required=True),
    ),
)
