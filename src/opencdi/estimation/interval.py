"""An interval as a person reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from opencdi.estimation.binomial import CONFIDENCE


@dataclass(frozen=True)
class Interval:
    """Limits of a share in [0, 1] (or of a count), how they were worked out, and their confidence."""

    lower: float
    upper: float
    method: str
    confidence: float = CONFIDENCE

    @property
    def half_width(self) -> float:
        return (self.upper - self.lower) / 2

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def __str__(self) -> str:
        return f"{100 * self.lower:.1f} % to {100 * self.upper:.1f} %"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
