"""Many draws at once from one population: simple, stratified and Pareto samples, one row a replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from opencdi.estimation.arrays import Floats, Ints

CELLS_AT_ONCE = 4_000_000
"""Random numbers held at a time, so that memory stays bounded."""


@dataclass(frozen=True)
class Draws:
    """``units`` (replicates, n) positions in the population, ordered by stratum; ``probability`` of
    each (n,) or (replicates, n); ``stratum`` (n,)."""

    units: Ints
    probability: Floats
    stratum: Ints


def without_replacement(population: int, size: int, replicates: int, rng: np.random.Generator) -> Ints:
    """Simple random samples of ``size`` positions below ``population``; shape (replicates, size)."""
    if size == population:
        return np.tile(np.arange(population), (replicates, 1))
    if size * size > population:
        return _by_smallest_tickets(population, size, replicates, rng)
    return _by_redrawing(population, size, replicates, rng)


def _by_smallest_tickets(population: int, size: int, replicates: int, rng: np.random.Generator) -> Ints:
    rows = max(1, CELLS_AT_ONCE // population)
    parts = []
    for first in range(0, replicates, rows):
        tickets = rng.random((min(rows, replicates - first), population), dtype=np.float32)
        parts.append(np.argpartition(tickets, size, axis=1)[:, :size])
    return np.concatenate(parts)


def _by_redrawing(population: int, size: int, replicates: int, rng: np.random.Generator) -> Ints:
    """Draw with replacement and redraw repeats, which leaves every set of positions equally likely."""
    units = np.sort(rng.integers(population, size=(replicates, size)), axis=1)
    while True:
        repeated = np.zeros(units.shape, dtype=bool)
        repeated[:, 1:] = units[:, 1:] == units[:, :-1]
        count = int(repeated.sum())
        if count == 0:
            return units
        units[repeated] = rng.integers(population, size=count)
        units.sort(axis=1)


def stratified_draws(members: list[Ints], sizes: Ints, replicates: int, rng: np.random.Generator) -> Draws:
    """A simple random sample of ``sizes[h]`` from each stratum's ``members[h]``."""
    parts = [
        member[without_replacement(member.size, int(size), replicates, rng)]
        for member, size in zip(members, sizes, strict=True)
    ]
    stratum = np.repeat(np.arange(len(members)), sizes)
    populations = np.array([member.size for member in members])
    return Draws(np.concatenate(parts, axis=1), (sizes / populations)[stratum], stratum)


def pareto_draws(probability: Floats, size: int, replicates: int, rng: np.random.Generator) -> Draws:
    """Rosén's Pareto sample: the ``size`` smallest of u/(1-u) ÷ π/(1-π); certain units come first.

    Only units below a bound that far more than ``size`` of them pass are ranked: u is first compared with
    the bound, and drawn exactly, below it, for those that pass.
    """
    odds = probability / np.maximum(1 - probability, 1e-12)
    bound = _bound(odds, size)
    passing = bound.astype(np.float32)
    rows = max(1, CELLS_AT_ONCE // probability.size)
    units = np.empty((replicates, size), dtype=np.int64)
    for first in range(0, replicates, rows):
        last = min(first + rows, replicates)
        passed = rng.random((last - first, probability.size), dtype=np.float32) < passing
        for row, candidates in enumerate(passed, start=first):
            places = np.flatnonzero(candidates)
            u = bound[places] * rng.random(places.size)
            ranking = u / (1 - u) / odds[places]
            units[row] = places[np.argpartition(ranking, size - 1)[:size]]
    return Draws(units, probability[units], np.zeros(size, dtype=np.int64))


def _bound(odds: Floats, size: int) -> Floats:
    """P(ranking value < c) for each unit, with c such that ``size`` and eight standard errors more pass."""
    wanted = min(size + 8 * np.sqrt(size) + 8, odds.size)
    low, high = 1.0, 1e15
    for _ in range(200):
        c = np.sqrt(low * high)
        low, high = (c, high) if np.sum(c * odds / (1 + c * odds)) < wanted - 1e-9 else (low, c)
    return np.asarray(high * odds / (1 + high * odds), dtype=np.float64)
