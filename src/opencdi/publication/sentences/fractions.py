"""``One in 12``: shares as fractions that people can picture.

- Up to two in five a share is ``one in N``, N the nearest whole number.
- A fraction within 5 % of the share stands as it is, since its counts always follow; further away it is
  ``over`` (the share is larger) or ``nearly`` (it is smaller).
- Larger shares use the few fractions that are easy to picture, up to nine in ten.
"""

from __future__ import annotations

from opencdi.publication.sentences.claim import Claim, half_up

CLOSE = 0.05
_WORDS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_EASY = ((2, 5), (1, 2), (3, 5), (2, 3), (3, 4), (4, 5), (9, 10))


def fraction(share: float) -> Claim:
    """A share from 0 to 1: ``none``, ``one in 12``, ``over one in ten``, ``nine in ten``, ``all``."""
    if share <= 0:
        return Claim("none", 0.0, 0.0)
    if share >= 1:
        return Claim("all", 1.0, 1.0)
    if share < 0.36:
        return _about(1, half_up(1 / share), share)
    top, bottom = min(_EASY, key=lambda each: abs(each[0] / each[1] - share))
    return _about(top, bottom, share)


def one_in(share: float) -> Claim:
    """An end of an interval: ``1 in 20``, N the nearest whole number."""
    number = half_up(1 / share)
    return Claim(f"1 in {number:,}", 1 / (number + 0.5), 1 / (number - 0.5))


def in_words(number: int) -> str:
    """Whole numbers up to ten in words, others in digits."""
    return _WORDS[number] if 0 < number < len(_WORDS) else f"{number:,}"


def _about(top: int, bottom: int, share: float) -> Claim:
    stated = top / bottom
    words = "half" if (top, bottom) == (1, 2) else f"{in_words(top)} in {in_words(bottom)}"
    if abs(share / stated - 1) <= CLOSE:
        return Claim(words, stated * (1 - CLOSE), stated * (1 + CLOSE))
    if share > stated:
        return Claim(f"over {words}", stated, 1.0)
    return Claim(f"nearly {words}", 0.8 * stated, stated)
