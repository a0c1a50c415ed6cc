"""Which forces stand out: a funnel whose limits allow for more spread than chance alone.

z_i = (rate_i - target)/s_i; the variance beyond chance is estimated from z winsorised at 10 % a side, and
added to every force's own, if there is any (Spiegelhalter 2005, *Stat. Med.* 24, 1185-1202; 2005, *Qual. Saf.
Health Care* 14, 347-351: additive random effects, DerSimonian and Laird's moment estimate). Limits are at
95 % (worth a look: of 43 equal forces two stand outside) and 99.8 % (worth acting on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from opencdi.estimation.arrays import Floats

WINSORISED = 0.1
LOOK, ACT = 0.95, 0.998


@dataclass(frozen=True)
class FunnelForce:
    """One force against the target: its z with over-dispersion, and where it stands."""

    name: str
    rate: float
    standard_error: float
    z: float
    stands: str
    """``inside``, ``outside 95 %`` or ``outside 99.8 %``."""


@dataclass(frozen=True)
class Funnel:
    """Target, dispersion (mean winsorised z², 1 by chance alone), spread between forces, and forces."""

    target: float
    dispersion: float
    spread: float
    forces: tuple[FunnelForce, ...]

    def limits(self, standard_error: Floats, confidence: float) -> tuple[Floats, Floats]:
        """Funnel limits at given standard errors of a force's rate, for drawing."""
        half = ndtri(0.5 + confidence / 2) * np.sqrt(standard_error**2 + self.spread**2)
        return np.clip(self.target - half, 0, 1), np.clip(self.target + half, 0, 1)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def funnel(
    names: Sequence[str], rates: Floats, standard_errors: Floats, target: float | None = None
) -> Funnel:
    """A funnel around ``target`` (the rates' precision-weighted mean where None); arrays of shape (forces,).

    ``standard_errors`` should be those under the target (sqrt(target(1-target)/effective size)), so that a
    force does not set its own limits.
    """
    precision = 1 / standard_errors**2
    centre = float(np.average(rates, weights=precision)) if target is None else target
    z = winsorised((rates - centre) / standard_errors)
    dispersion = float(np.mean(z**2))
    spread = np.sqrt(_between(dispersion, precision))
    adjusted = (rates - centre) / np.sqrt(standard_errors**2 + spread**2)
    forces = tuple(
        FunnelForce(name, float(rate), float(error), float(each), _stands(float(each)))
        for name, rate, error, each in zip(names, rates, standard_errors, adjusted, strict=True)
    )
    return Funnel(centre, dispersion, float(spread), forces)


def winsorised(values: Floats, share: float = WINSORISED) -> Floats:
    """Values with the ``share`` at each end moved in to the quantiles there."""
    low, high = np.quantile(values, [share, 1 - share])
    return np.clip(values, low, high)


def _between(dispersion: float, precision: Floats) -> float:
    count = precision.size
    if count < 2 or count * dispersion <= count - 1:
        return 0.0
    scale = precision.sum() - np.sum(precision**2) / precision.sum()
    return float((count * dispersion - (count - 1)) / scale)


def _stands(z: float) -> str:
    if abs(z) > ndtri(0.5 + ACT / 2):
        return "outside 99.8 %"
    return "outside 95 %" if abs(z) > ndtri(0.5 + LOOK / 2) else "inside"
