"""The five comparisons and the words of their levels, strongest agreement first.

The five are meant to be independent pieces of evidence. Fields that go together are therefore one
comparison: address, postcode, beat and coordinates are the place; names, date of birth and telephone the
person. ``comparing`` says when each level holds; the weights file says what it is worth.
"""

from __future__ import annotations

LEVELS: dict[str, dict[str, str]] = {
    "reference": {
        "both_ways": "each record gives the other's number",
        "typed": "the crime gives the incident's number",
        "noted": "the log gives the crime's number in a field",
        "quoted": "the text of one quotes the number of the other",
        "slip": "the number given is one slip of the pen away",
        "serial": "the serial agrees, its day or year is not given",
        "elsewhere": "the number given is another record's",
        "nowhere": "the number given is no record's",
        "missing": "no number is given",
    },
    "person": {
        "name_and_birth": "name and date of birth agree",
        "name_and_phone": "a name and the telephone agree",
        "birth_and_part": "date of birth and one name agree",
        "rare_name": "a rare name agrees",
        "phone": "the telephone agrees",
        "common_name": "a common name agrees",
        "similar_name": "the names are alike but for a letter each",
        "body": "the name of a business or other body agrees",
        "part": "a surname or a date of birth agrees",
        "different": "other people are named",
        "unknown": "nobody is named on one of them",
    },
    "place": {
        "address": "the address agrees",
        "postcode": "the postcode agrees",
        "within_100_m": "they lie within 100 metres",
        "near": "they share a postcode sector or lie within 500 metres",
        "beat": "the beat agrees",
        "unknown": "the place of one of them is not known",
        "elsewhere": "the places differ",
    },
    "delay": {
        "report_2_minutes": "the times of report agree to two minutes",
        "report_1_hour": "the times of report agree to an hour",
        "report_1_day": "the times of report agree to a day",
        "report_further": "the times of report differ by more than a day",
        "before": "recorded before the incident was reported",
        "recorded_4_hours": "recorded within 4 hours",
        "recorded_1_day": "recorded within a day",
        "recorded_3_days": "recorded within 3 days",
        "recorded_7_days": "recorded within a week",
        "recorded_28_days": "recorded within 28 days",
        "later": "recorded later still",
    },
    "offence": {
        "unknown": "the offence of one of them is not known",
        "closed": "the closing code names the same offence family",
        "opened": "the opening code names the same offence family",
        "related": "the codes name a family it often turns into",
        "other_crime": "the codes name another kind of crime",
        "no_crime": "the codes name no crime",
    },
}


SAID_BY_THE_NUMBER = {"report_2_minutes": "report_1_day", "report_1_hour": "report_1_day"}
"""Where the crime gives the incident's number and that is all: what a level of the delay is worth at most
against coming from no incident.

Numbers follow the clock: a slip of the pen that hits another incident hits one of the same day, often of the
same hour. So beyond the day the time of report says again what the number said. Against a rival it still
tells the two apart.
"""


def level_words(comparison: str, level: str) -> str:
    """What a level of a comparison says, in words."""
    return LEVELS[comparison][level]
