"""Why a link is what it is: bits from where it starts, through each comparison, to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opencdi.linkage.levels import level_words
from opencdi.schema import LINK_COMPARISONS

if TYPE_CHECKING:
    import altair

_BLUE, _ORANGE, _GREY = "#12436D", "#F46A25", "#3D3D3D"


@dataclass(frozen=True)
class Bar:
    """One step of the waterfall: what is compared, what was found in words, and its bits.

    ``start`` and ``end`` are the running weight before and after it.
    """

    name: str
    words: str
    bits: float
    start: float
    end: float


def waterfall(link: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The bars of one row of ``links``: before comparing, each comparison, and the whole.

    Empty where the crime was linked to nothing. What the comparisons do not explain of the weight is
    what was known before comparing: how many incidents the window holds.
    """
    if link["weight"] is None:
        return ()
    bits = {name: link[f"{name}_weight"] for name in LINK_COMPARISONS}
    before = round(link["weight"] - sum(bits.values()), 3)
    steps = [("before", "one of the incidents in the window, before comparing", before)]
    steps += [(name, level_words(name, link[f"{name}_level"]), bits[name]) for name in LINK_COMPARISONS]
    bars, at = [], 0.0
    for name, words, weight in steps:
        bars.append(Bar(name, words, weight, at, round(at + weight, 3)))
        at = bars[-1].end
    odds = f"probability {link['probability']:.2f}"
    return (*bars, Bar("whole", odds, link["weight"], 0.0, link["weight"]))


def waterfall_chart(bars: tuple[Bar, ...]) -> altair.LayerChart:
    """The bars as an Altair chart; every bar carries its bits in figures, so colour alone tells nothing."""
    import altair as alt

    values = [
        {
            "label": f"{bar.name}: {bar.words}",
            "start": bar.start,
            "end": bar.end,
            "figure": f"{bar.bits:+.1f}",
            "edge": max(bar.start, bar.end),
            "kind": "whole" if bar.name == "whole" else "for" if bar.bits >= 0 else "against",
        }
        for bar in bars
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=360, ticks=False))
    )
    drawn = base.mark_bar().encode(
        x=alt.X("start:Q", title="bits"),
        x2="end:Q",
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=["for", "against", "whole"], range=[_BLUE, _ORANGE, _GREY]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
    )
    figures = base.mark_text(align="left", dx=4).encode(x="edge:Q", text="figure:N")
    return (drawn + figures).properties(title="Weight of one link, in bits", width=320, height=alt.Step(26))
