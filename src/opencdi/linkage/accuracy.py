"""How right the links are, where the truth is known: by state of the reference, and as said.

For made-up forces only. A crime counts as linked to an incident where its class is clear. An ambiguous one
is said to come from one of several, and is counted apart; a weak link is a hint for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opencdi.engine import Relation
from opencdi.schema import Column, Table

TRUTH = Table(
    "link_truth",
    "one recorded crime of a made-up force, and where it really came from",
    ("crime_id",),
    (
        Column("crime_id", "text", "The crime", required=True),
        Column("incident_id", "text", "The incident it came from; null where it came from none"),
        Column(
            "reference_state",
            "text",
            "What the typed incident reference is",
            required=True,
            allowed=("good", "damaged", "wrong", "missing"),
        ),
        Column("origin", "text", "Incident or none", required=True, allowed=("incident", "none")),
    ),
)

GROUPS = ("good", "damaged", "wrong", "missing", "no incident")
_EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.0001)


@dataclass(frozen=True)
class Accuracy:
    """Links of one group of crimes against the truth.

    ``ambiguous_right`` are those whose best incident is right, ``ambiguous_between`` those for which it or
    the runner-up is.
    """

    group: str
    crimes: int
    linked: int
    right: int
    ambiguous: int = 0
    ambiguous_right: int = 0
    ambiguous_between: int = 0

    @property
    def precision(self) -> float | None:
        """Share of the linked crimes that are linked to the right incident."""
        return self.right / self.linked if self.linked else None

    @property
    def recall(self) -> float | None:
        """Share of the crimes that came from an incident and are linked to it."""
        return self.right / self.crimes if self.crimes and self.group != "no incident" else None

    @property
    def with_ambiguous(self) -> Accuracy:
        """The same, were each ambiguous crime linked to its best incident."""
        linked, right = self.linked + self.ambiguous, self.right + self.ambiguous_right
        return Accuracy(self.group, self.crimes, linked, right)


@dataclass(frozen=True)
class Reliability:
    """Best links whose printed probability lies in one band: what was said, and what was so."""

    low: float
    high: float
    links: int
    said: float
    right: float


def accuracy(links: Relation, truth: Relation) -> tuple[Accuracy, ...]:
    """One row a group of ``GROUPS``, and one for all crimes together."""
    rows = links.engine.rows(
        f"""
        select case when origin = 'none' then 'no incident' else reference_state end as grp,
               count(*) as crimes,
               sum(case when link_class = 'clear' then 1 else 0 end) as linked,
               sum(case when link_class = 'clear' and is_best then 1 else 0 end) as linked_right,
               sum(case when link_class = 'ambiguous' then 1 else 0 end) as ambiguous,
               sum(case when link_class = 'ambiguous' and is_best then 1 else 0 end) as ambiguous_right,
               sum(case when link_class = 'ambiguous' and (is_best or is_next) then 1 else 0 end)
                 as ambiguous_between
        from (select truth.origin, truth.reference_state, link.link_class,
                     coalesce(link.incident_id = truth.incident_id, false) as is_best,
                     coalesce(link.runner_up_incident_id = truth.incident_id, false) as is_next
              from {truth.name} as truth
              join {links.name} as link on link.crime_id = truth.crime_id) as judged
        group by case when origin = 'none' then 'no incident' else reference_state end"""
    )
    found = {
        row["grp"]: Accuracy(
            row["grp"],
            int(row["crimes"]),
            int(row["linked"]),
            int(row["linked_right"]),
            int(row["ambiguous"]),
            int(row["ambiguous_right"]),
            int(row["ambiguous_between"]),
        )
        for row in rows
    }
    groups = tuple(found.get(group, Accuracy(group, 0, 0, 0)) for group in GROUPS)
    return (*groups, _together(groups))


def _together(groups: Sequence[Accuracy]) -> Accuracy:
    return Accuracy(
        "all",
        sum(group.crimes for group in groups),
        sum(group.linked for group in groups),
        sum(group.right for group in groups),
        sum(group.ambiguous for group in groups),
        sum(group.ambiguous_right for group in groups),
        sum(group.ambiguous_between for group in groups),
    )


def reliability(links: Relation, truth: Relation) -> tuple[Reliability, ...]:
    """The printed probability of the best incident against the share that is right, in bands."""
    bands = " ".join(f"when probability < {high} then {place}" for place, high in enumerate(_EDGES[1:]))
    rows = links.engine.rows(
        f"""
        select band, count(*) as links, avg(probability) as said, avg(is_right) as is_right
        from (select case {bands} end as band, probability,
                     case when link.incident_id = truth.incident_id then 1.0 else 0.0 end as is_right
              from {links.name} as link
              join {truth.name} as truth on truth.crime_id = link.crime_id
              where link.incident_id is not null) as judged
        group by band order by band"""
    )
    return tuple(
        Reliability(
            _EDGES[row["band"]],
            min(1.0, _EDGES[row["band"] + 1]),
            int(row["links"]),
            float(row["said"]),
            float(row["is_right"]),
        )
        for row in rows
    )


def calibration_error(bands: Sequence[Reliability]) -> float:
    """Mean distance of said from so, weighted by links.

    Expected calibration error: Naeini, Cooper and Hauskrecht (2015), *Obtaining Well Calibrated
    Probabilities Using Bayesian Binning*, AAAI 29.
    """
    links = sum(band.links for band in bands)
    return sum(band.links * abs(band.said - band.right) for band in bands) / links if links else 0.0
