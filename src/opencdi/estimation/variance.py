"""The estimated variance of a weighted total under the design.

One formula serves simple, stratified and Pareto unequal-probability samples of whole incidents:

    V = Σ_h  n_h/(n_h - 1)  Σ_{i in h} (1 - π_i) (u_i - A_h)²,    A_h = Σ(1-π_i)u_i / Σ(1-π_i)

with u_i the incident's weighted value, π_i its inclusion probability and n_h the incidents of stratum h
that were *not* certain to be drawn. With equal π in a stratum it is the textbook variance of a
stratified total with finite population correction (Cochran 1977, *Sampling Techniques*, 5.9; R survey's
``svydesign(strata=, fpc=)``); with unequal π it is Rosén's (1997, "On sampling with probability
proportional to size", *J. Statist. Plann. Inference* 62, 159-191), in the line of Hájek (1964).

A certain incident (π = 1) adds nothing. A stratum with one uncertain incident cannot show its own
spread: its value is taken about zero, the mean of a linearised ratio (R's ``lonely.psu = "adjust"``).
"""

from __future__ import annotations

import numpy as np

from opencdi.estimation.arrays import Floats, Ints, divided


def contributions(weighted: Floats, fraction: Floats, stratum: Ints) -> Floats:
    """Each incident's share d_i of the estimated variance of ``weighted.sum()``; V = d.sum().

    ``weighted`` has shape (..., n); ``fraction`` (inclusion probabilities; 0 for sampling with
    replacement) has shape (n,) or (..., n); ``stratum`` has shape (n,) and never decreases.
    """
    strata = Strata(stratum)
    remaining = np.broadcast_to(1.0 - fraction, weighted.shape)
    uncertain = strata.sums((remaining > 0).astype(np.float64))
    mass = strata.sums(remaining)
    centre = divided(strata.sums(remaining * weighted), mass)
    lonely = uncertain == 1
    centre = np.where(lonely | (mass == 0), 0.0, centre)
    scale = np.where(lonely, 1.0, uncertain / np.maximum(uncertain - 1.0, 1.0))
    deviation = weighted - strata.spread(centre)
    return np.asarray(strata.spread(scale) * remaining * deviation**2, dtype=np.float64)


class Strata:
    """Sums within strata and back, along the last axis, for incidents ordered by stratum."""

    def __init__(self, stratum: Ints) -> None:
        """``stratum`` has shape (n,), n >= 1, and never decreases."""
        self._starts = np.flatnonzero(np.r_[True, np.diff(stratum) != 0])
        self._sizes = np.diff(np.r_[self._starts, stratum.size])

    def sums(self, values: Floats) -> Floats:
        """(..., n) to (..., strata)."""
        return np.asarray(np.add.reduceat(values, self._starts, axis=-1), dtype=np.float64)

    def spread(self, sums: Floats) -> Floats:
        """(..., strata) to (..., n): each incident gets its stratum's value."""
        return np.asarray(np.repeat(sums, self._sizes, axis=-1), dtype=np.float64)
