"""From incidents and crimes to links, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opencdi import schema
from opencdi.engine import Relation
from opencdi.linkage.candidates import candidate_steps, rules
from opencdi.linkage.comparing import vector_steps
from opencdi.linkage.density import measure
from opencdi.linkage.prepared import prepared_steps
from opencdi.linkage.references import learn_formats, reference_steps
from opencdi.linkage.scoring import scoring_steps
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
    """Links, with what the candidate rules' guard cut."""

    links: Relation
    cuts: tuple[Cut, ...]


def link_at_once(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
) -> Linked:
    """Link all the crimes given, in one go; memory grows with them (see ``slices``)."""
    engine = crimes.engine
    weights = load_weights(settings.weights)
    bits = rule_bits(settings)
    made = compare(incidents, crimes, parties, settings, families)
    scored = scoring_steps(engine.dialect, weights, bits, measure(engine, settings))
    engine.run(scored)
    cuts = tuple(
        Cut(**row) for row in engine.rows("select * from link_block where blocks_cut > 0 order by rule")
    )
    engine.drop(name for name in (*made, *(step.name for step in scored)) if name != "link_result")
    return Linked(engine.relation(schema.LINKS, "link_result"), cuts)


def compare(
    incidents: Relation,
    crimes: Relation,
    parties: Relation,
    settings: Linkage,
    families: Mapping[str, str],
) -> tuple[str, ...]:
    """Make ``link_vector``: every candidate pair and its levels. Gives the names of all tables made."""
    dialect = crimes.engine.dialect
    formats = learn_formats(incidents, crimes)
    steps = [
        *prepared_steps(incidents, crimes, parties, families, formats),
        *reference_steps(incidents, crimes, formats),
        *candidate_steps(settings, formats),
        *vector_steps(dialect, rule_bits(settings)),
    ]
    crimes.engine.run(steps)
    return tuple(step.name for step in steps)


def rule_bits(settings: Linkage) -> dict[str, int]:
    """Each candidate rule's bit in ``via``."""
    return {rule.name: 1 << place for place, rule in enumerate(rules(settings))}
