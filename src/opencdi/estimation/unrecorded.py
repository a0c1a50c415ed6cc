"""How many crimes went unrecorded in a year: U = R (1 - p)/p.

R is the crimes recorded in the year and p the recording rate; R/p crimes should have been recorded. It is
the formula that fits HMICFRS's published figures (Thames Valley 2017: 80.4 %, "over 35,200"). U falls as p
rises, so the limits of p give those of U; they hold p's uncertainty and take R as counted. Where R is
itself uncertain (part of the records are not crimes that were required), pass the limits of the share that
stands, and Bonferroni's inequality keeps the joint confidence.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from opencdi.errors import UserError
from opencdi.estimation.interval import Interval


@dataclass(frozen=True)
class Unrecorded:
    """Crimes not recorded in a year; ``upper`` is None where the rate's lower limit is 0."""

    estimate: float
    lower: float
    upper: float | None
    standard_error: float
    recorded: int

    def __str__(self) -> str:
        upper = f"{self.upper:,.0f}" if self.upper is not None else "no upper limit"
        return f"{self.estimate:,.0f} ({self.lower:,.0f} to {upper}) not recorded beside {self.recorded:,}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def unrecorded(
    recorded: int,
    rate: float,
    interval: Interval,
    standard_error: float = 0.0,
    share_that_stands: Interval | None = None,
) -> Unrecorded:
    """Crimes not recorded beside ``recorded`` at a recording ``rate`` with ``interval``.

    The standard error is the delta method's, R se(p)/p². ``share_that_stands`` (1 where None) is an
    interval for the part of ``recorded`` that should be on record. With both intervals at 97.5 % the
    result has at least 95 %. Raises ``UserError`` for a rate of 0, which has no finite answer.
    """
    if rate <= 0:
        raise UserError(
            "No crime that was read had been recorded, so the number not recorded cannot be worked out from "
            "the number recorded. Report the rate instead."
        )
    low, high = (
        (share_that_stands.lower, share_that_stands.upper) if share_that_stands is not None else (1.0, 1.0)
    )
    return Unrecorded(
        estimate=recorded * (low + high) / 2 * (1 - rate) / rate,
        lower=recorded * low * (1 - interval.upper) / interval.upper,
        upper=recorded * high * (1 - interval.lower) / interval.lower if interval.lower > 0 else None,
        standard_error=recorded * standard_error / rate**2,
        recorded=recorded,
    )
