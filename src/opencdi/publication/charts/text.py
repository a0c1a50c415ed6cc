"""How wide a text is, before it is drawn.

Advance widths of Arial and of Liberation Sans, which shares them, in thousandths of the size; what is not
in the table counts as wide as a capital M.
"""

from __future__ import annotations

from textwrap import wrap

_REGULAR = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556),
    *(556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778),
    *(722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278),
    *(278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_BOLD_OVER_REGULAR = 1.08
"""Bold is at most 8 % wider over any word, so a box by this factor is never too small."""
_WIDEST = 833


def width_of(text: str, size: float, bold: bool = False) -> float:
    """The advance width of one line, in the units of ``size``."""
    units = sum(
        _REGULAR[ord(sign) - 32] if 32 <= ord(sign) < 127 else 556 if sign in "–—£" else _WIDEST
        for sign in text
    )
    return units * size / 1000 * (_BOLD_OVER_REGULAR if bold else 1.0)


def lines_of(text: str, size: float, width: float) -> list[str]:
    """The text in lines no wider than ``width`` (a single word may be)."""
    letters = max(8, int(width / (0.5 * size)))
    while letters > 6 and any(width_of(line, size) > width for line in wrap(text, letters)):
        letters -= 1
    return wrap(text, letters) or [""]
