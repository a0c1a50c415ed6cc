"""How pairs that cannot be right agree, and how candidates agree: the counts that training starts from.

Wrong pairs are taken from a world in which none can be right: every incident is held to have been
reported one window earlier than it was, so that the incidents in a crime's window are ones reported after
the crime was recorded. Everything else stays: the same homes, people, repeat callers, codes and hours of
the day. What agrees there agrees by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opencdi.engine import Engine, Step
from opencdi.linkage.candidates import NOBODY, candidate_steps, rule_bits
from opencdi.linkage.comparing import vector_steps
from opencdi.linkage.density import measure
from opencdi.linkage.levels import LEVELS
from opencdi.linkage.references import NumberFormats
from opencdi.linkage.sql import DAY, HOUR
from opencdi.settings import Linkage

Levels = NDArray[np.int64]


@dataclass(frozen=True)
class Vectors:
    """Pairs as arrays of one length: the crime, the incident, the rules' bits and each level's number."""

    crime: Levels
    incident: Levels
    via: Levels
    levels: dict[str, Levels]

    def where(self, chosen: NDArray[np.bool_]) -> Vectors:
        levels = {name: numbers[chosen] for name, numbers in self.levels.items()}
        return Vectors(self.crime[chosen], self.incident[chosen], self.via[chosen], levels)

    def counts(self, comparison: str) -> NDArray[np.float64]:
        """Pairs at each level."""
        numbers = self.levels[comparison]
        return np.bincount(numbers, minlength=len(LEVELS[comparison])).astype(float)

    def __len__(self) -> int:
        return len(self.crime)


def candidates_of(engine: Engine) -> Vectors:
    """The candidate pairs now in ``link_vector``."""
    columns = ("crime_no", "incident_no", "via", *LEVELS)
    parts: dict[str, list[Levels]] = {name: [np.empty(0, dtype=np.int64)] for name in columns}
    query = f"select {', '.join(columns)} from link_vector order by crime_no, incident_no"
    for batch in engine.batches(query):
        for name in columns:
            parts[name].append(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64))
    whole = {name: np.concatenate(part) for name, part in parts.items()}
    levels = {name: whole[name] for name in LEVELS}
    return Vectors(whole["crime_no"], whole["incident_no"], whole["via"], levels)


def enter_impossible_world(engine: Engine, settings: Linkage) -> None:
    """Move every incident one window back and forget every reference; ``compare`` must have run."""
    shift = int(settings.window_after_days * DAY + 2 * settings.window_before_hours * HOUR)
    engine.run(
        [
            Step("link_moved", f"select *, reported - {shift} as moved from link_incident"),
            Step("link_incident", f"select {_INCIDENT}, moved as reported from link_moved"),
            *_emptied("link_crime_names"),
            *_emptied("link_incident_names"),
            *_emptied("link_exact"),
        ]
    )


_INCIDENT = (
    "incident_no, incident_id, number, opening, closing, address, address_head, postcode, sector, beat, "
    "latitude, longitude"
)


def _emptied(table: str) -> Sequence[Step]:
    return (
        Step(f"{table}_none", f"select * from {table} where 1 = 0"),
        Step(table, f"select * from {table}_none"),
    )


def impossible_candidates(engine: Engine, settings: Linkage, formats: NumberFormats) -> Vectors:
    """The candidates that the rules find in the impossible world."""
    engine.run(candidate_steps(settings, formats, NOBODY))
    engine.run(vector_steps(engine.dialect, rule_bits(settings)))
    return candidates_of(engine)


def impossible_sample(engine: Engine, settings: Linkage, pairs: int) -> Vectors:
    """About so many pairs of the impossible world, spread evenly over crimes and their windows."""
    before, after = int(settings.window_before_hours * HOUR), int(settings.window_after_days * DAY)
    crimes = int(engine.rows("select count(*) as crimes from link_crime")[0]["crimes"])
    slices = max(1, int(crimes * measure(engine, settings).window / pairs))
    near = f"crime.recorded - incident.reported between -{before} and {after}"
    engine.run(
        [
            Step(
                "link_pair",
                f"""
                select crime.crime_no, incident.incident_no, 0 as via
                from link_crime as crime
                join link_incident as incident
                  on mod(incident.incident_no, {slices}) = mod(crime.crime_no * 7919, {slices}) and {near}""",
            ),
            *vector_steps(engine.dialect, rule_bits(settings)),
        ]
    )
    return candidates_of(engine)
