"""What the logs describe, and what the counting rules require of it."""

from __future__ import annotations

from opencdi.schema.columns import Column, Table, text
from opencdi.schema.words import ANSWERS, ASSERTIONS, FLAGS, OFFENCE_OUTCOMES, RECORD_AS

DISCLOSED_OFFENCES = Table(
    "disclosed_offences",
    "one offence that one report describes, against one victim",
    ("incident_id", "offence_no"),
    (
        text("incident_id", "The incident", required=True),
        Column("offence_no", "integer", "Number within the incident, from 1", required=True),
        text("class_code", "Home Office class the words or codes support", required=True),
        text("subcode", "Home Office classification, where the words settle it"),
        text("concept", "Concept of the pattern book, such as injury or pursuit", required=True),
        text("assertion", "How the log speaks of it", required=True, allowed=ASSERTIONS),
        Column("attempted", "boolean", "An attempt", required=True),
        Column("victim_no", "integer", "Which victim, from 1; 0 for the state", required=True),
        text("victim_kind", "Who suffers it", required=True, allowed=("person", "organisation", "state")),
        text("victim_sex", "F, M or X, where known", allowed=("F", "M", "X")),
        Column("victim_age", "integer", "Age in years, where known"),
        Column(
            "suspect_group",
            "integer",
            "Which suspect or group acting together, from 1; 0 where unknown",
            True,
        ),
        text(
            "relationship",
            "Victim to suspect",
            allowed=("partner", "family", "acquaintance", "stranger", "unknown"),
        ),
        Column("occurred_on", "date", "Date of the offence, where the log gives another than the report's"),
        text(
            "victim_confirms",
            "Does the victim, or who acts for them, confirm",
            required=True,
            allowed=ANSWERS,
        ),
        text("victim_traced", "Can the victim be traced", required=True, allowed=ANSWERS),
        text("evidence_to_contrary", "Credible evidence to the contrary", required=True, allowed=ANSWERS),
        text("other_force_records", "Another force's area or already recorded there", True, ANSWERS),
        text("school_deals", "Left to a school under the protocol", required=True, allowed=ANSWERS),
        Column("offenders", "integer", "How many offenders took part in it, where known"),
        Column(
            "property_no",
            "integer",
            "Which household, building or shop, from 1, where the class counts by it; null: one a victim",
        ),
        Column(
            "finished_incident",
            "integer",
            "1, or more for offending that resumed after police had notice of what went before; null: 1",
        ),
        Column(
            "facts",
            "list",
            "Further facts, as name=value (counting/facts.py); one that is not listed is unknown",
        ),
        Column("flags_due", "list", f"Flags the words call for: {', '.join(FLAGS)}"),
        Column("strength", "number", "How strongly words and codes support it, 0 to 1", required=True),
        text("basis", "What it rests on", required=True, allowed=("words", "code", "both")),
        Column("pattern_ids", "list", "Patterns that fired"),
        Column("span_starts", "integers", "Where each pattern's words begin in the narrative, from 0"),
        Column("span_ends", "integers", "Where they end"),
    ),
)

REQUIRED_CRIMES = Table(
    "required_crimes",
    "one crime (or N100, or crime-related incident) that the rules say should be on record",
    ("incident_id", "required_no"),
    (
        text("incident_id", "The incident", required=True),
        Column("required_no", "integer", "Number within the incident, from 1", required=True),
        text("edition", "Edition of the rules that applied", required=True),
        text("record_as", "What should be on record", required=True, allowed=RECORD_AS),
        text("n100_code", "N100/1, N100/2 or N100/3"),
        text("class_code", "Home Office class", required=True),
        text("subcode", "Home Office classification, where settled"),
        text("offence_group", "Group of the offence list", required=True),
        text("offence_subgroup", "Subgroup of the offence list", required=True),
        Column("victim_no", "integer", "Which victim; 0 for the state", required=True),
        Column("suspect_group", "integer", "Which suspect or group; 0 where unknown", required=True),
        Column("offence_nos", "integers", "Disclosed offences counted in it; the principal one first"),
        Column("deadline_at", "instant", "Latest time to record it", required=True),
        Column("flags_due", "list", "Flags due on the record"),
        Column("strength", "number", "Strength of the principal offence, 0 to 1", required=True),
        text(
            "certainty", "Whether a missing fact could change the answer", True, ("required", "cannot_tell")
        ),
        Column("missing_facts", "list", "Facts that would settle it"),
        Column("rules", "list", "Rules that led here, in order"),
    ),
)

OFFENCE_DECISIONS = Table(
    "offence_decisions",
    "what became of one disclosed offence under the counting rules",
    ("incident_id", "offence_no"),
    (
        text("incident_id", "The incident", required=True),
        Column("offence_no", "integer", "The disclosed offence", required=True),
        text("outcome", "What became of it", required=True, allowed=OFFENCE_OUTCOMES),
        Column("required_no", "integer", "Required crime it counts in; null where none"),
        Column(
            "stopped_at_step",
            "integer",
            "Step of the recording flow at which it stopped; null where it went through",
        ),
        Column("rules", "list", "Rules that decided, in order"),
    ),
)
