"""From incidents and crimes to links, in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opencdi.engine import Engine, Relation, Step
from opencdi.linkage.candidates import BORNE_OUT, candidate_steps, rule_bits
from opencdi.linkage.comparing import vector_steps
from opencdi.linkage.habits import Habits, learn_habits
from opencdi.linkage.prepared import prepared_steps
from opencdi.linkage.references import reference_steps
from opencdi.linkage.scoring import links, scoring_steps
from opencdi.linkage.weights import load_weights
from opencdi.settings import Linkage


@dataclass(frozen=True)
class Cut:
    """What the guard left out of one candidate rule."""

    rule: str
    blocks_cut: int
    crimes_affected: int
    pairs_avoided: int


@dataclass(frozen=True)
class Linked:
    """Links (see ``scoring.links``), with what the candidate rules' guard cut."""

    links: Relation
    cuts: tuple[Cut, ...]


def link_at_once(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
    habits: Habits | None = None,
) -> Linked:
    """Link all the crimes given, in one go; memory grows with them (see ``slices``).

    ``habits`` are those of the force, where these are not all of its records.
    """
    engine = crimes.engine
    weights = load_weights(settings.weights)
    bits = rule_bits(settings)
    known = compare(incidents, crimes, parties, settings, families, habits)
    cuts = tuple(Cut(**row) for row in engine.rows("select * from link_block order by rule"))
    engine.run(scoring_steps(engine.dialect, weights, bits, known.here))
    engine.drop(("link_weighed", "link_block"))
    return Linked(links(engine, weights, known.here), cuts)


def compare(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
    habits: Habits | None = None,
    settled: str = BORNE_OUT,
) -> Habits:
    """Make ``link_vector``: every candidate pair and its levels; and ``link_block``: what was cut.

    ``settled`` says which crimes need no candidates beyond those of their number (see ``candidates``).
    Leaves besides only the tables of records and keys that training goes on with. Gives the habits that
    the pairs were found by, learned from these records where none are given.
    """
    engine = crimes.engine
    known = habits or learn_habits(incidents, crimes, settings, incidents, parties)
    engine.run(prepared_steps(incidents, crimes, parties, families, known.formats))
    engine.run(reference_steps(incidents, crimes, known.formats, settings))
    engine.drop(("link_crime_wrote", "link_incident_wrote", "link_crime_plain", "link_incident_plain"))
    _run(engine, candidate_steps(settings, known.formats, settled), keep=("link_pair", "link_block"))
    _run(engine, vector_steps(engine.dialect, rule_bits(settings)), keep=("link_vector",))
    return known


def _run(engine: Engine, steps: Sequence[Step], keep: Sequence[str]) -> None:
    """Run steps and forget what only they needed."""
    engine.run(steps)
    engine.drop({step.name for step in steps} - set(keep))
