"""How busy a force is: the incidents in a crime's window, and how many of them share a place.

A weights file is learned in one force and used in another. What agrees by chance differs between them
mainly by these few numbers, so they are measured anew wherever links are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opencdi.engine import Engine
from opencdi.linkage.sql import DAY, HOUR
from opencdi.settings import Linkage

CROWDS = ("postcode", "sector", "beat")
_CROWDED = 2_000
"""Incidents at one place beyond which it counts as no more crowded: such blocks are cut anyway."""


@dataclass(frozen=True)
class Density:
    """``window``: incidents in a crime's window, at least one. ``crowds``: how many others of them, on
    average, share an incident's postcode, its sector or its beat; absent where the force records none."""

    window: float
    crowds: dict[str, float] = field(default_factory=dict)


def measure(engine: Engine, settings: Linkage, source: str = "link_incident") -> Density:
    """The density of the incidents in a table of prepared ones, by the days that have any.

    To two figures, so that a few incidents more or fewer weigh no link anew.
    """
    row = engine.rows(
        f"select count(*) as incidents, count(distinct cast(floor(reported / {DAY}e0) as bigint)) as days "
        f"from {source}"
    )[0]
    share = (settings.window_after_days + settings.window_before_hours * HOUR / DAY) / max(1, row["days"])
    crowds = {name: _sharing(engine, name, source) * share for name in CROWDS}
    known = {name: _two_figures(others) for name, others in crowds.items() if others > 0}
    return Density(max(1.0, _two_figures(float(row["incidents"]) * share)), known)


def _two_figures(value: float) -> float:
    return float(f"{value:.2g}")


def _sharing(engine: Engine, column: str, source: str) -> float:
    """Mean number of other incidents with an incident's value of a column."""
    row = engine.rows(
        f"select sum(cast(n as double) * least(n - 1, {_CROWDED})) as pairs, sum(n) as incidents "
        f"from (select count(*) as n from {source} where {column} is not null group by {column}) as held"
    )[0]
    return float(row["pairs"]) / float(row["incidents"]) if row["incidents"] else 0.0
