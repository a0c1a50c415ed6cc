"""Every table of an audit: its columns, types and meaning, said once.

Validation, documents and published metadata are derived from what stands here.

Types are the portable few that DuckDB, Parquet and Spark share: ``text``, ``integer``,
``number``, ``boolean``, ``date``, ``instant`` (a moment in UTC) and ``list`` (of text) or
``integers`` (list of integer).
Identifiers are always text. An unknown value is null, never an empty string; a list is never null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "boolean", "date", "instant", "list", "integers"]

# The field's words, as every table spells them ----------------------------------------------------

CHANNELS = (
    "999",
    "101",
    "online",
    "front_counter",
    "officer",
    "agency_referral",
    "crime_bureau",
    "other",
    "unknown",
)

CALLER_ROLES = ("victim", "third_party", "professional", "witness", "officer", "suspect", "unknown")
"""Who reported. ``third_party`` is a lay person acting for the victim (a parent, a carer);
``professional`` is a third party acting in the victim's interest (doctor, teacher, social worker)."""

INCIDENT_GROUPS = (
    "violence",
    "domestic",
    "sexual",
    "stalking_harassment",
    "robbery",
    "burglary",
    "vehicle_crime",
    "theft",
    "damage",
    "drugs",
    "weapons",
    "public_order",
    "fraud",
    "other_crime",
    "crime_related_incident",
    "anti_social_behaviour",
    "suspicious",
    "welfare",
    "missing_person",
    "transport",
    "administration",
    "other",
    "unknown",
)
"""What an opening or closing code says the incident is, in a vocabulary all forces share."""

CRIME_GROUPS = frozenset(INCIDENT_GROUPS[: INCIDENT_GROUPS.index("crime_related_incident")])
"""The incident groups whose codes name a crime."""

PARTY_ROLES = ("victim", "suspect", "caller", "witness", "other")

CRIME_STATUSES = ("live", "cancelled", "transferred", "n100")

FLAGS = (
    "domestic_abuse",
    "hate_race",
    "hate_religion",
    "hate_sexual_orientation",
    "hate_disability",
    "hate_transgender",
    "child_sexual_abuse",
    "child_sexual_exploitation",
    "honour_based_abuse",
    "online",
    "alcohol",
    "corrosive",
    "metal_theft",
    "spiking",
    "knife",
    "firearm",
    "emergency_worker",
    "modern_slavery",
    "mental_health",
    "vulnerable",
    "drugs",
    "youth",
)
"""Crime flags and incident qualifiers, mapped to one vocabulary."""

LINK_CLASSES = ("clear", "ambiguous", "weak", "none")

ASSERTIONS = ("asserted", "negated", "hypothetical", "retracted", "past", "other_incident")
"""How a log speaks of an offence. Only ``asserted`` ones can require a crime; ``past`` ones may."""

ANSWERS = ("yes", "no", "unknown")

RECORD_AS = ("crime", "n100", "n300", "crime_related_incident", "none")

OFFENCE_OUTCOMES = (
    "principal",
    "merged",
    "n100",
    "n300",
    "crime_related_incident",
    "not_recorded",
    "cannot_tell",
)

MATCH_OUTCOMES = (
    "correct",
    "late",
    "wrong_class",
    "n100",
    "cancelled",
    "missing",
    "additional",
    "elsewhere",
    "cannot_tell",
)
"""``additional``: a linked crime that nothing required. ``elsewhere``: a further log of an event whose
crime is recorded from, or looked for on, another log."""

FINDING_KINDS = (
    "missing",
    "additional_missing",
    "wrong_class",
    "late",
    "n100_instead_of_crime",
    "wrongly_cancelled",
    "over_recorded",
    "paperwork",
    "cannot_tell",
)


REJECT_EFFECTS = ("row_rejected", "value_dropped", "noted")
"""What an unacceptable row or value led to: the whole row was left out, the value alone was made null,
or the value was taken and how it was understood is stated."""

VERDICTS_ON_A_CRIME = (
    "correct",
    "late",
    "wrong_class",
    "paperwork",
    "missing",
    "n100_wrong",
    "cancelled_wrong",
    "over_recorded",
    "nothing_required",
    "cannot_tell",
)
"""What an auditor may decide of one required crime; ``nothing_required`` is said of a whole incident."""


@dataclass(frozen=True)
class Column:
    """One column: its name, kind and meaning, and what values it may hold."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its key (which also orders the rows on disk) and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _text(name: str, meaning: str, required: bool = False, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", meaning, required, allowed)


def _place() -> tuple[Column, ...]:
    return (
        _text("address", "Address or place as written"),
        _text("postcode", "Postcode, upper case, one space"),
        _text("beat", "Beat, ward or neighbourhood code"),
        Column("latitude", "number", "Degrees north, WGS84"),
        Column("longitude", "number", "Degrees east, WGS84"),
    )


def _origin() -> tuple[Column, ...]:
    return (
        _text("source_file", "File the row was read from", required=True),
        Column("source_line", "integer", "Line (or sheet row) in that file, from 1", required=True),
    )


INCIDENTS = Table(
    "incidents",
    "one registered report (a log), from any channel",
    ("incident_id",),
    (
        _text("incident_id", "The force's incident number, as written", required=True),
        _text("force", "Name of the force", required=True),
        Column("reported_at", "instant", "When the report reached the police", required=True),
        _text("channel", "How it came in", required=True, allowed=CHANNELS),
        _text("caller_role", "Who reported", required=True, allowed=CALLER_ROLES),
        _text("opening_code", "Opening code, as written"),
        _text("opening_group", "What the opening code says it is", required=True, allowed=INCIDENT_GROUPS),
        Column("closing_codes", "list", "Closing codes, as written, in order"),
        _text(
            "closing_group", "What the (last) closing code says it is", required=True, allowed=INCIDENT_GROUPS
        ),
        Column("flags", "list", f"Qualifiers, mapped: {', '.join(FLAGS)}"),
        Column("attended_at", "instant", "When an officer attended"),
        Column("closed_at", "instant", "When the log was closed"),
        _text("unit", "Unit that attended or owned the log"),
        *_place(),
        _text("other_force", "Force in whose area it happened, where the log names another"),
        Column("crime_references", "list", "Crime references typed in fields of the log, as written"),
        _text("narrative", "The whole log text"),
        Column("auditable", "boolean", "False where the record cannot be audited", required=True),
        _text("not_auditable_reason", "Why it cannot be audited"),
        *_origin(),
    ),
)

CRIMES = Table(
    "crimes",
    "one record in the force's crime system",
    ("crime_id",),
    (
        _text("crime_id", "The force's crime reference, as written", required=True),
        _text("force", "Name of the force", required=True),
        _text("incident_reference", "Incident number typed on the crime, as written"),
        Column("reported_at", "instant", "When the crime record says it was reported"),
        Column("recorded_at", "instant", "When the crime was recorded", required=True),
        Column("occurred_from", "instant", "Earliest time of the offence"),
        Column("occurred_to", "instant", "Latest time of the offence"),
        _text("class_code", "Home Office class, such as 8N or 19C; null where it could not be mapped"),
        _text("subcode", "Home Office classification, such as 008/06"),
        _text("offence_written", "Offence code or title, as written"),
        _text("status", "State of the record", required=True, allowed=CRIME_STATUSES),
        _text("n100_code", "N100/1, N100/2 or N100/3"),
        _text("cancellation_code", "C1 to C5, as mapped"),
        Column("cancelled_at", "instant", "When it was cancelled or transferred"),
        _text("cancelled_by", "Role of who decided the cancellation"),
        _text("cancellation_reason", "Rationale, as written"),
        _text("victim_informed", "Was the victim told", allowed=ANSWERS),
        _text("outcome_code", "Outcome type, 1 to 22"),
        Column("outcome_at", "instant", "When the outcome was applied"),
        Column("flags", "list", f"Crime flags, mapped: {', '.join(FLAGS)}"),
        *_place(),
        _text("summary", "Circumstances or modus operandi, as written"),
        *_origin(),
    ),
)

PARTIES = Table(
    "parties",
    "one person or organisation in one role on one incident or crime",
    ("record_kind", "record_id", "party_no"),
    (
        _text("record_kind", "Which table record_id points to", required=True, allowed=("incident", "crime")),
        _text("record_id", "incident_id or crime_id", required=True),
        Column("party_no", "integer", "Number within the record, from 1", required=True),
        _text("role", "Role", required=True, allowed=PARTY_ROLES),
        _text("surname", "Surname, or the name of an organisation, upper case"),
        _text("forename", "Forename, upper case"),
        Column("born_on", "date", "Date of birth"),
        _text("sex", "F, M or X", allowed=("F", "M", "X")),
        _text("telephone", "Digits only"),
        Column("organisation", "boolean", "True for a business or other body"),
    ),
)

REJECTS = Table(
    "rejects",
    "one row of an export that was not accepted, or one value that was not",
    ("source_file", "source_line", "column_name", "table_name"),
    (
        _text("source_file", "File", required=True),
        Column("source_line", "integer", "Line (or sheet row), from 1", required=True),
        _text("column_name", "Column, or '' for the whole row", required=True),
        _text("table_name", "Table the row was meant for", required=True),
        _text("effect", "What became of it", required=True, allowed=REJECT_EFFECTS),
        _text("reason", "Short code of the reason", required=True),
        _text("value_class", "Shape of the value: 99/99/9999, AAA9, ...; never the value itself"),
        _text("sentence", "What is wrong and what to do", required=True),
        _text("raw", "The row as read, kept so that nothing is lost; never shown"),
    ),
)

RECONCILIATION = Table(
    "reconciliation",
    "one export file (and sheet)",
    ("source_file", "table_name"),
    (
        _text("source_file", "File", required=True),
        _text("table_name", "Table it feeds", required=True),
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
        _text("sha256", "Hash of the file", required=True),
    ),
)

LINK_COMPARISONS = ("reference", "person", "place", "delay", "offence")

LINKS = Table(
    "links",
    "one recorded crime, with the incident it came from, if any was found",
    ("crime_id",),
    (
        _text("crime_id", "The crime", required=True),
        _text("incident_id", "The best incident; null where link_class is none"),
        _text("link_class", "How sure", required=True, allowed=LINK_CLASSES),
        Column("probability", "number", "Calibrated probability that the link is right"),
        Column("weight", "number", "Match weight in bits"),
        Column("margin", "number", "Weight minus that of the runner-up; null where there is none"),
        _text("runner_up_incident_id", "Second best incident"),
        Column("candidates", "integer", "How many incidents were candidates", required=True),
        Column("via", "list", "Candidate rules that proposed the pair"),
        *(
            column
            for comparison in LINK_COMPARISONS
            for column in (
                _text(
                    f"{comparison}_level", f"Level of the {comparison} comparison, as named in the weights"
                ),
                Column(f"{comparison}_weight", "number", f"Bits from the {comparison} comparison"),
            )
        ),
    ),
)

DISCLOSED_OFFENCES = Table(
    "disclosed_offences",
    "one offence that one report describes, against one victim",
    ("incident_id", "offence_no"),
    (
        _text("incident_id", "The incident", required=True),
        Column("offence_no", "integer", "Number within the incident, from 1", required=True),
        _text("class_code", "Home Office class the words or codes support", required=True),
        _text("subcode", "Home Office classification, where the words settle it"),
        _text("concept", "Concept of the pattern book, such as injury or pursuit", required=True),
        _text("assertion", "How the log speaks of it", required=True, allowed=ASSERTIONS),
        Column("attempted", "boolean", "An attempt", required=True),
        Column("victim_no", "integer", "Which victim, from 1; 0 for the state", required=True),
        _text("victim_kind", "Who suffers it", required=True, allowed=("person", "organisation", "state")),
        _text("victim_sex", "F, M or X, where known", allowed=("F", "M", "X")),
        Column("victim_age", "integer", "Age in years, where known"),
        Column(
            "suspect_group",
            "integer",
            "Which suspect or group acting together, from 1; 0 where unknown",
            True,
        ),
        _text(
            "relationship",
            "Victim to suspect",
            allowed=("partner", "family", "acquaintance", "stranger", "unknown"),
        ),
        Column("occurred_on", "date", "Date of the offence, where the log gives another than the report's"),
        _text(
            "victim_confirms",
            "Does the victim, or who acts for them, confirm",
            required=True,
            allowed=ANSWERS,
        ),
        _text("victim_traced", "Can the victim be traced", required=True, allowed=ANSWERS),
        _text("evidence_to_contrary", "Credible evidence to the contrary", required=True, allowed=ANSWERS),
        _text("other_force_records", "Another force's area or already recorded there", True, ANSWERS),
        _text("school_deals", "Left to a school under the protocol", required=True, allowed=ANSWERS),
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
        _text("basis", "What it rests on", required=True, allowed=("words", "code", "both")),
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
        _text("incident_id", "The incident", required=True),
        Column("required_no", "integer", "Number within the incident, from 1", required=True),
        _text("edition", "Edition of the rules that applied", required=True),
        _text("record_as", "What should be on record", required=True, allowed=RECORD_AS),
        _text("n100_code", "N100/1, N100/2 or N100/3"),
        _text("class_code", "Home Office class", required=True),
        _text("subcode", "Home Office classification, where settled"),
        _text("offence_group", "Group of the offence list", required=True),
        _text("offence_subgroup", "Subgroup of the offence list", required=True),
        Column("victim_no", "integer", "Which victim; 0 for the state", required=True),
        Column("suspect_group", "integer", "Which suspect or group; 0 where unknown", required=True),
        Column("offence_nos", "integers", "Disclosed offences counted in it; the principal one first"),
        Column("deadline_at", "instant", "Latest time to record it", required=True),
        Column("flags_due", "list", "Flags due on the record"),
        Column("strength", "number", "Strength of the principal offence, 0 to 1", required=True),
        _text(
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
        _text("incident_id", "The incident", required=True),
        Column("offence_no", "integer", "The disclosed offence", required=True),
        _text("outcome", "What became of it", required=True, allowed=OFFENCE_OUTCOMES),
        Column("required_no", "integer", "Required crime it counts in; null where none"),
        Column(
            "stopped_at_step",
            "integer",
            "Step of the recording flow at which it stopped; null where it went through",
        ),
        Column("rules", "list", "Rules that decided, in order"),
    ),
)

MATCHES = Table(
    "matches",
    "one required crime with the recorded crime that answers it, or a linked crime that answers none",
    ("incident_id", "match_no"),
    (
        _text("incident_id", "The incident", required=True),
        Column("match_no", "integer", "Number within the incident, from 1", required=True),
        Column("required_no", "integer", "Required crime; null for a crime nothing required"),
        _text("crime_id", "Recorded crime; null where there is none"),
        _text("outcome", "How they compare", required=True, allowed=MATCH_OUTCOMES),
        Column("hours_to_record", "number", "Hours from report to recording"),
    ),
)

FINDINGS = Table(
    "findings",
    "one lead: what the machine thinks is wrong with the recording of one report",
    ("finding_id",),
    (
        _text(
            "finding_id", "incident, required crime or crime, and kind; stable between runs", required=True
        ),
        _text("kind", "Kind, by the taxonomy of recording errors", required=True, allowed=FINDING_KINDS),
        _text("incident_id", "The incident; null for a crime without one"),
        Column("required_no", "integer", "Required crime concerned"),
        _text("crime_id", "Recorded crime concerned"),
        _text("edition", "Edition of the rules", required=True),
        _text("class_required", "Class the rules require"),
        _text("class_recorded", "Class on record"),
        _text("offence_group", "Group of the required (else recorded) offence", required=True),
        _text("offence_subgroup", "Its subgroup", required=True),
        Column("domestic_abuse", "boolean", "Domestic abuse disclosed or flagged", required=True),
        _text("channel", "Channel of the incident"),
        _text("opening_group", "Opening group of the incident"),
        _text("closing_group", "Closing group of the incident"),
        Column("reported_at", "instant", "When it was reported"),
        Column("deadline_at", "instant", "Latest time to record"),
        Column("hours_late", "number", "Hours past the deadline at recording"),
        Column("seriousness", "integer", "1 (most serious) to 5, from the class", required=True),
        Column(
            "confidence", "number", "How far words, codes and links support the lead, 0 to 1", required=True
        ),
        _text("details", "Paperwork: flag, victim, rationale, victim_not_told; otherwise a finer reason"),
        _text("explanation", "One plain sentence; never a name, an address or the narrative", required=True),
        _text("settles", "What would settle it", required=True),
    ),
)

POPULATION = Table(
    "population",
    "one incident of the audit, as the frame needs it",
    ("incident_id",),
    (
        _text("incident_id", "The incident", required=True),
        _text(
            "kind",
            "Ordinary, or why it cannot be judged",
            True,
            ("ordinary", "no_narrative", "not_auditable"),
        ),
        _text("record", "What the linked records are", True, ("ordinary", "n100", "cancelled")),
        _text("channel", "Channel of the report", required=True),
        _text("opening_group", "Opening group", required=True),
        _text(
            "offence_group", "Reported group of the most serious crime required or recorded", required=True
        ),
        Column("domestic_abuse", "boolean", "Domestic abuse disclosed or flagged", required=True),
        Column("required", "integer", "Required crimes the machine expects", required=True),
        Column("score", "number", "Expected chance that one of them is missing, 0 to 1", required=True),
    ),
)

VERDICTS = Table(
    "verdicts",
    "what stands for one required crime of the sample after two blind judgements",
    ("incident_id", "required_no"),
    (
        _text("incident_id", "The sampled incident, or a seeded known case", required=True),
        Column(
            "required_no",
            "integer",
            "Number within the incident, from 1; 0 where nothing is required",
            required=True,
        ),
        _text("verdict", "What stands", required=True, allowed=VERDICTS_ON_A_CRIME),
        _text("class_required", "Home Office class required"),
        _text("class_recorded", "Home Office class on record"),
        _text("crime_id", "Recorded crime"),
        _text("offence_group", "Group of the required (else recorded) offence"),
        _text("offence_subgroup", "Its subgroup"),
        Column("domestic_abuse", "boolean", "Domestic abuse"),
        _text("edition", "Edition of the rules it was judged under"),
        _text("within_24_hours", "Recorded within 24 hours of the report", allowed=ANSWERS),
        _text("class_right", "Recorded in the right class", allowed=ANSWERS),
        _text("cancellation_right", "If it was cancelled, rightly", allowed=ANSWERS),
        _text("n100_right", "If it is an N100, rightly", allowed=ANSWERS),
        _text("victim_told", "If the victim was to be told, were they", allowed=ANSWERS),
        _text("cause", "Cause of the error, from the list of causes"),
        _text("first_auditor", "Who judged first, as a code"),
        _text("first_verdict", "First blind judgement", allowed=VERDICTS_ON_A_CRIME),
        _text("second_auditor", "Who judged second, as a code"),
        _text("second_verdict", "Second blind judgement", allowed=VERDICTS_ON_A_CRIME),
        _text("settled_by", "How it was settled", allowed=("single", "agreement", "adjudication")),
        _text("reread_verdict", "Verdict at the random re-reading", allowed=VERDICTS_ON_A_CRIME),
        Column("reread_chance", "number", "Probability with which the incident was drawn for re-reading"),
        _text(
            "known_verdict", "Truth of a seeded known case, no part of the sample", False, VERDICTS_ON_A_CRIME
        ),
    ),
)

RATES = Table(
    "rates",
    "one published figure, with all it needs to be understood and checked",
    ("measure", "dimension", "group_name"),
    (
        _text("measure", "What it measures", required=True),
        _text("dimension", "Kind of group: all, flag, offence_group, offence_subgroup", required=True),
        _text("group_name", "The group", required=True),
        _text("unit", "Unit of the figure", required=True, allowed=("share", "crimes", "coefficient")),
        Column("numerator", "integer", "Crimes read that count, unweighted"),
        Column("denominator", "integer", "Crimes read of which they count, unweighted"),
        Column("open_cases", "integer", "Crimes read that could not be judged"),
        Column("unread", "integer", "Sampled incidents without a verdict"),
        Column("estimate", "number", "The figure for the population; null where it cannot be given"),
        Column("lower", "number", "Lower limit of the interval"),
        Column("upper", "number", "Upper limit of the interval"),
        _text("method", "How the interval was worked out"),
        Column("confidence", "number", "Confidence of the interval, such as 0.95"),
        Column("worst_lower", "number", "Lower limit if every unjudged case were an error"),
        Column("worst_upper", "number", "Upper limit if no unjudged case were an error"),
        Column("official_lower", "number", "Lower limit of the simple interval official reports publish"),
        Column("official_upper", "number", "Upper limit of that interval"),
        Column("standard_error", "number", "Standard error under the design"),
        Column("effective_size", "number", "Independent readings worth the same"),
        Column("degrees_of_freedom", "number", "Degrees of freedom of the variance"),
        Column("design_effect", "number", "Crimes read / effective size"),
        _text("estimator", "How the figure was worked out"),
        _text("note", "What a reader must know", required=True),
        _text("design", "Sampling design", required=True),
        _text("edition", "Edition of the counting rules", required=True),
        _text("seed", "The public seed", required=True),
        _text("frame_sha256", "Hash of the frame", required=True),
        _text("commitment", "Hash of the design that was published before the seed", required=True),
        _text("sample_sha256", "Hash of the sample", required=True),
        _text("verdicts_sha256", "Hash of the verdicts", required=True),
        _text("code_version", "Version of OpenCDI", required=True),
    ),
)

HARM_GROUPS = ("rape", "other_sexual", "domestic_abuse", "child", "stalking", "other")
"""Groups whose missing crimes do most harm, in the order they are read unless the user sets another."""

SCORES = Table(
    "scores",
    "one incident, with the probability that a crime it requires is missing from the record",
    ("incident_id",),
    (
        _text("incident_id", "The incident", required=True),
        _text("stratum", "Whether there was a log to read", True, ("read", "no_narrative", "not_readable")),
        Column("described", "number", "Probability, from the patterns, that it describes a crime", True),
        Column("learned", "number", "Probability, from the force's own words, that it would be recorded"),
        Column("known_words", "number", "Share of its words the learned model had seen", True),
        Column("crime", "number", "Probability, from all of these, that it requires a crime", True),
        Column("on_record", "number", "Probability that a linked record answers it", True),
        Column("missing", "number", "Probability that a required crime is missing", True),
        _text("class_code", "Most serious class the log supports; null where none"),
        Column("seriousness", "integer", "1 (most serious) to 5, of that class", True),
        _text("harm_group", "Harm group", required=True, allowed=HARM_GROUPS),
        Column("fold", "integer", "Fold whose model scored it", required=True),
        Column("telling_words", "list", "Terms that moved the learned score, with their weight"),
        _text("why", "One plain sentence; never a name, an address or the narrative", required=True),
    ),
)

LEADS = Table(
    "leads",
    "one incident in the order in which reading pays",
    ("rank",),
    (
        Column("rank", "integer", "Place in the order, from 1", required=True),
        _text("incident_id", "The incident", required=True),
        Column("batch", "integer", "Worklist it was written to; null where not yet"),
        Column("seriousness", "integer", "1 (most serious) to 5", required=True),
        Column("probability", "number", "Probability that a required crime is missing", required=True),
        _text("harm_group", "Harm group", required=True, allowed=HARM_GROUPS),
        Column("control", "boolean", "In the random control sample", required=True),
        _text(
            "verdict",
            "Verdict of the reader; null where not read",
            allowed=("missing", "not_missing", "cannot_tell"),
        ),
        _text("why", "One plain sentence", required=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        INCIDENTS,
        CRIMES,
        PARTIES,
        REJECTS,
        RECONCILIATION,
        LINKS,
        DISCLOSED_OFFENCES,
        REQUIRED_CRIMES,
        OFFENCE_DECISIONS,
        MATCHES,
        FINDINGS,
        POPULATION,
        SCORES,
        LEADS,
        VERDICTS,
        RATES,
    )
}
