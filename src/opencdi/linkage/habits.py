"""What is learned of a force before its crimes are linked: its numbers, how busy it is, its common names.

Every link depends on these few things. So that a night's records do not move them, and with them every link
of the year, all but the shape of the numbers are learned from the force's first incidents alone, and to two
figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from opencdi.engine import Relation
from opencdi.linkage.density import Density, measure
from opencdi.linkage.prepared import early_steps
from opencdi.linkage.references import NumberFormats, learn_formats
from opencdi.settings import Linkage

EARLY_INCIDENTS = 100_000
"""About how many of a force's first incidents its habits are learned from."""


@dataclass(frozen=True)
class Habits:
    """Besides these, the table ``link_common`` of the engine they were learned on holds the names that are
    not rare."""

    formats: NumberFormats
    here: Density


def learn_habits(
    incidents: Relation,
    crimes: Relation,
    settings: Linkage,
    early_incidents: Relation,
    early_parties: Relation,
    formats: NumberFormats | None = None,
) -> Habits:
    """Learn a force's habits. The early relations are its first incidents and the parties of its first
    records; the numbers are learned from all, unless their ``formats`` are known."""
    engine = incidents.engine
    formats = formats or learn_formats(incidents, crimes)
    engine.run(early_steps(early_incidents, early_parties))
    here = measure(engine, settings, "link_early")
    engine.drop(("link_early", "link_person_all"))
    return Habits(formats, here)
