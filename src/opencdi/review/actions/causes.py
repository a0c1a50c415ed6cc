"""Errors by cause: of the adverse verdicts of an audit, how many have which cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from opencdi.review.adjudication.models import Verdict
from opencdi.review.answers.decided import decided_columns
from opencdi.review.answers.services import ADVERSE
from opencdi.review.audits.models import Audit
from opencdi.review.judging.causes import BY_CODE, LEVELS


@dataclass(frozen=True)
class CauseCount:
    """One cause with its level, in words, and how many verdicts have it."""

    code: str
    level: str
    words: str
    count: int


def errors_by_cause(audit: Audit) -> list[CauseCount]:
    """The commonest first. A verdict with no cause counts as not clear; decided disputes count as decided."""
    decided = decided_columns(audit)
    counts: Counter[str] = Counter()
    settled = Verdict.objects.filter(
        settlement__case__audit=audit, settlement__case__known_truth__isnull=True
    )
    for verdict in settled:
        changed = decided.get(verdict.pk, {})
        stands = changed.get("reread_verdict") or changed.get("verdict") or verdict.stands
        if stands in ADVERSE:
            counts[changed.get("cause", verdict.cause) or "not_clear"] += 1
    return [
        _in_words(code, count) for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def _in_words(code: str, count: int) -> CauseCount:
    cause = BY_CODE.get(code, BY_CODE["not_clear"])
    return CauseCount(code, str(LEVELS[cause.level]), str(cause.words), count)
