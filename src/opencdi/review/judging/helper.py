"""What the counting rules say of an answer, shown only once the answer is committed.

It applies the rules to what the auditor found (classes, victims, the day of the report) and to nothing a
machine read, so that it can correct the counting and cannot suggest a crime.
"""

from __future__ import annotations

from typing import Any

from opencdi.counting.answer import Answer, answer
from opencdi.counting.report_reading import checked
from opencdi.errors import UserError
from opencdi.review.audits.material import Facts
from opencdi.review.judging.answers import Answers

REPORTERS = {
    "victim": "victim",
    "third_party": "other_third_party",
    "professional": "professional",
    "witness": "witness",
    "officer": "officer",
    "suspect": "suspect",
}
SOURCE = "the answer given"


def what_the_rules_say(answers: Answers, facts: Facts) -> Answer | None:
    """None where the answer holds no crime, or the rules cannot be asked about it."""
    offences = [
        {"class": crime.class_code, "victims": [crime.victim] if crime.victim else "state"}
        for crime in answers.crimes
        if crime.requires == "crime"
    ]
    if not offences:
        return None
    most = max(crime.victim for crime in answers.crimes)
    report: dict[str, Any] = {
        "reported_at": facts.reported_at.isoformat(),
        "reporter": REPORTERS.get(facts.caller_role, "unknown"),
        "victims": [{} for _ in range(most)],
        "offences": offences,
    }
    try:
        return answer(checked(report, SOURCE))
    except UserError:
        return None
