"""What estimation takes: the incidents that were drawn, how, and what was read in each.

Whoever draws a sample makes a :class:`Sample`; whoever collects verdicts makes a :class:`Reading`.
The incident is the sampling unit and a cluster of required crimes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opencdi.errors import UserError
from opencdi.estimation.arrays import Booleans, Floats, Ints


@dataclass(frozen=True)
class Stratum:
    """One part of the frame: its name, the incidents in it, those drawn, and what the machine expects.

    ``score_total``, ``machine_required_total`` and ``expected_total`` (of score times required crimes) are
    sums over the stratum's whole population, or None.
    """

    name: str
    population: int
    drawn: int
    score_total: float | None = None
    machine_required_total: float | None = None
    expected_total: float | None = None


@dataclass(frozen=True)
class Sample:
    """The incidents drawn, ordered by stratum.

    ``stratum`` holds positions in ``strata`` and never decreases; ``probability`` is each incident's
    inclusion probability, in (0, 1]: drawn/population in a simple or stratified design, Pareto's
    target probability in an unequal-probability one; 1 means read with certainty. ``score`` is the
    machine's chance that a required crime is missing (any scale works) and ``machine_required`` its count of
    required crimes, or None. Neither may have been trained on the verdicts of this audit.
    All arrays have shape (incidents drawn,). Raises ``UserError`` where the parts contradict.
    """

    incident_id: tuple[str, ...]
    stratum: Ints
    probability: Floats
    strata: tuple[Stratum, ...]
    score: Floats | None = None
    machine_required: Floats | None = None

    def __post_init__(self) -> None:
        shape = (len(self.incident_id),)
        if self.stratum.shape != shape or self.probability.shape != shape:
            raise UserError("The sample's columns have different lengths. Draw the sample again.")
        if len(set(self.incident_id)) != len(self.incident_id):
            raise UserError("The sample holds one incident twice. Draw the sample again.")
        if np.any(np.diff(self.stratum) < 0):
            raise UserError("The sample is not ordered by stratum. Draw the sample again.")
        if not np.all((self.probability > 0) & (self.probability <= 1)):
            raise UserError(
                "An inclusion probability of the sample is not between 0 and 1. Draw the sample again."
            )
        for position, stratum in enumerate(self.strata):
            self._check_stratum(position, stratum)

    def _check_stratum(self, position: int, stratum: Stratum) -> None:
        drawn = int(np.sum(self.stratum == position))
        if drawn != stratum.drawn:
            raise UserError(
                f"Stratum {stratum.name}: the sample says {stratum.drawn} incidents were drawn and holds "
                f"{drawn}. Use the sample file as it was written."
            )
        if stratum.drawn > stratum.population:
            raise UserError(
                f"Stratum {stratum.name}: {stratum.drawn} incidents drawn from {stratum.population}. "
                "A sample cannot be larger than its population; correct the counts."
            )
        if stratum.population > 0 and stratum.drawn == 0:
            raise UserError(
                f"Stratum {stratum.name} has {stratum.population} incidents and none was drawn, so nothing "
                "can be said of the whole. Draw at least one from every stratum."
            )

    @cached_property
    def weight(self) -> Floats:
        """1 / inclusion probability: how many incidents of the population each stands for."""
        return 1.0 / self.probability

    @property
    def population(self) -> int:
        return sum(stratum.population for stratum in self.strata)

    @property
    def is_census(self) -> bool:
        """Every incident of the population was read, so that there is no sampling error."""
        return bool(np.all(self.probability == 1))

    @property
    def auxiliary(self) -> tuple[Floats, Floats] | None:
        """What is known of every incident: (n, k) values in the sample and their (k,) population totals.

        The count of incidents and, where known, the totals of the score, of the machine's required crimes
        and of their product, the crimes it expects to be missing; None where no total is known.
        """
        columns, totals = [np.ones(len(self.incident_id))], [float(self.population)]
        for values, each in (
            (self.score, [stratum.score_total for stratum in self.strata]),
            (self.machine_required, [stratum.machine_required_total for stratum in self.strata]),
            (self._expected, [stratum.expected_total for stratum in self.strata]),
        ):
            if values is not None and None not in each:
                columns.append(values)
                totals.append(sum(total for total in each if total is not None))
        if len(columns) == 1:
            return None
        return np.stack(columns, axis=-1), np.array(totals)

    @property
    def _expected(self) -> Floats | None:
        if self.score is None or self.machine_required is None:
            return None
        return self.score * self.machine_required


@dataclass(frozen=True)
class Reading:
    """What was read in each incident, for one measure and one group.

    ``numerator`` and ``denominator`` are counts of crimes whose verdict is known; ``open_cases`` counts
    crimes with the verdict *cannot tell*, which may belong to the denominator and may belong to the
    numerator. ``read`` is False for an incident nobody has judged. Shape (incidents drawn,).
    """

    numerator: Floats
    denominator: Floats
    open_cases: Floats
    read: Booleans

    @classmethod
    def complete(cls, numerator: Floats, denominator: Floats) -> Reading:
        """All incidents read, every verdict known."""
        nothing = np.zeros_like(numerator)
        return cls(numerator, denominator, nothing, np.ones(numerator.shape, dtype=bool))

    @property
    def is_partial(self) -> bool:
        return not bool(np.all(self.read))
