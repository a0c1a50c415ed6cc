"""Charts as SVG text: drawn by Vega-Lite through vl-convert, with no script and no outside request.

Colours: Analysis Function palette. No chart tells anything by colour alone: bars carry their figures, and
where two kinds of bar stand in one chart the darker is also named in the label. The drawing is written in
Vega-Lite's own words: building it through Altair takes longer than drawing it, and a report is made nightly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import vl_convert
from markupsafe import Markup, escape

DARK_BLUE = "#12436D"
ORANGE = "#F46A25"
TEXT = "#3D3D3D"

WIDE, NARROW = 560, 330
"""Widths in pixels of the two drawings of each chart: for a screen or paper, and for a phone."""


@dataclass(frozen=True)
class Bar:
    """One bar. ``marked`` bars are drawn in the second colour and ``note`` stands behind their figure."""

    label: str
    value: int
    marked: bool = False
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing for wide and one for narrow screens, with its text alternative inside."""

    wide: Markup
    narrow: Markup


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> Chart:
    """A horizontal bar chart in the given order. ``name`` makes the ids of its title unique in a page."""
    return Chart(
        _drawn(f"{name}-wide", title, description, bars, WIDE),
        _drawn(f"{name}-narrow", title, description, bars, NARROW),
    )


def _drawn(name: str, title: str, description: str, bars: Sequence[Bar], width: int) -> Markup:
    svg: str = vl_convert.vegalite_to_svg(_spec(bars, width))
    return _accessible(svg, name, title, description)


def _spec(bars: Sequence[Bar], width: int) -> dict[str, Any]:
    label_width = width * 9 // 20
    values = [
        {
            "label": "|".join(wrap(bar.label, label_width // 7)),
            "value": bar.value,
            "figure": f"{bar.value:,}{' ' + bar.note if bar.note else ''}",
            "marked": bar.marked,
        }
        for bar in bars
    ]
    most = max((bar.value for bar in bars), default=0)
    wide = width == WIDE
    names = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '|')",
            "labelLimit": label_width,
            "labelFontSize": 14 if wide else 12,
            "minExtent": label_width,
            "maxExtent": label_width,
            "ticks": False,
            "domain": False,
        },
    }
    lengths = {"field": "value", "type": "quantitative"}
    drawn = {
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": names,
            "x": {**lengths, "title": None, "axis": None, "scale": {"domain": [0, max(most * 1.35, 1)]}},
            "color": {"condition": {"test": "datum.marked", "value": ORANGE}, "value": DARK_BLUE},
        },
    }
    figures = {
        "mark": {"type": "text", "align": "left", "dx": 5, "color": TEXT, "fontSize": 14},
        "encoding": {"y": names, "x": lengths, "text": {"field": "figure", "type": "nominal"}},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "layer": [drawn, figures],
        "width": width - label_width - 20,
        "height": {"step": 28 if wide else 38},
        "config": {
            "background": "transparent",
            "padding": 4,
            "view": {"stroke": None},
            "axis": {"labelFont": "Arial", "labelFontSize": 14, "labelColor": TEXT, "grid": False},
            "text": {"font": "Arial"},
        },
    }


def _accessible(svg: str, name: str, title: str, description: str) -> Markup:
    """One image with a title and a description, in place of Vega's many labelled parts."""
    plain = re.sub(r' (?:aria-[a-z]+|role|xmlns:xlink)="[^"]*"', "", svg)
    unique = re.sub(r'(id="|url\(#)', rf"\g<1>{name}-", plain)
    opening = (
        f'<svg role="img" aria-labelledby="{name}-title {name}-description" focusable="false" '
        f'xmlns="http://www.w3.org/2000/svg"'
    )
    labels = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    head, _, rest = unique.partition(">")
    head = head.replace('<svg xmlns="http://www.w3.org/2000/svg"', opening, 1)
    return Markup(f"{head}>{labels}{rest}")
