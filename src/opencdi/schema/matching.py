"""Which recorded crime came from which report, what it answers, and where they disagree."""

from __future__ import annotations

from opencdi.schema.columns import Column, Table, text
from opencdi.schema.words import FINDING_KINDS, LINK_CLASSES, MATCH_OUTCOMES

LINK_COMPARISONS = ("reference", "person", "place", "delay", "offence")

LINKS = Table(
    "links",
    "one recorded crime, with the incident it came from, if any was found",
    ("crime_id",),
    (
        text("crime_id", "The crime", required=True),
        text("incident_id", "The best incident; null where link_class is none"),
        text("link_class", "How sure", required=True, allowed=LINK_CLASSES),
        Column("probability", "number", "Calibrated probability that the link is right"),
        Column("weight", "number", "Match weight in bits"),
        Column("margin", "number", "Weight minus that of the runner-up; null where there is none"),
        text("runner_up_incident_id", "Second best incident"),
        Column("candidates", "integer", "How many incidents were candidates", required=True),
        Column("via", "list", "Candidate rules that proposed the pair"),
        *(
            column
            for comparison in LINK_COMPARISONS
            for column in (
                text(f"{comparison}_level", f"Level of the {comparison} comparison, as named in the weights"),
                Column(f"{comparison}_weight", "number", f"Bits from the {comparison} comparison"),
            )
        ),
    ),
)

MATCHES = Table(
    "matches",
    "one required crime with the recorded crime that answers it, or a linked crime that answers none",
    ("incident_id", "match_no"),
    (
        text("incident_id", "The incident", required=True),
        Column("match_no", "integer", "Number within the incident, from 1", required=True),
        Column("required_no", "integer", "Required crime; null for a crime nothing required"),
        text("crime_id", "Recorded crime; null where there is none"),
        text("outcome", "How they compare", required=True, allowed=MATCH_OUTCOMES),
        Column("hours_to_record", "number", "Hours from report to recording"),
    ),
)

FINDINGS = Table(
    "findings",
    "one lead: what the machine thinks is wrong with the recording of one report",
    ("finding_id",),
    (
        text("finding_id", "incident, required crime or crime, and kind; stable between runs", required=True),
        text("kind", "Kind, by the taxonomy of recording errors", required=True, allowed=FINDING_KINDS),
        text("incident_id", "The incident; null for a crime without one"),
        Column("required_no", "integer", "Required crime concerned"),
        text("crime_id", "Recorded crime concerned"),
        text("edition", "Edition of the rules", required=True),
        text("class_required", "Class the rules require"),
        text("class_recorded", "Class on record"),
        text("offence_group", "Group of the required (else recorded) offence", required=True),
        text("offence_subgroup", "Its subgroup", required=True),
        Column("domestic_abuse", "boolean", "Domestic abuse disclosed or flagged", required=True),
        text("channel", "Channel of the incident"),
        text("opening_group", "Opening group of the incident"),
        text("closing_group", "Closing group of the incident"),
        Column("reported_at", "instant", "When it was reported"),
        Column("deadline_at", "instant", "Latest time to record"),
        Column("hours_late", "number", "Hours past the deadline at recording"),
        Column("seriousness", "integer", "1 (most serious) to 5, from the class", required=True),
        Column(
            "confidence", "number", "How far words, codes and links support the lead, 0 to 1", required=True
        ),
        text("details", "Paperwork: flag, victim, rationale, victim_not_told; otherwise a finer reason"),
        text("explanation", "One plain sentence; never a name, an address or the narrative", required=True),
        text("settles", "What would settle it", required=True),
    ),
)
