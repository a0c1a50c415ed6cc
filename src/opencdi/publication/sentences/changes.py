"""Comparisons that may be made, and those that may not.

``Rose`` and ``fell`` are said only where the interval of the change leaves out zero. Two audits under
different editions of the counting rules, or a figure without an interval, are not compared at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.estimation.change import Change, change
from opencdi.estimation.interval import Interval
from opencdi.publication.figures import AuditResults, Figure
from opencdi.publication.sentences.amounts import percent, points
from opencdi.publication.sentences.claim import half_up
from opencdi.publication.sentences.measures import MEASURE_WORDS


@dataclass(frozen=True)
class Comparison:
    """Two audits' figures side by side; ``change`` is None where they may not be compared, for ``reason``."""

    before: Figure
    after: Figure
    change: Change | None
    reason: str = ""


def compared(
    before_audit: AuditResults, before: Figure, after_audit: AuditResults, after: Figure
) -> Comparison:
    """Compare one force's figures of two audits, or say why that may not be done."""
    reason = _why_not(before_audit, before, after_audit, after)
    return Comparison(before, after, None if reason else _change(before, after), reason)


def change_sentence(comparison: Comparison) -> str:
    """What may be said of the change."""
    before, after = comparison.before, comparison.after
    name = MEASURE_WORDS[after.measure].name
    if comparison.change is None or before.estimate is None or after.estimate is None:
        return f"The {name} cannot be compared with the audit before: {comparison.reason}."
    old, new = (_percent(figure) for figure in (before, after))
    difference, limits = comparison.change.difference, comparison.change.interval
    size = points(difference)
    if comparison.change.is_proven:
        moved, noun = ("rose", "rise") if difference > 0 else ("fell", "fall")
        ends = sorted((abs(limits.lower), abs(limits.upper)))
        return (
            f"The {name} {moved} from {old} to {new}, by more than chance would explain: a {noun} of {size} "
            f"(likely between {_number(ends[0])} and {points(ends[1])})."
        )
    if limits.lower == limits.upper:
        return f"The {name} was {old} and is {new}. Every report was read in both audits."
    stated = "the same" if half_up(1000 * abs(difference)) == 0 else f"a difference of {size}"
    return (
        f"The {name} was {old} in the audit before and is {new}: {stated}, which chance alone could give "
        f"(the true change is likely between {_signed(limits.lower)} and {_signed(limits.upper)})."
    )


def _why_not(before_audit: AuditResults, before: Figure, after_audit: AuditResults, after: Figure) -> str:
    if before_audit.edition != after_audit.edition:
        return "the two audits were made under different editions of the counting rules"
    if before.is_suppressed or after.is_suppressed:
        return "a figure is not shown, because so few could identify somebody"
    if not (before.has_interval and after.has_interval):
        return "not both have an interval"
    if not (before.effective_size and after.effective_size):
        return "the size of one of the samples is not known"
    return ""


def _change(before: Figure, after: Figure) -> Change:
    first, second = (
        (each.estimate, Interval(each.lower, each.upper, each.method), each.effective_size)
        for each in (before, after)
        if each.estimate is not None and each.lower is not None and each.upper is not None
    )
    return change(first[0], first[1], first[2] or 0.0, second[0], second[1], second[2] or 0.0)


def _percent(figure: Figure) -> str:
    """With a decimal whatever the size, so that the two rates and their difference add up."""
    return percent(figure.estimate or 0.0, 1).text


def _number(value: float) -> str:
    return points(value).text.split(" ")[0]


def _signed(value: float) -> str:
    if half_up(1000 * abs(value)) == 0:
        return "no change"
    return f"a {'rise' if value > 0 else 'fall'} of {_number(value)}"
