"""A rate corrected for reviewers' mistakes, from seeded cases whose answer is known.

True share = (found share + specificity - 1)/(sensitivity + specificity - 1) (Rogan & Gladen 1978, *Am. J.
Epidemiol.* 107, 71-76). One interval holds the sampling error of the audit and the uncertainty of both
accuracies: Lang & Reiczigel (2014, *Prev. Vet. Med.* 113, 13-22), whose shifted delta interval keeps its
coverage at small numbers of known cases; the audit enters at its effective sample size.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from opencdi.errors import UserError
from opencdi.estimation.arrays import Floats
from opencdi.estimation.binomial import CONFIDENCE, normal_quantile
from opencdi.estimation.interval import Interval


@dataclass(frozen=True)
class KnownCases:
    """What reviewers made of seeded cases: errors found of errors seeded, clean kept of clean seeded."""

    errors_found: int
    errors_seeded: int
    clean_kept: int
    clean_seeded: int

    @property
    def sensitivity(self) -> float:
        return self.errors_found / self.errors_seeded

    @property
    def specificity(self) -> float:
        return self.clean_kept / self.clean_seeded

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"sensitivity": self.sensitivity, "specificity": self.specificity}


@dataclass(frozen=True)
class Corrected:
    """A share corrected for reviewers' mistakes, with an interval for both kinds of error."""

    estimate: float
    interval: Interval

    def __str__(self) -> str:
        return f"{100 * self.estimate:.1f} % ({self.interval}) after correction for reviewers' mistakes"

    def to_dict(self) -> dict[str, Any]:
        return {"estimate": self.estimate, "interval": self.interval.to_dict()}


def corrected_by_known_cases(
    found_share: float, effective_size: float, known: KnownCases, confidence: float = CONFIDENCE
) -> Corrected:
    """The share of crimes in error corrected for reviewers' sensitivity and specificity.

    ``found_share`` is the share that reviewers found in error. Raises ``UserError`` without seeded cases
    of both kinds, or where reviewers did no better than chance on them.
    """
    if min(known.errors_seeded, known.clean_seeded) < 1:
        raise UserError(
            "Reviewers' accuracy needs known cases of both kinds: with an error and without. Seed more."
        )
    if known.sensitivity + known.specificity <= 1:
        raise UserError(
            "On the known cases the reviewers did no better than chance, so no rate can be corrected by "
            "them. Train the reviewers and have the sample judged again."
        )
    estimate = (found_share + known.specificity - 1) / (known.sensitivity + known.specificity - 1)
    lower, upper = lang_reiczigel_limits(
        found_share,
        effective_size,
        (known.sensitivity, known.errors_seeded),
        (known.specificity, known.clean_seeded),
        confidence,
    )
    return Corrected(
        float(np.clip(estimate, 0, 1)),
        Interval(float(lower), float(upper), "Rogan-Gladen, Lang-Reiczigel", confidence),
    )


def lang_reiczigel_limits(
    found_share: ArrayLike,
    size: ArrayLike,
    sensitivity: tuple[ArrayLike, ArrayLike],
    specificity: tuple[ArrayLike, ArrayLike],
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats]:
    """Limits for the true share; each accuracy is (share right, known cases). Arrays broadcast."""
    z = normal_quantile(confidence)
    share, count = np.asarray(found_share, dtype=float), np.asarray(size, dtype=float)
    total = count + z**2
    share = (count * share + z**2 / 2) / total
    (se, errors), (sp, clean) = (_smoothed(*each) for each in (sensitivity, specificity))
    youden = se + sp - 1
    adjusted = (share + sp - 1) / youden
    from_se, from_sp = se * (1 - se) / errors, sp * (1 - sp) / clean
    shift = 2 * z**2 * (adjusted * from_se - (1 - adjusted) * from_sp)
    variance = share * (1 - share) / total + adjusted**2 * from_se + (1 - adjusted) ** 2 * from_sp
    half = z * np.sqrt(variance) / np.abs(youden)
    return np.clip(adjusted + shift - half, 0, 1), np.clip(adjusted + shift + half, 0, 1)


def _smoothed(share: ArrayLike, count: ArrayLike) -> tuple[Floats, Floats]:
    cases = np.asarray(count, dtype=float) + 2
    return (np.asarray(share, dtype=float) * (cases - 2) + 1) / cases, cases
