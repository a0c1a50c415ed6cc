"""Figures over several forces of which some are withheld: rounded, or not given at all.

Leaving withheld forces out would bias the figure, since few errors are withheld more often than many. Giving
it exactly would give the sum of the withheld counts. So the counts are rounded, and the figure is given only
where every small count in it could still be anything from 1 to its threshold: what it rises by, the others
that are withheld must be able to fall by, or the rounding must hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from opencdi.publication.control.cells import PARTS, Cell, Part
from opencdi.publication.control.protection import Need
from opencdi.publication.control.rules import Rules
from opencdi.publication.figures import AuditResults, Key, Pooled, Release
from opencdi.publication.national import POOLS, by_rule, pooled


@dataclass(frozen=True)
class WithheldCount:
    """A withheld count of a figure in the pool; ``need`` is what it must be able to be, or None."""

    value: int
    need: Need | None


Counts = Mapping[tuple[str, Cell], WithheldCount]
"""The withheld counts of a release by audit and cell."""


def safely_pooled(truth: Release, counts: Counts, rules: Rules) -> Iterator[Pooled]:
    """Every figure over several forces that holds withheld ones and may be given, from the true counts."""
    chosen = dict(by_rule(truth))
    latest = {audit.id for audit in truth.latest()}
    for key in POOLS:
        for exact in pooled(truth, *key):
            withheld = _withheld(chosen[exact.rule], key, counts)
            older = _withheld([each for each in chosen[exact.rule] if each.id not in latest], key, counts)
            # Every audit less the latest ones is the older ones: those must be safe by themselves as well.
            if withheld and all(_may_be_given(each, rules) for each in (withheld, older) if each):
                yield rounded(exact, rules.pooled_counts_round_to)


def rounded(exact: Pooled, base: int) -> Pooled:
    """Counts to the nearest ``base``, and the share from a rounded count, so that it tells no more."""
    audited = _to(exact.audited, base)
    failed = _to(exact.failed * exact.audited, base)
    return replace(
        exact,
        audited=audited,
        count=_to(exact.count, base),
        failed=min(failed / audited, 1.0) if audited else 0.0,
        rounded_to=base,
    )


def _withheld(audits: Sequence[AuditResults], key: Key, counts: Counts) -> list[Mapping[Part, WithheldCount]]:
    """For each audit whose figure is withheld, its counts by part."""
    found: list[Mapping[Part, WithheldCount]] = []
    for audit in audits:
        parts = {part: each for part in PARTS if (each := counts.get((audit.id, Cell(*key, part))))}
        if parts:
            found.append(parts)
    return found


def _may_be_given(withheld: Sequence[Mapping[Part, WithheldCount]], rules: Rules) -> bool:
    if len(withheld) < rules.least_to_pool:
        return False
    return all(_is_free([parts[part] for parts in withheld if part in parts]) for part in PARTS)


def _is_free(counts: Sequence[WithheldCount]) -> bool:
    """Whether each small count can reach both its limits while the sum stays what it is.

    Only counts that were proved to be able to move are counted on; the rounding is left as a margin.
    """
    movable = [(each.value, each.need) for each in counts if each.need is not None]
    fall = sum(value - need.low for value, need in movable if value > need.low)
    rise = sum(need.high - value for value, need in movable if value < need.high)
    return all(
        fall - max(value - need.low, 0) >= max(need.high - value, 0)
        and rise - max(need.high - value, 0) >= max(value - need.low, 0)
        for value, need in movable
    )


def _to(value: float, base: int) -> int:
    return base * round(value / base)
