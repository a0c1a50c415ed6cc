"""Learning from logs that became crimes and logs that did not, some of which should have.

The logs a force recorded are positives; the rest are not negatives but unlabelled (Elkan & Noto 2008,
*KDD*, 213-220). Their assumption is that which crimes get recorded does not depend on the words. It is
not quite true of police forces (that is what an audit is for), so that the result is a ranking and a
first probability, corrected by auditors' verdicts as soon as there are any.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SURE = 0.9
FEWEST_SURE = 50
LEAST_RATE, GREATEST_RATE = 0.5, 0.99

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def recording_rate(recorded: Booleans, described: Floats) -> float:
    """c = P(recorded | a crime): the share recorded among logs whose words leave little doubt.

    Elkan and Noto's estimator over a set in which (nearly) all are positives. ``described`` is the
    probability, from the patterns alone, that the log describes a crime. Where fewer than 50 logs are
    that clear, the 50 clearest are used.
    """
    clear = described >= SURE
    if clear.sum() < FEWEST_SURE:
        clear = described >= np.sort(described)[-min(FEWEST_SURE, len(described))]
    return float(np.clip(recorded[clear].mean(), LEAST_RATE, GREATEST_RATE))


def crime_probability(recorded_probability: Floats, rate: float) -> Floats:
    """P(crime | words) = P(recorded | words) / c (their equation 1), at most 1."""
    return np.minimum(1.0, recorded_probability / rate)


def unrecorded_crime_probability(recorded_probability: Floats, rate: float) -> Floats:
    """P(crime | words, not recorded) = (1 - c)/c * g/(1 - g) (their equation 2), at most 1."""
    g = np.clip(recorded_probability, 0.0, 1.0 - 1e-9)
    return np.minimum(1.0, (1.0 - rate) / rate * g / (1.0 - g))
