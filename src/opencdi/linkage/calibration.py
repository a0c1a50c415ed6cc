"""What the model's odds are worth: a rising curve from what it says to the share that is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from opencdi.linkage.weights import Knot

_LINKS_A_KNOT = 60
_MOST_LOGITS = 15.0
_LEAST = 0.0005


def fit(said: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Knot, ...]:
    """Knots of a rising curve through pairs of log odds and truth.

    Isotonic regression (Zadrozny and Elkan 2002, *Transforming Classifier Scores into Accurate Multiclass
    Probability Estimates*, KDD) over stretches of one logit, widened until each holds at least 60 links.
    Half a right and half a wrong link are added to each, so that no share is nought or one.
    """
    from sklearn.isotonic import IsotonicRegression

    capped = np.clip(said, -_MOST_LOGITS, _MOST_LOGITS)
    stretches = _stretches(capped)
    middle = np.array([float(np.mean(capped[stretch])) for stretch in stretches])
    shares = np.array([(right[stretch].sum() + 0.5) / (len(stretch) + 1) for stretch in stretches])
    sizes = np.array([len(stretch) for stretch in stretches])
    smooth = IsotonicRegression().fit_transform(middle, shares, sample_weight=sizes)
    knots = {
        round(float(at), 3): round(float(np.clip(share, _LEAST, 1 - _LEAST)), 4)
        for at, share in zip(middle, smooth, strict=True)
    }
    if len(knots) == 1:
        knots[next(iter(knots)) + 1.0] = next(iter(knots.values()))
    return tuple(Knot(said=at, right=share) for at, share in sorted(knots.items()))


def _stretches(said: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Places of the links of each stretch, from the lowest odds to the highest."""
    order = np.argsort(said, kind="stable")
    breaks = np.flatnonzero(np.diff(np.floor(said[order]))) + 1
    stretches: list[NDArray[np.int64]] = []
    waiting = np.empty(0, dtype=np.int64)
    for part in np.split(order, breaks):
        waiting = np.concatenate([waiting, part])
        if len(waiting) >= _LINKS_A_KNOT:
            stretches.append(waiting)
            waiting = waiting[:0]
    if stretches:
        stretches[-1] = np.concatenate([stretches[-1], waiting])
    return stretches or [waiting]
