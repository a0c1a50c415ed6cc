"""How reports come in: the mix of channels for each kind of report. Shares are assumed."""

from __future__ import annotations

import numpy as np

from opencdi.simulation.draws import Draws, Integers, Rows

CHANNELS = ("999", "101", "online", "front_counter", "officer", "agency_referral", "crime_bureau")
MIXES = {
    "public": (0.24, 0.50, 0.15, 0.03, 0.06, 0.02, 0.0),
    "urgent": (0.72, 0.20, 0.01, 0.01, 0.05, 0.01, 0.0),
    "caring": (0.30, 0.40, 0.05, 0.02, 0.05, 0.18, 0.0),
    "desk": (0.01, 0.55, 0.12, 0.15, 0.15, 0.02, 0.0),
    "crime": (0.30, 0.34, 0.18, 0.04, 0.03, 0.04, 0.07),
    "child": (0.14, 0.24, 0.08, 0.03, 0.05, 0.46, 0.0),
    "shop": (0.22, 0.28, 0.40, 0.01, 0.04, 0.0, 0.05),
    "state": (0.01, 0.01, 0.0, 0.0, 0.96, 0.02, 0.0),
    "breach": (0.40, 0.38, 0.06, 0.04, 0.08, 0.04, 0.0),
}
"""Shares of ``CHANNELS`` by kind of report; the data files name the kinds."""
MIX_NAMES = tuple(MIXES)


def drawn_channel(draws: Draws, rows: Rows, mix: Integers) -> Integers:
    """A place in ``CHANNELS`` for each row, by its place in ``MIX_NAMES``."""
    bounds = np.cumsum(np.array(list(MIXES.values())), axis=1)
    bounds /= bounds[:, -1:]
    return np.asarray((draws.uniform(rows, "channel")[:, None] >= bounds[mix, :-1]).sum(axis=1))
