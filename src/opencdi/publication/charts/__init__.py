"""Charts as SVG of our own making: small, the same bytes every time, legible on a phone and without colour.

Each chart is a pure function from plain rows to a ``Chart``: a drawing for a screen or paper and one for a
phone. Every text's box is known before anything is drawn, so that no label overlaps another or leaves the
drawing.
"""

from opencdi.publication.charts.bars import Bar, bars
from opencdi.publication.charts.drawing import Chart
from opencdi.publication.charts.funnel import FunnelPoint, funnel_chart
from opencdi.publication.charts.intervals import IntervalRow, intervals
from opencdi.publication.charts.tiles import Tile, tile_map
from opencdi.publication.charts.trend import TrendPoint, trend

__all__ = [
    "Bar",
    "Chart",
    "FunnelPoint",
    "IntervalRow",
    "Tile",
    "TrendPoint",
    "bars",
    "funnel_chart",
    "intervals",
    "tile_map",
    "trend",
]
