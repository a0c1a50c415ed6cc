"""The reliability diagram: what scores promised beside what came true, as a drawing and as its table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opencdi.discovery.calibration import Bin, share_interval

if TYPE_CHECKING:
    import altair

_BLUE, _GREY = "#12436D", "#3D3D3D"
_HEADINGS = ("mean_score", "share_that_came_true", "share_at_least", "share_at_most", "logs")


def chart(bars: Sequence[Bin], outcome: str) -> altair.LayerChart:
    """Points with 95 % intervals about a dashed diagonal; below it the score claims more than came true.

    ``outcome`` says what came true, such as "were recorded".
    """
    import altair as alt

    values = [
        {"score": bar.mean_score, "share": bar.share, "low": low, "high": high, "count": bar.count}
        for bar in bars
        for low, high in [share_interval(bar)]
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("score:Q", title="mean score of the logs of a bar", scale=alt.Scale(domain=[0, 1]))
    )
    share = alt.Y("share:Q", title=f"share that {outcome}", scale=alt.Scale(domain=[0, 1]))
    perfect = alt.Chart(alt.Data(values=[{"at": 0}, {"at": 1}]))
    diagonal = perfect.mark_line(color=_GREY, strokeDash=[4, 4]).encode(x="at:Q", y="at:Q")
    intervals = base.mark_rule(color=_BLUE, strokeWidth=2).encode(
        y=alt.Y("low:Q", title=f"share that {outcome}"), y2="high:Q"
    )
    points = base.mark_point(color=_BLUE, filled=True, size=60, opacity=1).encode(y=share)
    return (diagonal + intervals + points).properties(
        title="Does the score mean what it says? On the line it does.", width=340, height=340
    )


def write(bars: Sequence[Bin], folder: Path, outcome: str) -> Path:
    """Write ``reliability.svg`` and ``reliability.csv`` into ``folder``; the path of the drawing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "reliability.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADINGS)
        for bar in bars:
            low, high = share_interval(bar)
            shares = (f"{one:.4f}" for one in (bar.mean_score, bar.share, low, high))
            writer.writerow([*shares, bar.count])
    path = folder / "reliability.svg"
    chart(bars, outcome).save(path)
    return path
