"""Leads: incidents with what decides their place, and a sample that the ranking has no part in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any


@dataclass(frozen=True, slots=True)
class Lead:
    """One incident with what decides its place."""

    incident_id: str
    seriousness: int
    probability: float
    harm_group: str
    why: str
    telling_words: tuple[str, ...] = ()
    """Terms that moved the learned score, each with its weight."""


Placed = tuple[int, Lead]
"""Place in the ranking, from 1, and the lead."""


@dataclass(frozen=True)
class Standing:
    """What progress asks of a ranking of ``incidents``."""

    incidents: int
    expected: float
    """Sum of the probabilities of those without a verdict."""
    depth: int
    """Down to which place every incident has a verdict or is in the control sample."""
    known: Mapping[str, Placed]
    """Those with a verdict or in the control sample."""


def lead_of(score: Mapping[str, Any]) -> Lead:
    """A lead from a row of ``scores``."""
    return Lead(
        score["incident_id"],
        score["seriousness"],
        score["missing"],
        score["harm_group"],
        score["why"],
        tuple(score["telling_words"] or ()),
    )


def control_sample(incident_ids: Iterable[str], size: int, seed: str) -> frozenset[str]:
    """A simple random sample that the ranking has no part in: the smallest hashed tickets.

    The seed should be drawn after the incidents are fixed; the same seed gives the same sample.
    """

    def ticket(incident_id: str) -> bytes:
        return hashlib.sha256(f"discovery control\x1f{seed}\x1f{incident_id}".encode()).digest()

    return frozenset(nsmallest(size, incident_ids, key=ticket))
