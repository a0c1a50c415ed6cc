"""The tile map: one tile a force, so that a small force is as easy to see as a large one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from opencdi.publication.charts.drawing import Chart, Drawing, Link, Text, line, rectangle

SIDE, GAP = 40.0, 1.5
COLUMNS, ROWS, FIRST_COLUMN = 7, 9, 2
KEY_HEIGHT = 44.0
LEFT = (290.0 - COLUMNS * SIDE) / 2

Band = Literal[0, 1, 2, 3]
"""From the palest (lowest) to the darkest; a tile without a figure has none and is hatched by an outline."""


@dataclass(frozen=True)
class Tile:
    """``figure`` stands under the letters, so that colour tells nothing alone."""

    letters: str
    name: str
    column: int
    row: int
    band: Band | None
    figure: str
    address: str = ""


def tile_map(title: str, description: str, tiles: Sequence[Tile], bands: Sequence[str]) -> Chart:
    """The map; ``bands`` are the labels of the key, from the lowest."""
    links = tuple(_tile(tile) for tile in tiles if tile.address)
    still = [_tile(tile) for tile in tiles if not tile.address]
    key_marks, key_texts = _key(bands)
    drawing = Drawing(
        290.0,
        ROWS * SIDE + KEY_HEIGHT,
        tuple(mark for each in still for mark in each.marks) + key_marks,
        tuple(text for each in still for text in each.texts) + key_texts,
        links,
    )
    return Chart(title, description, drawing, drawing)


def _tile(tile: Tile) -> Link:
    left, top = LEFT + (tile.column - FIRST_COLUMN) * SIDE, tile.row * SIDE
    side = SIDE - GAP
    fill, ink = ("none", "") if tile.band is None else (f"q{tile.band}", "lit" if tile.band > 1 else "")
    middle = left + side / 2
    marks = [rectangle(left, top, side, side, f"tile {fill}")]
    if tile.band is None:
        marks.append(line(left, top + side, left + side, top, "none"))
    return Link(
        tile.address,
        f"{tile.name}: {tile.figure}",
        tuple(marks),
        (
            Text(middle, top + 16, tile.letters, "middle", 9.5, f"b {ink}".strip()),
            Text(middle, top + 31, tile.figure, "middle", 11.0, ink),
        ),
    )


def _key(bands: Sequence[str]) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    top = ROWS * SIDE + 14
    step = 280.0 / max(1, len(bands))
    marks = tuple(
        rectangle(LEFT + step * place, top, step - GAP, 10, f"tile q{place}") for place in range(len(bands))
    )
    texts = tuple(
        Text(LEFT + step * (place + 0.5), top + 23, label, "middle", 10.0)
        for place, label in enumerate(bands)
    )
    return marks, texts
