"""What rates are made from after disputes: the reviewer's verdict, with the columns that follow from it."""

from __future__ import annotations

from opencdi.review.answers.models import DisputeDecision
from opencdi.review.audits.models import Audit

Columns = dict[str, str]

FOLLOWS: dict[str, Columns] = {
    "correct": {"class_right": "yes", "within_24_hours": "yes", "cause": ""},
    "paperwork": {"class_right": "yes", "within_24_hours": "yes"},
    "late": {"class_right": "yes", "within_24_hours": "no"},
    "wrong_class": {"class_right": "no"},
    "missing": {"class_right": "", "within_24_hours": "", "cancellation_right": "", "crime_id": ""},
    "cancelled_wrong": {"cancellation_right": "no"},
    "n100_wrong": {"n100_right": "no"},
    "over_recorded": {"class_required": "", "class_right": "", "within_24_hours": ""},
    "nothing_required": {
        "class_required": "",
        "class_right": "",
        "within_24_hours": "",
        "cancellation_right": "",
        "cause": "",
    },
    "cannot_tell": {"class_right": "unknown", "within_24_hours": "unknown"},
}
"""Answers beside a verdict that cannot be otherwise once it stands."""


def decided_columns(audit: Audit) -> dict[int, Columns]:
    """By the id of the verdict: what a decided dispute changed of its row in ``schema.VERDICTS``.

    Where the case was read again, it is that reading which the decision takes the place of: the pair's own
    verdict stays, since it is what the re-reading corrects.
    """
    changed = DisputeDecision.objects.filter(about__verdict__settlement__case__audit=audit).select_related(
        "about__verdict"
    )
    return {
        each.about.verdict_id: {_column(each): each.verdict, **FOLLOWS[each.verdict]}
        for each in changed
        if each.verdict != each.about.verdict.stands
    }


def _column(decision: DisputeDecision) -> str:
    return "reread_verdict" if decision.about.verdict.reread_verdict else "verdict"
