"""What a rate says towards a grade, by a dated rule table; never the grade itself.

Published grades do not follow from the rate alone (West Yorkshire 2018: 94.6 %, outstanding; Northumbria
2016: 92.7 %, requires improvement), and the thresholds were lowered in 2017. So a rule table gives the
bands the interval touches and what else the grade needs, and says whether its bands are confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from opencdi.errors import UserError
from opencdi.estimation.interval import Interval


@dataclass(frozen=True)
class Band:
    """A grade for rates from ``lowest`` (or, with ``strictly``, above it) up to the next band."""

    grade: str
    lowest: float
    strictly: bool = False

    def holds(self, rate: float) -> bool:
        return rate > self.lowest if self.strictly else rate >= self.lowest


@dataclass(frozen=True)
class GradeRules:
    """One dated table of bands, from the highest to the lowest."""

    id: str
    title: str
    in_force_from: date
    in_force_to: date | None
    measure: str
    bands: tuple[Band, ...]
    needs: tuple[str, ...]
    source: str
    confirmed: bool
    note: str

    def band_of(self, rate: float) -> str:
        return next(band.grade for band in self.bands if band.holds(rate))


@dataclass(frozen=True)
class TowardsGrade:
    """``possible`` are the bands the interval touches; ``needs`` is what else has to be judged."""

    rules: str
    at_estimate: str
    possible: tuple[str, ...]
    needs: tuple[str, ...]
    confirmed: bool
    note: str

    @property
    def is_settled(self) -> bool:
        """The rate falls into one band whatever the sampling error."""
        return len(self.possible) == 1

    def __str__(self) -> str:
        bands = " or ".join(self.possible)
        sure = "" if self.confirmed else " (bands not confirmed by a published rule)"
        return f"By {self.rules}{sure} the rate alone would be {bands}; the grade also needs: " + (
            "; ".join(self.needs) + "."
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def grade_rules(table: Mapping[str, Any]) -> GradeRules:
    """Rules from a parsed TOML table. Raises ``UserError`` where the bands do not run down to 0."""
    bands = tuple(
        Band(str(band["grade"]), float(band["from"]), bool(band.get("above", False)))
        for band in table["band"]
    )
    lowest = [band.lowest for band in bands]
    if lowest != sorted(lowest, reverse=True) or lowest[-1] != 0:
        raise UserError(
            f"Grade rules {table['id']}: the bands must run from the highest down to one from 0.0."
        )
    return GradeRules(
        id=str(table["id"]),
        title=str(table["title"]),
        in_force_from=table["in_force_from"],
        in_force_to=table.get("in_force_to"),
        measure=str(table["measure"]),
        bands=bands,
        needs=tuple(table["needs"]),
        source=str(table["source"]),
        confirmed=bool(table["confirmed"]),
        note=str(table["note"]),
    )


def towards_grade(rules: GradeRules, rate: float, interval: Interval) -> TowardsGrade:
    """The bands that the rate and its interval touch under ``rules``."""
    ends = {rules.band_of(interval.lower), rules.band_of(rate), rules.band_of(interval.upper)}
    order = [band.grade for band in rules.bands]
    touched = sorted(order.index(grade) for grade in ends)
    possible = tuple(order[touched[0] : touched[-1] + 1])
    return TowardsGrade(rules.id, rules.band_of(rate), possible, rules.needs, rules.confirmed, rules.note)
