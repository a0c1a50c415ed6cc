"""The two kinds of array that estimation passes round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def divided(numerator: Floats, denominator: Floats) -> Floats:
    """``numerator / denominator``, and NaN (never a warning, never infinity) where the divisor is 0."""
    divisor = np.where(denominator == 0, np.nan, denominator)
    return np.asarray(numerator / divisor, dtype=np.float64)
