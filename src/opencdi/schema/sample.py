"""The incidents that a sample is drawn from, what was judged of it, and the rates."""

from __future__ import annotations

from opencdi.schema.columns import Column, Table, text
from opencdi.schema.words import ANSWERS, VERDICTS_ON_A_CRIME

POPULATION = Table(
    "population",
    "one incident of the audit, as the frame needs it",
    ("incident_id",),
    (
        text("incident_id", "The incident", required=True),
        text(
            "kind",
            "Ordinary, or why it cannot be judged",
            True,
            ("ordinary", "no_narrative", "not_auditable"),
        ),
        text("record", "What the linked records are", True, ("ordinary", "n100", "cancelled")),
        text("channel", "Channel of the report", required=True),
        text("opening_group", "Opening group", required=True),
        text("offence_group", "Reported group of the most serious crime required or recorded", required=True),
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
        text("incident_id", "The sampled incident, or a seeded known case", required=True),
        Column(
            "required_no",
            "integer",
            "Number within the incident, from 1; 0 where nothing is required",
            required=True,
        ),
        text("verdict", "What stands", required=True, allowed=VERDICTS_ON_A_CRIME),
        text("class_required", "Home Office class required"),
        text("class_recorded", "Home Office class on record"),
        text("crime_id", "Recorded crime"),
        text("offence_group", "Group of the required (else recorded) offence"),
        text("offence_subgroup", "Its subgroup"),
        Column("domestic_abuse", "boolean", "Domestic abuse"),
        text("edition", "Edition of the rules it was judged under"),
        text("within_24_hours", "Recorded within 24 hours of the report", allowed=ANSWERS),
        text("class_right", "Recorded in the right class", allowed=ANSWERS),
        text("cancellation_right", "If it was cancelled, rightly", allowed=ANSWERS),
        text("n100_right", "If it is an N100, rightly", allowed=ANSWERS),
        text("victim_told", "If the victim was to be told, were they", allowed=ANSWERS),
        text("cause", "Cause of the error, from the list of causes"),
        text("first_auditor", "Who judged first, as a code"),
        text("first_verdict", "First blind judgement", allowed=VERDICTS_ON_A_CRIME),
        text("second_auditor", "Who judged second, as a code"),
        text("second_verdict", "Second blind judgement", allowed=VERDICTS_ON_A_CRIME),
        text("settled_by", "How it was settled", allowed=("single", "agreement", "adjudication")),
        text("reread_verdict", "Verdict at the random re-reading", allowed=VERDICTS_ON_A_CRIME),
        Column("reread_chance", "number", "Probability with which the incident was drawn for re-reading"),
        text(
            "known_verdict", "Truth of a seeded known case, no part of the sample", False, VERDICTS_ON_A_CRIME
        ),
    ),
)

RATES = Table(
    "rates",
    "one published figure, with all it needs to be understood and checked",
    ("measure", "dimension", "group_name"),
    (
        text("measure", "What it measures", required=True),
        text("dimension", "Kind of group: all, flag, offence_group, offence_subgroup", required=True),
        text("group_name", "The group", required=True),
        text("unit", "Unit of the figure", required=True, allowed=("share", "crimes", "coefficient")),
        Column("numerator", "integer", "Crimes read that count, unweighted"),
        Column("denominator", "integer", "Crimes read of which they count, unweighted"),
        Column("open_cases", "integer", "Crimes read that could not be judged"),
        Column("unread", "integer", "Sampled incidents without a verdict"),
        Column("estimate", "number", "The figure for the population; null where it cannot be given"),
        Column("lower", "number", "Lower limit of the interval"),
        Column("upper", "number", "Upper limit of the interval"),
        text("method", "How the interval was worked out"),
        Column("confidence", "number", "Confidence of the interval, such as 0.95"),
        Column("worst_lower", "number", "Lower limit if every unjudged case were an error"),
        Column("worst_upper", "number", "Upper limit if no unjudged case were an error"),
        Column("official_lower", "number", "Lower limit of the simple interval official reports publish"),
        Column("official_upper", "number", "Upper limit of that interval"),
        Column("standard_error", "number", "Standard error under the design"),
        Column("effective_size", "number", "Independent readings worth the same"),
        Column("degrees_of_freedom", "number", "Degrees of freedom of the variance"),
        Column("design_effect", "number", "Crimes read / effective size"),
        text("estimator", "How the figure was worked out"),
        text("note", "What a reader must know", required=True),
        text("design", "Sampling design", required=True),
        text("edition", "Edition of the counting rules", required=True),
        text("seed", "The public seed", required=True),
        text("frame_sha256", "Hash of the frame", required=True),
        text("commitment", "Hash of the design that was published before the seed", required=True),
        text("sample_sha256", "Hash of the sample", required=True),
        text("verdicts_sha256", "Hash of the verdicts", required=True),
        text("code_version", "Version of OpenCDI", required=True),
    ),
)
