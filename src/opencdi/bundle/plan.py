"""What precision each design would give on this audit's population, and at how many readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from opencdi.bundle.freeze import design_over
from opencdi.errors import UserError
from opencdi.sampling.design import Design, Kind
from opencdi.sampling.planner import (
    Population,
    Precision,
    inspectorate_crimes,
    pareto_precision,
    stratified_precision,
)
from opencdi.sampling.selection import pareto_probabilities
from opencdi.settings import Sample

EVERYTHING = "all crimes"
DOMESTIC_ABUSE = "domestic abuse"
KINDS: tuple[Kind, ...] = ("simple", "proportional", "neyman", "pareto")


@dataclass(frozen=True)
class PlannedGroup:
    """One group under one design."""

    precision: Precision
    inspectorate_crimes: int
    """Crimes an audit of the published kind would have to read for the same half-width."""


def plan(table: pa.Table, settings: Sample, kinds: Sequence[Kind] = KINDS) -> list[PlannedGroup]:
    """Every group under every design, at the readings of the settings."""
    return [
        PlannedGroup(each, _inspectorate(each))
        for kind in kinds
        for each in precision_of(table, settings.model_copy(update={"design": kind}))
    ]


def precision_of(table: pa.Table, settings: Sample) -> list[Precision]:
    """Every group's precision under the settings' design."""
    design = design_over(table, settings)
    population = expected(table, design)
    if design.kind != "pareto":
        return stratified_precision(population, design.allocation, design.kind)
    probabilities = pareto_probabilities(design.measure_of_size, design.readings, design.uniform_share)
    return pareto_precision(population, probabilities)


def expected(table: pa.Table, design: Design) -> Population:
    """What the machine expects of each incident: required crimes, the chance one is missing, groups.

    An incident of which nothing is required still carries its score: what an audit may find there.
    """
    required = table["required"].to_numpy().astype(float)
    groups = table["offence_group"].combine_chunks()
    code = groups.indices.to_numpy(zero_copy_only=False)
    members = {str(name): code == number for number, name in enumerate(groups.dictionary.to_pylist())}
    domestic = table["domestic_abuse"].to_numpy(zero_copy_only=False).astype(bool)
    everything = {EVERYTHING: np.ones(len(code), dtype=bool), DOMESTIC_ABUSE: domestic}
    return Population(
        stratum=design.strata.number,
        required=np.where(required > 0, required, design.scores),
        score=design.scores,
        groups={**everything, **dict(sorted(members.items()))},
    )


def readings_for(table: pa.Table, settings: Sample, half_width: float, group: str = EVERYTHING) -> int | None:
    """Least readings at which the design reaches a half-width for a group; None where it never does."""

    def reached(readings: int) -> bool:
        try:
            found = precision_of(table, settings.model_copy(update={"readings": readings}))
        except UserError:
            return False
        return next(each for each in found if each.group == group).half_width <= half_width

    return _least(reached, _powers(50, table.num_rows))


def _least(reached: Callable[[int], bool], steps: Iterator[int]) -> int | None:
    below = 0
    for readings in steps:
        if reached(readings):
            return _bisected(reached, below, readings)
        below = readings
    return None


def _bisected(reached: Callable[[int], bool], below: int, above: int) -> int:
    while above - below > max(1, above // 50):
        middle = (below + above) // 2
        below, above = (below, middle) if reached(middle) else (middle, above)
    return above


def _powers(start: int, end: int) -> Iterator[int]:
    value = min(start, end)
    while value < end:
        yield value
        value *= 2
    yield end


def _inspectorate(precision: Precision) -> int:
    if not precision.half_width > 0:
        return 0
    return inspectorate_crimes(precision.expected_rate, precision.half_width)
