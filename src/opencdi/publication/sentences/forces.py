"""Forces beside each other: where one stands, said no more firmly than the samples allow."""

from __future__ import annotations

from opencdi.estimation.funnel import FunnelForce
from opencdi.estimation.ranks import Rank


def against_average(force: FunnelForce, target: float, forces: int) -> str:
    """Where a force stands in the funnel of ``forces`` around ``target``."""
    side = "higher" if force.rate > target else "lower"
    if force.stands == "inside":
        return f"Its recording rate cannot be told from the average of the {forces} forces."
    if force.stands == "outside 95 %":
        return (
            f"Its recording rate is {side} than the average of the {forces} forces. Of {forces} forces that "
            "are all alike about one in 20 would stand so far off, so this is worth a look and proves little."
        )
    return (
        f"Its recording rate is {side} than the average of the {forces} forces by more than chance and the "
        "usual spread between forces explain."
    )


def rank_sentence(rank: Rank, forces: int) -> str:
    """The force's place among all, as far as it is known."""
    if rank.best == rank.worst:
        return f"It is {ordinal(rank.best)} of {forces}, whatever the sampling error."
    return f"Its place is somewhere between {ordinal(rank.best)} and {ordinal(rank.worst)} of {forces}."


def ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"
