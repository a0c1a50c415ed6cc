"""What the report calls things: kinds of finding, link classes, channels, groups of incidents."""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.counting.facts import FACTS


@dataclass(frozen=True)
class KindWords:
    """A kind of finding: its short name, its heading, and what it says."""

    short: str
    heading: str
    meaning: str


KINDS: dict[str, KindWords] = {
    "missing": KindWords(
        "Missing",
        "Crime missing",
        "The report describes a crime and no crime at all was recorded from it.",
    ),
    "additional_missing": KindWords(
        "Additional missing",
        "Additional crime missing",
        "Some crimes were recorded from the report, but not all that it calls for.",
    ),
    "wrong_class": KindWords(
        "Wrong class", "Wrong class", "The crime is recorded under a class other than the one described."
    ),
    "late": KindWords("Late", "Recorded late", "The crime was recorded over 24 hours after the report."),
    "n100_instead_of_crime": KindWords(
        "N100 for crime",
        "N100 where a crime is required",
        "A confirmed rape is held as an N100 reported incident.",
    ),
    "wrongly_cancelled": KindWords(
        "Wrongly cancelled",
        "Wrongly cancelled or transferred",
        "A required crime was cancelled or transferred on grounds that look weak.",
    ),
    "over_recorded": KindWords(
        "Over-recorded",
        "Over-recorded",
        "A crime is on record that the report as logged does not seem to call for.",
    ),
    "paperwork": KindWords(
        "Paperwork",
        "Paperwork",
        "A flag, the victim's details, a rationale or the telling of the victim is missing.",
    ),
    "cannot_tell": KindWords(
        "Cannot tell", "Cannot tell", "A fact that decides it is not in the records; a person must ask."
    ),
}

CHANNELS = {
    "999": "999",
    "101": "101",
    "online": "Online",
    "front_counter": "Front counter",
    "officer": "Officer",
    "agency_referral": "Agency referral",
    "crime_bureau": "Crime bureau",
    "other": "Other",
    "unknown": "Not known",
}

LINKS = {
    "clear": ("Clear", "One incident stands out."),
    "ambiguous": ("Ambiguous", "Two or more incidents fit nearly as well."),
    "weak": ("Weak", "The best incident fits poorly."),
    "none": ("None", "No incident was found."),
}

COMPARISONS = {
    "before": "Before comparing",
    "reference": "Reference number",
    "person": "People",
    "place": "Place",
    "delay": "Time between",
    "offence": "Offence",
    "whole": "Together",
}

ASSERTIONS = {
    "asserted": "stated",
    "negated": "denied",
    "hypothetical": "hypothetical",
    "retracted": "taken back",
    "past": "in the past",
    "other_incident": "another incident",
}

OUTCOMES = {
    "principal": "counted as the principal crime",
    "merged": "counted within another crime",
    "n100": "to be held as N100",
    "crime_related_incident": "to be held as a crime-related incident",
    "not_recorded": "not to be recorded",
    "cannot_tell": "cannot tell",
}

SERIOUSNESS = {1: "1 (most serious)", 2: "2", 3: "3", 4: "4", 5: "5 (least serious)"}


def plain(value: str | None) -> str:
    """A value of a code list in words: ``anti_social_behaviour`` as ``Anti social behaviour``."""
    return value.replace("_", " ").capitalize() if value else "Not known"


def confidence_in_words(confidence: float) -> str:
    """High from 0.7, medium from 0.4, else low; the number stands beside it in the worklist."""
    if confidence >= 0.7:
        return "high"
    return "medium" if confidence >= 0.4 else "low"


def question(fact: str) -> str:
    """What settles a missing fact, as a question."""
    known = FACTS.get(fact)
    return known.question if known else plain(fact)


def label(dimension: str, value: str) -> str:
    """What a line of a cross-table is called."""
    if dimension == "channel":
        return CHANNELS.get(value, value)
    if dimension == "opening":
        return plain(value)
    if dimension == "abuse":
        return "Disclosed or flagged" if value == "disclosed" else "Not disclosed or flagged"
    return value
