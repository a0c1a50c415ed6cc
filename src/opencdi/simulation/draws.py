"""Random draws that are functions of a seed, a row and the name of the draw.

Nothing here has a state: the draw of row 7 is the same whether rows are made one by one or a million
at a time, in any order. The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood 2014,
"Fast splittable pseudorandom number generators", OOPSLA).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def mixed(keys: Keys) -> Keys:
    """Each key scrambled; a bijection on 64 bits."""
    z = keys + _GOLDEN
    z ^= z >> np.uint64(30)
    z *= _FIRST
    z ^= z >> np.uint64(27)
    z *= _SECOND
    z ^= z >> np.uint64(31)
    return z


def salt_of(text: str) -> np.uint64:
    """A 64-bit constant for a name; the same on every machine."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def uniform_of(keys: Keys) -> Numbers:
    """Uniform on [0, 1) from each key."""
    return (keys >> np.uint64(11)).astype(np.float64) * 2.0**-53


class Draws:
    """All the draws of one simulated force. ``rows`` are any whole numbers that name a thing."""

    def __init__(self, seed: int, space: str = "") -> None:
        self._seed = seed
        self._space = space

    def within(self, space: str) -> Draws:
        """The same seed with names of its own, so that two models never share a draw."""
        return Draws(self._seed, f"{self._space}/{space}")

    def keys(self, rows: Rows, name: str) -> Keys:
        salt = salt_of(f"{self._seed}{self._space}/{name}")
        return mixed(mixed(rows.astype(np.uint64)) ^ salt)

    def uniform(self, rows: Rows, name: str) -> Numbers:
        return uniform_of(self.keys(rows, name))

    def chance(self, rows: Rows, name: str, probability: float | Numbers) -> Truths:
        return self.uniform(rows, name) < probability

    def below(self, rows: Rows, name: str, limit: int | Integers) -> Integers:
        """Whole numbers from 0 to ``limit - 1``."""
        return np.floor(self.uniform(rows, name) * limit).astype(np.int64)

    def choice(self, rows: Rows, name: str, weights: Sequence[float] | Numbers) -> Integers:
        """Positions in ``weights``, each as often as its weight."""
        bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
        place = np.searchsorted(bounds / bounds[-1], self.uniform(rows, name), side="right")
        return np.minimum(place, len(bounds) - 1).astype(np.int64)

    def normal(self, rows: Rows, name: str) -> Numbers:
        """Standard normal, by Box and Muller (1958)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(rows, f"{name}:radius")))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(rows, f"{name}:angle")))

    def lognormal(self, rows: Rows, name: str, median: float, sigma: float) -> Numbers:
        return np.asarray(median * np.exp(sigma * self.normal(rows, name)))
