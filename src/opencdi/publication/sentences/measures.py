"""The words of each measure and of each group: what a rate is a share of, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MeasureWords:
    """``of`` is what the share is of, after the group's noun; ``kept`` and ``failed`` what happened to it.

    ``numerator_is_failure`` marks the one measure that counts errors.
    """

    heading: str
    name: str
    of: str
    kept: str
    failed: str
    numerator_is_failure: bool = False


MEASURE_WORDS = {
    "recorded": MeasureWords(
        "Recorded", "recording rate", "that should have been recorded", "recorded", "not recorded"
    ),
    "recorded_correctly": MeasureWords(
        "Recorded correctly",
        "rate of correct recording",
        "that should have been recorded",
        "recorded correctly",
        "not recorded correctly",
    ),
    "in_24_hours": MeasureWords(
        "Recorded within 24 hours",
        "share recorded within 24 hours",
        "that were recorded",
        "recorded within 24 hours of the report",
        "recorded more than 24 hours after the report",
    ),
    "right_class": MeasureWords(
        "Recorded in the right class",
        "share recorded in the right class",
        "that were recorded",
        "recorded in the right class",
        "recorded in the wrong class",
    ),
    "cancelled_rightly": MeasureWords(
        "Cancelled rightly",
        "share of cancellations that were right",
        "that were cancelled",
        "cancelled rightly",
        "cancelled wrongly",
    ),
    "n100_rightly": MeasureWords(
        "N100 used rightly",
        "share of N100 records that were right",
        "on an N100 record (reported incident of rape)",
        "rightly on an N100 record",
        "wrongly on an N100 record",
    ),
    "victim_told": MeasureWords(
        "Victims told",
        "share of victims told",
        "whose victim should have been told",
        "told to the victim",
        "not told to the victim",
    ),
    "over_recorded": MeasureWords(
        "Recorded where no crime was required",
        "share recorded where no crime was required",
        "on record",
        "rightly on record",
        "recorded where no crime was required",
        numerator_is_failure=True,
    ),
    "records_to_standard": MeasureWords(
        "Records that met the standard",
        "share of records that met the standard",
        "whose records were examined",
        "recorded to the standard",
        "not recorded to the standard",
    ),
}

_NOUNS = {
    "all crimes": "crimes",
    "domestic abuse": "domestic abuse crimes",
    "Rape": "rapes",
    "rape": "rapes",
    "Sexual offences": "sexual offences",
    "Other sexual offences": "other sexual offences",
    "Violence against the person": "violent crimes",
    "Robbery": "robberies",
}

OTHER_MEASURES = {
    "unrecorded_in_a_year": "Crimes not recorded in a year",
    "recorded_corrected_by_rereading": "Recording rate, corrected by reading again",
    "recorded_corrected_by_known_cases": "Recording rate, corrected by known cases",
    "reviewers_sensitivity": "Known errors that auditors found",
    "reviewers_specificity": "Known correct records that auditors left as they were",
    "agreement_raw": "Agreement of two auditors",
    "agreement_positive": "Agreement on errors",
    "agreement_negative": "Agreement on correct records",
    "agreement_ac1": "Agreement beyond chance (Gwet AC1)",
    "agreement_alpha": "Agreement beyond chance (Krippendorff alpha)",
}


def heading_of(measure: str) -> str:
    """A measure as the heading of a row or column."""
    words = MEASURE_WORDS.get(measure)
    return words.heading if words else OTHER_MEASURES.get(measure, measure.replace("_", " ").capitalize())


def noun_of(group: str) -> str:
    """Crimes of a group, in the plural."""
    return _NOUNS.get(group, f"{group[:1].lower()}{group[1:]} crimes")
