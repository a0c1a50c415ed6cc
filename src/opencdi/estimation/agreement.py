"""How far two blind judges agree, beyond what one coefficient can show.

At a 10 % rate two good judges have kappa 0.72 and at 1 % kappa 0.25, with the same skill; so raw, positive
and negative agreement (Feinstein & Cicchetti 1990, *J. Clin. Epidemiol.* 43, 543-549; 551-558), Gwet's AC1
(Gwet 2008, *Br. J. Math. Stat. Psychol.* 61, 29-48) and Krippendorff's alpha (Krippendorff 2018, *Content
Analysis*, 4th ed., ch. 12; nominal data) stand side by side. Intervals are the jackknife's over incidents
(Efron & Stein 1981, *Ann. Statist.* 9, 586-596), so that several crimes of one incident count as one
cluster, with a t quantile. Weights (1/inclusion probability) make the figures those of the population.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from opencdi.estimation.arrays import Floats, Ints, divided
from opencdi.estimation.binomial import CONFIDENCE

Table = Floats
"""Weighted counts of (first judge's category, second's), shape (..., k, k)."""


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement with its interval; NaN where the judgements cannot show it."""

    name: str
    value: float
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.name} {self.value:.3f} ({self.lower:.3f} to {self.upper:.3f})"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Agreement:
    """Every coefficient for one pair of judges; ``judgements`` are pairs, ``incidents`` their clusters."""

    raw: Coefficient
    positive: Coefficient
    negative: Coefficient
    ac1: Coefficient
    alpha: Coefficient
    judgements: int
    incidents: int

    def __str__(self) -> str:
        parts = (self.raw, self.positive, self.negative, self.ac1, self.alpha)
        return f"{self.judgements:,} judgements twice: " + "; ".join(str(part) for part in parts)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def raw_agreement(table: Table) -> Floats:
    """Share of judgements on which both agree."""
    return divided(np.trace(table, axis1=-2, axis2=-1), table.sum(axis=(-2, -1)))


def specific_agreement(table: Table, category: int) -> Floats:
    """2 n_kk / (n_k. + n_.k): agreement on one category (positive, negative agreement)."""
    given = table[..., category, :].sum(axis=-1) + table[..., :, category].sum(axis=-1)
    return divided(2 * table[..., category, category], given)


def gwet_ac1(table: Table) -> Floats:
    """(p - e)/(1 - e) with e = Σ q_k (1 - q_k)/(K - 1), q_k the mean share of category k."""
    total = table.sum(axis=(-2, -1))
    share = divided((table.sum(axis=-1) + table.sum(axis=-2)) / 2, total[..., None])
    chance = np.sum(share * (1 - share), axis=-1) / (table.shape[-1] - 1)
    return divided(raw_agreement(table) - chance, 1 - chance)


def krippendorff_alpha(table: Table, pairs: Floats) -> Floats:
    """1 - observed/expected disagreement, nominal, two judgements each; ``pairs`` is the unweighted number.

    The factor (2n - 1)/2n of the expected disagreement is Krippendorff's small-sample correction.
    """
    total = table.sum(axis=(-2, -1))
    share = divided((table.sum(axis=-1) + table.sum(axis=-2)) / 2, total[..., None])
    expected = (1 - np.sum(share**2, axis=-1)) * 2 * pairs / (2 * pairs - 1)
    return 1 - divided(1 - raw_agreement(table), expected)


def agreement(
    first: Sequence[str],
    second: Sequence[str],
    incident: Sequence[str],
    positive: frozenset[str],
    weight: Floats | None = None,
    confidence: float = CONFIDENCE,
) -> Agreement:
    """Agreement of two judges on the same crimes.

    ``positive`` holds the categories that count as an error found; positive and negative agreement are on
    that division, the other coefficients on all categories. ``incident`` gives each judgement's cluster.
    """
    weights = np.ones(len(first)) if weight is None else weight
    codes, categories = _coded(first, second)
    divided_in_two = np.array([[int(each in positive) for each in judge] for judge in (first, second)])
    clusters = np.unique(np.asarray(incident), return_inverse=True)[1]
    many, two = (
        _tables_by_cluster(judged, clusters, weights, count)
        for judged, count in ((codes, max(2, len(categories))), (divided_in_two, 2))
    )
    pairs = np.bincount(clusters).astype(np.float64)

    def coefficient(name: str, of: Callable[[Floats, Floats], Floats], tables: Floats) -> Coefficient:
        return _jackknifed(name, of, tables, pairs, confidence)

    return Agreement(
        raw=coefficient("raw agreement", lambda table, _: raw_agreement(table), many),
        positive=coefficient("positive agreement", lambda table, _: specific_agreement(table, 1), two),
        negative=coefficient("negative agreement", lambda table, _: specific_agreement(table, 0), two),
        ac1=coefficient("Gwet AC1", lambda table, _: gwet_ac1(table), many),
        alpha=coefficient("Krippendorff alpha", krippendorff_alpha, many),
        judgements=len(first),
        incidents=pairs.size,
    )


def _coded(first: Sequence[str], second: Sequence[str]) -> tuple[Ints, list[str]]:
    categories = sorted({*first, *second})
    position = {category: number for number, category in enumerate(categories)}
    return np.array([[position[each] for each in judge] for judge in (first, second)]), categories


def _tables_by_cluster(judged: Ints, clusters: Ints, weights: Floats, count: int) -> Floats:
    tables = np.zeros((int(clusters.max()) + 1, count, count))
    np.add.at(tables, (clusters, judged[0], judged[1]), weights)
    return tables


def _jackknifed(
    name: str, of: Callable[[Floats, Floats], Floats], tables: Floats, pairs: Floats, confidence: float
) -> Coefficient:
    whole, count = tables.sum(axis=0), pairs.size
    value = float(of(whole, pairs.sum()))
    if count < 2:
        return Coefficient(name, value, float("nan"), float("nan"))
    without_one = of(whole - tables, pairs.sum() - pairs)
    kept = without_one[np.isfinite(without_one)]
    if not np.isfinite(value) or kept.size < 2:
        return Coefficient(name, value, float("nan"), float("nan"))
    spread = float(np.sqrt((count - 1) / count * np.sum((kept - kept.mean()) ** 2)))
    half = float(stdtrit(count - 1, 0.5 + confidence / 2)) * spread
    return Coefficient(name, value, max(-1.0, value - half), min(1.0, value + half))
