"""Why charts are SVG of our own: the same chart by Altair and by our templates, timed and weighed.

``scripts/chart_ways.py [--write]`` prints the table, or writes it into ``docs/publication.md`` between its
markers.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.publication.chart_cases import NAMES, intervals, rates  # noqa: E402

PAGE = REPOSITORY / "docs" / "publication.md"
START, END = "<!-- chart-ways -->", "<!-- /chart-ways -->"
TIMES = 20


def main() -> None:
    rows = [_measured("Our own templates", _own), _measured("Altair and vl-convert", _altair)]
    table = "\n".join(
        [
            "| 43 rates with intervals | first chart | each further chart | size | compressed |",
            "|---|---|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in rows),
        ]
    )
    if "--write" in sys.argv:
        text = PAGE.read_text(encoding="utf-8")
        before, after = text.split(START)[0], text.split(END)[1]
        PAGE.write_text(f"{before}{START}\n{table}\n{END}{after}", encoding="utf-8")
    print(table)


def _measured(name: str, draw: Callable[[], str]) -> tuple[str, ...]:
    """Processor time, so that what else the machine does counts for little."""
    start = time.process_time()
    drawn = draw()
    first = time.process_time() - start
    start = time.process_time()
    for _ in range(TIMES):
        assert draw() == drawn
    further = (time.process_time() - start) / TIMES
    sizes = len(drawn.encode()), len(gzip.compress(drawn.encode(), mtime=0))
    return name, f"{first:.2f} s", f"{1000 * further:.1f} ms", *(f"{size / 1000:.1f} kB" for size in sizes)


def _own() -> str:
    chart = intervals("many")
    return str(chart.wide.svg("x", chart.title, chart.description))


def _altair() -> str:
    import altair as alt
    import vl_convert

    values = [
        {"name": name, "rate": rate, "low": rate - 0.02, "high": min(1.0, rate + 0.02)}
        for name, rate in zip(NAMES, rates("many"), strict=True)
        if rate is not None
    ]
    base = alt.Chart(alt.Data(values=values)).encode(y=alt.Y("name:N", sort=None, title=None))
    scale = alt.Scale(domain=[0.75, 1])
    drawn = (
        base.mark_rule().encode(x=alt.X("low:Q", scale=scale, title=None), x2="high:Q")
        + base.mark_point(filled=True).encode(x=alt.X("rate:Q", scale=scale))
        + base.mark_text(align="left", dx=70).encode(x=alt.X("high:Q", scale=scale), text="rate:Q")
    )
    return str(vl_convert.vegalite_to_svg(drawn.properties(width=400).to_dict()))


if __name__ == "__main__":
    main()
