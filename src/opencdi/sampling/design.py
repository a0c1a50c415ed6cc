"""A sampling design: everything that is fixed, and hashed, before the seed is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from opencdi.errors import UserError
from opencdi.sampling.allocation import extended, neyman, proportional
from opencdi.sampling.selection import (
    Positions,
    pareto_probabilities,
    pareto_probabilities_at,
    pareto_sample,
    smallest_tickets,
)
from opencdi.sampling.strata import Dimension, Strata, cross, form_strata, joined_labels
from opencdi.sampling.tickets import Tickets

Kind = Literal["simple", "proportional", "neyman", "pareto"]

PURPOSE = "sample"
"""The purpose in the tickets of the first draw; a second draw uses ``sample-2``, and so on."""

WHOLE_FRAME = "all"
"""The stratum in the tickets of designs that do not stratify."""


@dataclass(frozen=True)
class Design:
    """How many readings, of whom. Shapes: H strata, N incidents.

    ``allocation`` and ``population`` have shape (H,). ``millionths`` (shape (N,)) are the expected
    chances that a required crime is missing, in whole millionths, as they are published.
    ``uniform_share`` is the part of the allocation (or of a Pareto design's measure of size) that
    ignores the score.
    """

    kind: Kind
    readings: int
    strata: Strata
    population: NDArray[np.int64]
    allocation: NDArray[np.int64]
    millionths: NDArray[np.int64]
    uniform_share: float

    @property
    def scores(self) -> NDArray[np.float64]:
        return self.millionths / 1e6

    @property
    def measure_of_size(self) -> NDArray[np.float64]:
        """sqrt(p(1-p)) of the scores, shape (N,): what a Pareto design draws by."""
        return np.sqrt(self.scores * (1.0 - self.scores))


@dataclass(frozen=True)
class Sample:
    """Who was drawn, in reading order. All arrays have shape (n,)."""

    positions: Positions
    """Positions in the frame."""
    probabilities: NDArray[np.float64]
    """Inclusion probabilities."""


def make_design(
    kind: Kind,
    dimensions: Sequence[Dimension],
    joinable: Sequence[str],
    scores: NDArray[np.float64],
    readings: int,
    minimum: int = 10,
    uniform_share: float = 0.4,
    census: Collection[str] = (),
) -> Design:
    """A design over a frame.

    ``dimensions`` cut the frame, ``scores`` (shape (N,)) are the expected chances that a required
    crime is missing, ``census`` holds dimension values of which every incident is read besides
    ``readings``. Raises ``UserError`` where the readings do not suffice.
    """
    millionths = np.rint(scores * 1e6).astype(np.int64)
    if kind in ("simple", "pareto"):
        return _unstratified(kind, millionths, readings, uniform_share)
    strata = _affordable_strata(dimensions, joinable, readings, minimum)
    sizes = strata.sizes
    whole = np.array([bool(set(label.split(" / ")) & set(census)) for label in strata.labels])
    allocation = np.where(whole, sizes, 0)
    sampled = np.where(whole, 0, sizes)
    if sampled.any():
        rates = np.bincount(strata.number, millionths, len(sizes)) / sizes / 1e6
        share = (
            proportional(sampled, readings, minimum)
            if kind == "proportional"
            else neyman(sampled, rates, readings, uniform_share, minimum)
        )
        allocation = allocation + share
    return Design(kind, int(allocation.sum()), strata, sizes, allocation, millionths, uniform_share)


def draw(design: Design, drawn: Tickets, readings: int | None = None) -> Sample:
    """The sample that the tickets give.

    ``readings`` above the design's extends it, in the same proportions and down the same ranking, so
    that the larger sample contains the smaller.
    """
    wanted = readings or design.readings
    if design.kind != "pareto":
        allocation = extended(design.population, design.allocation, wanted)
        positions = smallest_tickets(drawn, design.strata.number, allocation)
        share = allocation / np.maximum(design.population, 1)
        return Sample(positions, share[design.strata.number[positions]])
    planned = pareto_probabilities(design.measure_of_size, design.readings, design.uniform_share)
    positions = pareto_sample(drawn, planned, wanted)
    probabilities = planned if wanted == design.readings else pareto_probabilities_at(planned, wanted)
    return Sample(positions, probabilities[positions])


def ticket_strata(design: Design) -> Iterator[str]:
    """The stratum that goes into each incident's ticket, in frame order."""
    labels = design.strata.labels
    return (labels[number] for number in design.strata.number)


def _unstratified(kind: Kind, millionths: NDArray[np.int64], readings: int, uniform_share: float) -> Design:
    count = len(millionths)
    if readings > count:
        raise UserError(
            f"A sample of {readings:,} readings was asked for, but there are only {count:,} incidents. "
            "Ask for fewer, or read them all."
        )
    strata = Strata((WHOLE_FRAME,), np.zeros(count, dtype=np.intp))
    return Design(kind, readings, strata, strata.sizes, np.array([readings]), millionths, uniform_share)


def _affordable_strata(
    dimensions: Sequence[Dimension], joinable: Sequence[str], readings: int, minimum: int
) -> Strata:
    """The finest strata whose minimum takes at most half of the readings."""
    cells = cross(dimensions)
    for smallest in _doubling(minimum, len(cells.number)):
        sizes: dict[str, int] = {}
        for label, size in zip(joined_labels(cells, joinable, smallest), cells.sizes.tolist(), strict=True):
            sizes[label] = sizes.get(label, 0) + size
        if sum(min(size, minimum) for size in sizes.values()) * 2 <= readings:
            break
    return form_strata(cells, joinable, smallest)


def _doubling(start: int, end: int) -> Iterable[int]:
    value = max(start, 1)
    while value < 2 * end:
        yield value
        value *= 2
    yield value
