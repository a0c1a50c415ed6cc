"""Which incidents to read first."""

from __future__ import annotations

from opencdi.schema.columns import Column, Table, text

HARM_GROUPS = ("rape", "other_sexual", "domestic_abuse", "child", "stalking", "other")
"""Groups whose missing crimes do most harm, in the order they are read unless the user sets another."""

SCORES = Table(
    "scores",
    "one incident, with the probability that a crime it requires is missing from the record",
    ("incident_id",),
    (
        text("incident_id", "The incident", required=True),
        text("stratum", "Whether there was a log to read", True, ("read", "no_narrative", "not_readable")),
        Column("described", "number", "Probability, from the patterns, that it describes a crime", True),
        Column("learned", "number", "Probability, from the force's own words, that it would be recorded"),
        Column("known_words", "number", "Share of its words the learned model had seen", True),
        Column("crime", "number", "Probability, from all of these, that it requires a crime", True),
        Column("on_record", "number", "Probability that a linked record answers it", True),
        Column("missing", "number", "Probability that a required crime is missing", True),
        text("class_code", "Most serious class the log supports; null where none"),
        Column("seriousness", "integer", "1 (most serious) to 5, of that class", True),
        text("harm_group", "Harm group", required=True, allowed=HARM_GROUPS),
        Column("fold", "integer", "Fold whose model scored it", required=True),
        Column("telling_words", "list", "Terms that moved the learned score, with their weight"),
        text("why", "One plain sentence; never a name, an address or the narrative", required=True),
    ),
)

LEADS = Table(
    "leads",
    "one incident in the order in which reading pays",
    ("rank",),
    (
        Column("rank", "integer", "Place in the order, from 1", required=True),
        text("incident_id", "The incident", required=True),
        Column("batch", "integer", "Worklist it was written to; null where not yet"),
        Column("seriousness", "integer", "1 (most serious) to 5", required=True),
        Column("probability", "number", "Probability that a required crime is missing", required=True),
        text("harm_group", "Harm group", required=True, allowed=HARM_GROUPS),
        Column("control", "boolean", "In the random control sample", required=True),
        text(
            "verdict",
            "Verdict of the reader; null where not read",
            allowed=("missing", "not_missing", "cannot_tell"),
        ),
        text("why", "One plain sentence", required=True),
    ),
)
