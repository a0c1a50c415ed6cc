"""Made-up audits for the tests of publication: verdicts drawn at random, rates by the real estimation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np

from opencdi.counting import classification
from opencdi.estimation.measures import MEASURES, reading
from opencdi.estimation.verdicts import Verdict
from opencdi.publication.figures import AuditResults, Count, Figure, Provenance, Release, Source
from opencdi.publication.forces import Force, forces

VERDICTS = ("correct", "late", "wrong_class", "missing", "cancelled_wrong", "n100_wrong", "over_recorded")
CHANCES = (0.78, 0.05, 0.03, 0.1, 0.01, 0.005, 0.025)


@cache
def subgroups() -> Mapping[str, str]:
    return {each.subgroup: each.group for each in classification.load().classes.values()}


def verdicts(seed: int, crimes: int) -> list[Verdict]:
    """``crimes`` judged crimes over the offence list, common groups more often than rare ones."""
    rng = np.random.default_rng(seed)
    names = sorted(subgroups())
    weights = rng.dirichlet(np.linspace(3, 0.2, len(names)))
    groups = rng.choice(len(names), crimes, p=weights)
    kinds = rng.choice(len(VERDICTS), crimes, p=CHANCES)
    abuse, told = rng.random(crimes) < 0.2, rng.random(crimes)
    return [
        Verdict(
            incident_id=f"{number:06d}",
            required_no=1,
            verdict=VERDICTS[kinds[number]],
            offence_group=subgroups()[names[groups[number]]],
            offence_subgroup=names[groups[number]],
            domestic_abuse=bool(abuse[number]),
            victim_told="yes" if told[number] < 0.8 else "no" if told[number] < 0.95 else None,
        )
        for number in range(crimes)
    ]


def figures(found: Sequence[Verdict]) -> tuple[Figure, ...]:
    """Counts of every measure and group, with simple rates and limits."""
    incidents = sorted({each.incident_id for each in found})
    rows = []
    for dimension, group, inside in _groups(found):
        for measure in MEASURES:
            counts = reading(found, incidents, measure, inside)
            yes, read = int(counts.numerator.sum()), int(counts.denominator.sum())
            if read or measure.name == "recorded":
                rows.append(figure(measure.name, dimension, group, yes, read))
    return tuple(rows)


def figure(measure: str, dimension: str, group: str, yes: int, read: int) -> Figure:
    share = yes / read if read else None
    half = 1.96 * (share * (1 - share) / read) ** 0.5 + 0.5 / read if share is not None else 0.0
    return Figure(
        measure=measure,
        dimension=dimension,
        group=group,
        numerator=yes,
        denominator=read,
        open_cases=0,
        unread=0,
        estimate=share,
        lower=max(share - half, 0.0) if share is not None else None,
        upper=min(share + half, 1.0) if share is not None else None,
        confidence=0.95,
        method="made up",
        standard_error=half / 1.96 if share is not None else None,
        effective_size=float(read) if read else None,
        design_effect=1.0 if read else None,
        worst_lower=max(share - half, 0.0) if share is not None else None,
        worst_upper=min(share + half, 1.0) if share is not None else None,
        estimator="ratio",
        note="" if read else "No crime of this group was read.",
    )


def _groups(found: Sequence[Verdict]):
    yield "all", "all crimes", lambda _: True
    yield "flag", "domestic abuse", lambda each: each.domestic_abuse
    for dimension in ("offence_group", "offence_subgroup"):
        for group in sorted({getattr(each, dimension) for each in found}):
            yield dimension, group, lambda each, d=dimension, g=group: getattr(each, d) == g


def audit(
    force: Force | None = None,
    year: int = 2025,
    seed: int = 1,
    crimes: int = 1200,
    found: Sequence[Verdict] = (),
) -> AuditResults:
    force = force or forces()[28]
    judged = found or verdicts(seed, crimes)
    errors = {kind: sum(each.verdict == kind for each in judged) for kind in VERDICTS[1:]}
    return AuditResults(
        id=f"{force.code}-{year}-09-30",
        force=force,
        title="Audit of crime recording",
        first_day=date(year, 4, 1),
        last_day=date(year, 9, 30),
        source=Source("Office of the made-up registrar"),
        design="simple",
        edition="2025-04",
        figures=figures(judged),
        provenance=Provenance("4 1 6 2", "f" * 64, "c" * 64, "5" * 64, f"{seed:064d}", "0.1"),
        incidents=40 * len(judged),
        sampled=len(judged),
        errors=tuple(Count(kind, number) for kind, number in errors.items() if number),
    )


def release(audits: Sequence[AuditResults], number: str = "1") -> Release:
    return Release(
        title="How well the police record crime",
        publisher="Office of the made-up registrar",
        contact="press@example.org",
        statistician="Chief statistician",
        audits=tuple(audits),
        number=number,
        made_up=True,
    )
