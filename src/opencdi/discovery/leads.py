"""The order in which reading pays: likely before unlikely, and among equals the gravest harm first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any

BANDS = (0.5, 0.2, 0.05)
"""Probability bands: within one, the harm groups go in the user's order, then probability."""


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


def lead_of(score: Mapping[str, Any]) -> Lead:
    """A lead from a row of ``scores``. Sentences are few and shared, so that a million leads stay small."""
    return Lead(
        score["incident_id"],
        score["seriousness"],
        score["missing"],
        score["harm_group"],
        intern(score["why"]),
        tuple(score["telling_words"] or ()),
    )


def ranked(leads: Sequence[Lead], harm_order: Mapping[str, int]) -> list[Lead]:
    """Leads in reading order: band of probability, harm group, probability, seriousness, number."""
    return sorted(
        leads,
        key=lambda lead: (
            _band(lead.probability),
            harm_order[lead.harm_group],
            -lead.probability,
            lead.seriousness,
            lead.incident_id,
        ),
    )


def control_sample(incident_ids: Sequence[str], size: int, seed: str) -> frozenset[str]:
    """A simple random sample that the ranking has no part in: the smallest hashed tickets.

    The seed should be drawn after the incidents are fixed; the same seed gives the same sample.
    """

    def ticket(incident_id: str) -> bytes:
        return hashlib.sha256(f"discovery control\x1f{seed}\x1f{incident_id}".encode()).digest()

    return frozenset(sorted(incident_ids, key=ticket)[:size])


def _band(probability: float) -> int:
    return sum(probability < edge for edge in BANDS)
