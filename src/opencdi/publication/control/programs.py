"""Integer programs, solved by HiGHS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

TOLERANCE = 1e-6


def whole_solution(
    cost: NDArray[np.float64], constraints: LinearConstraint, bounds: Bounds
) -> NDArray[np.float64] | None:
    """The whole numbers of least cost; None where there are none or nothing limits them.

    Tables mostly have a whole solution where the linear program is best, so that is tried first: it is ten
    times as quick as asking for whole numbers.
    """
    relaxed = milp(cost, constraints=constraints, bounds=bounds)
    if relaxed.status != 0:
        return None
    if np.all(np.abs(relaxed.x - np.rint(relaxed.x)) < TOLERANCE):
        return np.asarray(np.rint(relaxed.x))
    whole = milp(cost, constraints=constraints, bounds=bounds, integrality=np.ones(len(cost)))
    return np.asarray(np.rint(whole.x)) if whole.status == 0 else None
