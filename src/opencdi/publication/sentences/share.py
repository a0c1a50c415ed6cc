"""A share with its counts and interval, as sentences take it."""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.estimation.binomial import CONFIDENCE, wilson_limits
from opencdi.publication.figures import Figure
from opencdi.publication.sentences.measures import MEASURE_WORDS


@dataclass(frozen=True)
class Share:
    """``count`` of ``of`` crimes read, and the share of the whole they stand for with its interval.

    ``confidence`` is None where a publisher does not state it; the counts are None where one gives none.
    """

    estimate: float
    lower: float | None = None
    upper: float | None = None
    count: int | None = None
    of: int | None = None
    confidence: float | None = CONFIDENCE

    @classmethod
    def of_counts(cls, count: int, of: int) -> Share:
        """A simple sample's share with Wilson's interval."""
        lower, upper = wilson_limits(count / of, of)
        return cls(count / of, float(lower), float(upper), count, of)

    @property
    def has_interval(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def is_known(self) -> bool:
        """Everything was read: the interval is a point."""
        return self.has_interval and self.lower == self.upper

    @property
    def complement(self) -> Share:
        return Share(
            1 - self.estimate,
            None if self.upper is None else 1 - self.upper,
            None if self.lower is None else 1 - self.lower,
            None if self.count is None or self.of is None else self.of - self.count,
            self.of,
            self.confidence,
        )


def kept(figure: Figure) -> Share | None:
    """The share that went right; None where the figure is not published."""
    found = _share(figure)
    return found.complement if found and _counts_errors(figure) else found


def failed(figure: Figure) -> Share | None:
    """The share that went wrong; None where the figure is not published."""
    found = _share(figure)
    return found if found is None or _counts_errors(figure) else found.complement


def _share(figure: Figure) -> Share | None:
    if figure.estimate is None or figure.unit != "share" or figure.is_suppressed:
        return None
    return Share(
        figure.estimate, figure.lower, figure.upper, figure.numerator, figure.denominator, figure.confidence
    )


def _counts_errors(figure: Figure) -> bool:
    words = MEASURE_WORDS.get(figure.measure)
    return words is not None and words.numerator_is_failure
