"""Forces beside each other: who can be compared, the funnel, the places, and one figure with its rule.

Two honest newspapers got two national figures out of one source, because one counted every audit and the
other each force's latest. So no figure over several forces stands here without the rule that says which
audits are in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opencdi.estimation.binomial import CONFIDENCE, normal_quantile
from opencdi.estimation.funnel import Funnel, FunnelForce, funnel
from opencdi.estimation.ranks import Rank, Ranking, ranking
from opencdi.publication.figures import (
    ALL_CRIMES,
    DOMESTIC_ABUSE,
    AuditResults,
    Figure,
    Key,
    Pooled,
    Release,
)

FEWEST = 3
"""Forces below which nothing is compared."""

LATEST_RULE = "each force's latest audit"
EVERY_RULE = "every audit of every force"


@dataclass(frozen=True)
class Compared:
    """The forces whose latest recording rate can be compared, in the order of the ranking."""

    audits: dict[str, AuditResults]
    sizes: dict[str, float]
    funnel: Funnel
    ranking: Ranking

    def standing(self, code: str) -> FunnelForce | None:
        return next((each for each in self.funnel.forces if each.name == code), None)

    def rank(self, code: str) -> Rank | None:
        return next((each for each in self.ranking.ranks if each.name == code), None)


def compare_forces(release: Release, measure: str = "recorded") -> Compared | None:
    """The comparison of the latest all-crimes rates; None where fewer than three can be compared."""
    found = [
        (audit, figure, size)
        for audit in release.latest()
        if audit.force.is_territorial
        and (figure := audit.figure(measure)) is not None
        and (size := effective_size(figure)) is not None
    ]
    if len(found) < FEWEST:
        return None
    codes = [audit.force.code for audit, _, _ in found]
    rates = np.array([figure.estimate for _, figure, _ in found], dtype=float)
    sizes = np.array([size for _, _, size in found])
    centre = float(np.average(rates, weights=sizes))
    errors = np.sqrt(centre * (1 - centre) / sizes)
    return Compared(
        {audit.force.code: audit for audit, _, _ in found},
        dict(zip(codes, (float(size) for size in sizes), strict=True)),
        funnel(codes, rates, errors),
        ranking(codes, rates, np.array([_own_error(figure, size) for _, figure, size in found])),
    )


def effective_size(figure: Figure) -> float | None:
    """Independent readings worth the same as the sample; None where there is no telling.

    For a publisher's interval it is worked out from the half-width, taken as 95 % and of the simple kind,
    which is what the published intervals whose sample is known turn out to be.
    """
    estimate, lower, upper = figure.estimate, figure.lower, figure.upper
    if estimate is None or not 0 < estimate < 1 or lower is None or upper is None:
        return None
    if figure.effective_size:
        return figure.effective_size
    error = (upper - lower) / 2 / normal_quantile(figure.confidence or CONFIDENCE)
    return estimate * (1 - estimate) / error**2 if error > 0 else None


def _own_error(figure: Figure, size: float) -> float:
    estimate = figure.estimate or 0.0
    return float(figure.standard_error or np.sqrt(estimate * (1 - estimate) / size))


@dataclass(frozen=True)
class Round:
    """The audits whose period ended in one year, one a force, and the average of their rates.

    Rounds of the same forces under the same edition have the same ``run``: only they make a trend.
    """

    year: int
    rates: tuple[float, ...]
    average: float
    edition: str
    run: str


def rounds(release: Release, measure: str = "recorded") -> list[Round]:
    """Years in which at least three forces were audited: their rates, and the average by precision."""
    latest: dict[tuple[int, str], tuple[AuditResults, float, float]] = {}
    for force in release.forces:
        for audit in release.audits_of(force) if force.is_territorial else ():
            figure = audit.figure(measure)
            size = effective_size(figure) if figure else None
            if audit.last_day and figure and figure.estimate is not None and size:
                latest[audit.last_day.year, force.code] = audit, figure.estimate, size
    by_year = [
        (year, [found for (when, _), found in sorted(latest.items()) if when == year])
        for year in sorted({year for year, _ in latest})
    ]
    return [_round(year, found) for year, found in by_year if len(found) >= FEWEST]


def _round(year: int, found: Sequence[tuple[AuditResults, float, float]]) -> Round:
    rates = np.array([rate for _, rate, _ in found])
    editions = sorted({audit.edition for audit, _, _ in found})
    average = float(np.average(rates, weights=[size for _, _, size in found]))
    run = " ".join([*editions, *(audit.force.code for audit, _, _ in found)])
    return Round(year, tuple(float(rate) for rate in rates), average, ", ".join(editions), run)


POOLS: tuple[Key, ...] = (
    ("recorded", *ALL_CRIMES),
    ("recorded_correctly", "offence_subgroup", "Rape"),
    ("recorded", *DOMESTIC_ABUSE),
    ("recorded", "offence_group", "Violence against the person"),
)
"""What is told of all forces together; the first that can be told makes the headline."""


def pooled(release: Release, measure: str, dimension: str, group: str) -> list[Pooled]:
    """The figure under each rule of inclusion; empty where no audit gives counts.

    A figure that holds withheld ones was made by disclosure control, with its counts rounded. Where even that
    was not safe there is none: which figures are withheld depends on what they say (few errors), so that the
    rest together would tell too bad a tale, or too good a one.
    """
    made = {each.rule: each for each in release.pooled if each.key == (measure, dimension, group)}
    found = [
        made.get(rule) or _pooled(rule, audits, measure, dimension, group)
        for rule, audits in by_rule(release)
    ]
    return [each for each in found if each is not None]


def by_rule(release: Release) -> tuple[tuple[str, list[AuditResults]], ...]:
    """The audits that each rule of inclusion takes."""
    return (
        (LATEST_RULE, [each for each in release.latest() if each.force.is_territorial]),
        (EVERY_RULE, [audit for audit in release.audits if audit.force.is_territorial]),
    )


def _pooled(
    rule: str, audits: Sequence[AuditResults], measure: str, dimension: str, group: str
) -> Pooled | None:
    if any((figure := each.figure(measure, dimension, group)) and figure.is_suppressed for each in audits):
        return None
    counted = [
        (audit, figure.numerator, figure.denominator, figure.estimate)
        for audit in audits
        if (figure := audit.figure(measure, dimension, group)) is not None
        and figure.numerator is not None
        and figure.denominator
        and figure.estimate is not None
    ]
    if not counted:
        return None
    audited = sum(of for _, _, of, _ in counted)
    return Pooled(
        rule,
        measure,
        dimension,
        group,
        forces=len({audit.force for audit, _, _, _ in counted}),
        audits=len(counted),
        audited=audited,
        count=sum(of - count for _, count, of, _ in counted),
        failed=sum(of * (1 - estimate) for _, _, of, estimate in counted) / audited,
    )
