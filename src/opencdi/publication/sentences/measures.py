"""The words of each measure and of each group: what a rate is a share of, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MeasureWords:
    """``of`` is what the share is of, around the group's noun; ``kept`` and ``failed`` what happened to it.

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
        "Recorded", "recording rate", "{crimes} that should have been recorded", "recorded", "not recorded"
    ),
    "recorded_correctly": MeasureWords(
        "Recorded correctly",
        "rate of correct recording",
        "{crimes} that should have been recorded",
        "recorded correctly",
        "not recorded correctly",
    ),
    "in_24_hours": MeasureWords(
        "Recorded within 24 hours",
        "share recorded within 24 hours",
        "{crimes} that were recorded",
        "recorded within 24 hours of the report",
        "recorded more than 24 hours after the report",
    ),
    "right_class": MeasureWords(
        "Recorded in the right class",
        "share recorded in the right class",
        "{crimes} that were recorded",
        "recorded in the right class",
        "recorded in the wrong class",
    ),
    "cancelled_rightly": MeasureWords(
        "Cancelled rightly",
        "share of cancellations that were right",
        "{crimes} that were cancelled",
        "cancelled rightly",
        "cancelled wrongly",
    ),
    "n100_rightly": MeasureWords(
        "N100 used rightly",
        "share of N100 records that were right",
        "N100 records (reported incidents of rape)",
        "rightly used",
        "wrongly used",
    ),
    "victim_told": MeasureWords(
        "Victims told",
        "share of victims told",
        "victims of {crimes} who should have been told",
        "told",
        "not told",
    ),
    "over_recorded": MeasureWords(
        "Recorded where no crime was required",
        "share recorded where no crime was required",
        "{crimes} on record",
        "rightly on record",
        "recorded where no crime was required",
        numerator_is_failure=True,
    ),
    "records_to_standard": MeasureWords(
        "Records that met the standard",
        "share of records that met the standard",
        "{crimes} whose records were examined",
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


def things(measure: str, group: str) -> str:
    """What a measure of a group is a share of, in the plural."""
    return MEASURE_WORDS[measure].of.format(crimes=noun_of(group)).replace("victims of crimes ", "victims ")


def noun_of(group: str) -> str:
    """Crimes of a group, in the plural."""
    return _NOUNS.get(group, f"{group[:1].lower()}{group[1:]} crimes")


_ERRORS = {
    "missing": "Not recorded at all",
    "late": "Recorded, but late",
    "wrong_class": "Recorded in the wrong class",
    "n100_wrong": "Left as a reported incident of rape (N100) though it was a crime",
    "cancelled_wrong": "Cancelled wrongly",
    "over_recorded": "Recorded where no crime was required",
    "paperwork": "Recorded, with a fault of paperwork",
}

_UNAUDITED = {
    "no_narrative": "have no text to read",
    "not_auditable": "could not be audited",
}

_OF_ONE = {"no_narrative": "has no text to read"}


def error_told(kind: str) -> str:
    """A kind of error, from the verdict that names it."""
    return _ERRORS.get(kind, kind.replace("_", " ").capitalize())


def cause_told(kind: str) -> str:
    """A cause of the list of causes, as a reader sees it."""
    return kind.replace("_", " ").capitalize()


def unaudited_told(kind: str, count: int | None, incidents: int | None) -> str:
    """Why some incidents of the population could not be judged."""
    amount = "Some" if count is None else f"{count:,}"
    of = f" of the {incidents:,}" if incidents else ""
    said = _UNAUDITED.get(kind, kind.replace("_", " "))
    if count == 1 and not of:
        return f"1 incident {_OF_ONE.get(kind, said)}."
    return f"{amount}{of} incidents {_OF_ONE.get(kind, said) if count == 1 else said}."
