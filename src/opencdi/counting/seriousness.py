"""Which of two crimes is the more serious, where the official table does not say.

Page 13 of the recording rules 2026/27: the most serious violent crime generally takes precedence over
the most serious property crime; else the maximum sentence decides. The table of page 14 is a guide
that does not follow the maxima throughout, so that a crime it does not name is put where it
contradicts those two sentences least often.
"""

from __future__ import annotations

from functools import cache

Rank = tuple[int, float, str]
"""Sorts with the most serious first: place, minus the maximum in months, code."""

Measure = tuple[int, bool, float]
"""A row of the table that measures others: its place, whether it is violent, its maximum in months."""

LIFE_MONTHS = 12_000.0
"""Life imprisonment, as a number above every other maximum."""

VIOLENT_GROUPS = frozenset({"Violence against the person", "Sexual offences", "Robbery"})
"""Groups whose crimes generally take precedence over property crimes (recording rules, page 13)."""

CONDUCT_CLASSES = frozenset({"8L", "8M", "8Q", "8U"})
"""Courses of conduct: harassment, stalking, controlling or coercive behaviour (pages 50 to 57)."""


@cache
def least_contradicted(measures: tuple[Measure, ...], violent: bool, months: float) -> int:
    """The place (0 for the top) after which the fewest rows stand on the wrong side; the lowest of ties."""

    def wrong_above(other_violent: bool, other_months: float) -> bool:
        return other_months < months or (violent and not other_violent and other_months == months)

    def wrong_below(other_violent: bool, other_months: float) -> bool:
        return other_months > months or (other_violent and not violent and other_months == months)

    def contradicted(place: int) -> int:
        return sum(
            wrong_above(other_violent, other_months)
            if position <= place
            else wrong_below(other_violent, other_months)
            for position, other_violent, other_months in measures
            if not _settled_by_violence(violent, other_violent, position <= place)
        )

    places = [0, *(position for position, _, _ in measures)]
    fewest = min(contradicted(place) for place in places)
    return max(place for place in places if contradicted(place) == fewest)


def _settled_by_violence(violent: bool, other_violent: bool, other_above: bool) -> bool:
    """Violent crime above property crime is in order whatever the maxima (page 13)."""
    return violent != other_violent and other_violent == other_above


def months_of(maximum: str) -> float | None:
    """A maximum sentence in months: ``life``, ``14 years``, ``51 weeks``, ``fine``; None for ``""``."""
    if not maximum:
        return None
    if maximum in {"life", "fine"}:
        return LIFE_MONTHS if maximum == "life" else 0.0
    number, unit = maximum.split()
    return int(number) * {"year": 12.0, "month": 1.0, "week": 12 / 52}[unit.rstrip("s")]
