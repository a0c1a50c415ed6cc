"""Rounding: percentages, percentage points and counts.

- Fewer than 1,000 crimes: whole per cent; from 1,000: one decimal. More digits would claim a precision that
  no sample of this size has.
- Nothing that is not nothing becomes 0%, and nothing short of all becomes 100%.
- Counts up to 999 are given as they are; larger ones in a headline to two figures, as ``over`` or ``nearly``.
"""

from __future__ import annotations

from opencdi.publication.sentences.claim import Claim, half_up

FINE = 1_000
"""Crimes audited from which a decimal of a per cent is shown."""


def decimals_for(size: float | None) -> int:
    """Decimals of a per cent for a rate of ``size`` crimes; one where a publisher's size is not known."""
    return 0 if size is not None and size < FINE else 1


def percent(share: float, decimals: int = 0) -> Claim:
    """A share from 0 to 1 as a percentage, such as ``9%``, ``87.9%``, ``under 1%``."""
    steps: int = 10**decimals
    rounded = half_up(100 * share * steps)
    if rounded == 0 and share > 0:
        return Claim(f"under {_digits(1, decimals)}%", 0.0, 0.5 / (100 * steps))
    if rounded == 100 * steps and share < 1:
        return Claim(f"over {_digits(100 * steps - 1, decimals)}%", 1 - 0.5 / (100 * steps), 1.0)
    half = 0.5 / (100 * steps)
    middle = rounded / (100 * steps)
    return Claim(f"{_digits(rounded, decimals)}%", middle - half, middle + half)


def percent_range(lower: float, upper: float, decimals: int = 0) -> tuple[Claim, Claim]:
    """Both ends of an interval, with enough decimals (at most two) for them to differ where they do."""
    for digits in range(decimals, 3):
        ends = percent(lower, digits), percent(upper, digits)
        if ends[0].text != ends[1].text or lower == upper:
            break
    return ends


def points(difference: float) -> Claim:
    """The size of a difference of two shares in percentage points, without its sign."""
    rounded = half_up(1000 * abs(difference))
    noun = "percentage point" if rounded == 10 else "percentage points"
    middle = rounded / 1000
    return Claim(f"{_digits(rounded, 1)} {noun}", middle - 0.0005, middle + 0.0005)


def count_in_words(count: int) -> Claim:
    """A large count to two figures: ``over 4,900``, ``nearly 3,700``, ``3,700``; a small one as it is."""
    if count < 1_000:
        return Claim(f"{count:,}", count, count)
    step: int = 10 ** (len(str(count)) - 2)
    rounded = half_up(count / step) * step
    if rounded == count:
        return Claim(f"{count:,}", count, count)
    if rounded < count:
        return Claim(f"over {rounded:,}", rounded + 1, rounded + step / 2)
    return Claim(f"nearly {rounded:,}", rounded - step / 2, rounded - 1)


def to_two_figures(count: float) -> str:
    """A count that is itself an estimate, to two figures, or to the whole number below a hundred."""
    step: int = 10 ** max(0, len(str(int(count))) - 2)
    return f"{half_up(count / step) * step:,}"


def _digits(steps: int, decimals: int) -> str:
    return f"{steps / 10**decimals:.{decimals}f}"
