"""A drawing: marks, and texts whose boxes are known; written as one accessible SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from markupsafe import Markup, escape

from opencdi.publication.charts.text import width_of

WIDE, NARROW = 640.0, 290.0
"""Widths of the two drawings of a chart in CSS pixels: the second fits a screen of 320."""

SIZE = 12.0
"""Size of a chart's text."""

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def inside(self, width: float, height: float) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is its baseline. ``look`` is a class of the style sheet (``b`` is bold)."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    size: float = SIZE
    look: str = ""

    @property
    def box(self) -> Box:
        width = width_of(self.text, self.size, "b" in self.look.split())
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 0.76 * self.size, left + width, self.y + 0.22 * self.size)

    def svg(self) -> str:
        attributes = [f'x="{number(self.x)}" y="{number(self.y)}"']
        if self.anchor != "start":
            attributes.append(f'text-anchor="{self.anchor}"')
        if self.size != SIZE:
            attributes.append(f'font-size="{number(self.size)}"')
        if self.look:
            attributes.append(f'class="{self.look}"')
        return f"<text {' '.join(attributes)}>{escape(self.text)}</text>"


@dataclass(frozen=True)
class Drawing:
    """``marks`` are SVG elements without text, drawn first; ``texts`` are drawn over them.

    ``links`` wrap a mark and a text in a link with a name of its own; a drawing with links is a group for
    assistive technology, one without is a single image.
    """

    width: float
    height: float
    marks: tuple[str, ...]
    texts: tuple[Text, ...]
    links: tuple[Link, ...] = ()

    def labels(self) -> tuple[Text, ...]:
        return self.texts + tuple(text for link in self.links for text in link.texts)

    def colliding_labels(self) -> list[tuple[str, str]]:
        """Pairs of texts whose boxes overlap; none in a drawing that may be published."""
        return [
            (one.text, other.text)
            for one, other in combinations(self.labels(), 2)
            if one.box.overlaps(other.box)
        ]

    def labels_outside(self) -> list[str]:
        """Texts that leave the drawing; none in a drawing that may be published."""
        return [each.text for each in self.labels() if not each.box.inside(self.width, self.height)]

    def svg(self, name: str, title: str, description: str) -> Markup:
        """The SVG; ``name`` makes the ids of its title and description unique in a page."""
        role = "group" if self.links else "img"
        body = "".join(
            (*self.marks, *(text.svg() for text in self.texts), *(link.svg() for link in self.links))
        )
        width, height = number(self.width), number(self.height)
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="{role}" '
            f'aria-labelledby="{name}-t {name}-d" font-family="arial, Liberation Sans, sans-serif" '
            f'font-size="{number(SIZE)}"><title id="{name}-t">{escape(title)}</title>'
            f'<desc id="{name}-d">{escape(description)}</desc>{body}</svg>'
        )


@dataclass(frozen=True)
class Link:
    """Marks and texts that lead to a page; ``name`` is what a screen reader says."""

    address: str
    name: str
    marks: tuple[str, ...]
    texts: tuple[Text, ...]

    def svg(self) -> str:
        body = "".join((*self.marks, *(text.svg() for text in self.texts)))
        return f'<a href="{escape(self.address)}" aria-label="{escape(self.name)}">{body}</a>'


@dataclass(frozen=True)
class Chart:
    """The drawings of one chart, with the title that states its message and its text alternative."""

    title: str
    description: str
    wide: Drawing
    narrow: Drawing

    def drawings(self) -> Sequence[Drawing]:
        return (self.wide,) if self.wide is self.narrow else (self.wide, self.narrow)

    def html(self, name: str) -> Markup:
        """Both drawings, of which the style sheet shows one."""
        if self.wide is self.narrow:
            return Markup('<div class="chart">{}</div>').format(
                self.wide.svg(name, self.title, self.description)
            )
        return Markup(
            '<div class="chart"><div class="wide">{}</div><div class="narrow">{}</div></div>'
        ).format(
            self.wide.svg(f"{name}-w", self.title, self.description),
            self.narrow.svg(f"{name}-n", self.title, self.description),
        )


def number(value: float) -> str:
    """One decimal, no more: the same text on every machine."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return f'<path class="{look}" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"/>'


def path(points: Iterable[tuple[float, float]], look: str) -> str:
    return f'<path class="{look}" d="M{"L".join(f"{number(x)} {number(y)}" for x, y in points)}"/>'


def rectangle(left: float, top: float, width: float, height: float, look: str) -> str:
    return (
        f'<rect class="{look}" x="{number(left)}" y="{number(top)}" width="{number(max(0, width))}" '
        f'height="{number(height)}"/>'
    )


def circle(x: float, y: float, radius: float, look: str) -> str:
    return f'<circle class="{look}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def dots(places: Iterable[tuple[float, float]], look: str) -> str:
    """Many small dots in one path: strokes without length and with round ends."""
    return f'<path class="{look}" d="{"".join(f"M{number(x)} {number(y)}h0" for x, y in places)}"/>'


def diamond(x: float, y: float, half: float, look: str) -> str:
    corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return f'<path class="{look}" d="M{"L".join(f"{number(a)} {number(b)}" for a, b in corners)}Z"/>'
