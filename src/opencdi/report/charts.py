"""Where the bars, labels and figures of a bar chart lie; ``parts.html.jinja`` draws them.

A horizontal bar chart is rectangles and words in rows, and a report is made every night for every force: an
engine for charts took longer to start than all else that the first page needs. No chart tells anything by
colour alone: bars carry their figures, and where two kinds of bar stand in one chart the darker is also named
in the label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

_LETTER = 7
"""Pixels that a letter of a label takes."""
_LETTER_OF_FIGURE = 7.8
"""The same of the figures, which are larger: a digit of Arial at 14 pixels."""
_GAP = 5
"""Pixels between a bar and its figure."""
_SHORTEST = 0.3
"""The longest bar takes at least this share of the room for bars; the drawing grows where figures need it."""


@dataclass(frozen=True)
class Bar:
    """One bar. ``marked`` bars are drawn in the second colour and ``note`` stands behind their figure."""

    label: str
    value: int
    marked: bool = False
    note: str = ""

    @property
    def figure(self) -> str:
        """What is written at its end."""
        return f"{self.value:,} {self.note}".rstrip()

    @property
    def figure_length(self) -> float:
        """Pixels that its figure takes, with the gap before it."""
        return _GAP + _LETTER_OF_FIGURE * len(self.figure)


@dataclass(frozen=True)
class Size:
    """A drawing's width, and the height of a row and of a label's letters, in pixels."""

    name: str
    width: int
    row: int
    letters: int

    @property
    def left(self) -> int:
        """Where bars begin; labels end a little before."""
        return self.width * 9 // 20


SIZES = (Size("wide", 560, 28, 14), Size("narrow", 330, 38, 12))
"""For a screen or paper, and for a phone."""


@dataclass(frozen=True)
class PlacedBar:
    """One row: the lines of its label, the middle of the row, the length of the bar and where its figure
    stands, in pixels."""

    bar: Bar
    lines: tuple[str, ...]
    middle: float
    length: float
    figure_at: float


@dataclass(frozen=True)
class Drawing:
    """A drawing for one size of screen."""

    size: Size
    bars: tuple[PlacedBar, ...]

    @property
    def height(self) -> int:
        return self.size.row * len(self.bars)

    @property
    def width(self) -> float:
        ends = (placed.figure_at + placed.bar.figure_length for placed in self.bars)
        return max(self.size.width, *ends)


@dataclass(frozen=True)
class Chart:
    """Drawings for wide and for narrow screens, with the title and description that stand in for them.
    ``name`` makes the ids of its parts unique in a page."""

    name: str
    title: str
    description: str
    drawings: tuple[Drawing, ...]


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> Chart:
    """A horizontal bar chart in the given order."""
    return Chart(name, title, description, tuple(_drawing(bars, size) for size in SIZES))


def _drawing(bars: Sequence[Bar], size: Size) -> Drawing:
    scale = _scale(bars, size.width - size.left)
    return Drawing(size, tuple(_placed(bar, number, size, scale) for number, bar in enumerate(bars)))


def _scale(bars: Sequence[Bar], room: float) -> float:
    """Pixels a crime, so that each bar and its figure have room."""
    counted = [bar for bar in bars if bar.value]
    if not counted:
        return 0.0
    fits = min((room - bar.figure_length) / bar.value for bar in counted)
    return max(fits, _SHORTEST * room / max(bar.value for bar in counted))


def _placed(bar: Bar, number: int, size: Size, scale: float) -> PlacedBar:
    length = bar.value * scale
    lines = tuple(wrap(bar.label, size.left // _LETTER))
    return PlacedBar(bar, lines, size.row * (number + 0.5), length, size.left + length + _GAP)
