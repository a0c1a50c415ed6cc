"""The planner's answer: a table for the screen and a chart."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from opencdi.bundle.plan import PlannedGroup

COLOURS = {"simple": "#3D3D3D", "proportional": "#28A197", "neyman": "#12436D", "pareto": "#801650"}
"""Analysis Function palette; shapes differ as well, so that colour is never alone."""


def table(groups: Sequence[PlannedGroup]) -> Table:
    """Precision of every group under every design."""
    shown = Table(
        title="Precision each design would give, before anything is read",
        caption="Half-width: of the 95 % interval, in points. Design effect: variance as a ratio to a simple "
        "random sample of the same size. Published kind: crimes a simple audit would read for the same.",
    )
    shown.add_column("design")
    shown.add_column("group")
    for column in (
        "readings",
        "crimes expected",
        "rate expected",
        "half-width",
        "design effect",
        "published kind",
    ):
        shown.add_column(column, justify="right")
    for each in groups:
        found = each.precision
        shown.add_row(
            found.design,
            found.group,
            f"{found.readings:,}",
            f"{found.expected_crimes:,.0f}",
            f"{100 * (1 - found.expected_rate):.1f} %",
            f"±{100 * found.half_width:.1f}",
            f"{found.design_effect:.2f}",
            f"{each.inspectorate_crimes:,}",
        )
    return shown


def chart(groups: Sequence[PlannedGroup]) -> str:
    """Half-widths by group and design, as SVG."""
    import altair
    import vl_convert

    rows = [
        {
            "group": each.precision.group,
            "design": each.precision.design,
            "points": 100 * each.precision.half_width,
        }
        for each in groups
    ]
    order = list(dict.fromkeys(row["group"] for row in rows))
    designs = list(COLOURS)
    drawn = (
        altair.Chart(altair.Data(values=rows))
        .mark_point(filled=True, size=90)
        .encode(
            x=altair.X("points:Q", title="Half-width of the 95 % interval, percentage points"),
            y=altair.Y("group:N", sort=order, title=None, axis=altair.Axis(labelLimit=260)),
            color=altair.Color("design:N", scale=altair.Scale(domain=designs, range=list(COLOURS.values()))),
            shape=altair.Shape("design:N", scale=altair.Scale(domain=designs)),
        )
        .properties(width=480, height=26 * len(order), title="Precision by group and design")
        .configure(font="Arial, Liberation Sans, sans-serif")
    )
    svg: str = vl_convert.vegalite_to_svg(drawn.to_dict())
    return svg
