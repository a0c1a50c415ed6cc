"""The coverage study as a page of the documentation, with its map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from opencdi.estimation.study.coverage import INTERVALS, CellResult
from opencdi.estimation.study.grid import FLOOR, LOOK_AGAIN
from opencdi.estimation.study.headline import Headline
from opencdi.estimation.study.levels import Level
from opencdi.estimation.study.reviewing import REREAD_AGREED, SEEDED, ReviewerCoverage

MAP_WIDTH, MAP_HEIGHT = 120, 84


def rows_of(results: Iterable[CellResult]) -> list[dict[str, Any]]:
    """One row a cell and interval, flat, for the CSV beside the page."""
    return [
        {
            "design": result.cell.design,
            "readings": result.cell.readings,
            "population": result.cell.plan.incidents,
            "rate": result.cell.plan.rate,
            "auc": result.cell.plan.auc,
            "score": result.cell.plan.calibration,
            "mix": result.cell.mix,
            "clustered": result.cell.plan.clustered,
        }
        | {
            name: round(value, 6) if isinstance(value, float) else value
            for name, value in coverage.to_dict().items()
        }
        | {"methods": "; ".join(f"{name} {share:.3f}" for name, share in result.methods.items())}
        for result in results
        for coverage in result.coverages
    ]


def coverage_map(rows: Sequence[dict[str, Any]]) -> str:
    """Coverage of the offered interval over rate and readings, as SVG: simple samples, then the others."""
    import altair
    import vl_convert

    shown = [
        {
            "rate": f"{100 * row['rate']:g} %",
            "readings": str(row["readings"]),
            "coverage": 100 * row["covered"],
            "panel": _population(row) if row["design"] == "simple" else _population_and_score(row),
            "column": f"{row['design']}, {'several crimes' if row['clustered'] else 'one crime'}",
            "simple": row["design"] == "simple",
        }
        for row in rows
        if row["interval"] == "offered"
    ]
    drawn = altair.vconcat(
        *(_panels([each for each in shown if each["simple"] == simple]) for simple in (True, False))
    )
    return str(vl_convert.vegalite_to_svg(drawn.to_dict()))


def _panels(shown: Sequence[dict[str, Any]]) -> Any:
    import altair

    rates = sorted({each["rate"] for each in shown}, key=lambda rate: float(rate[:-2]))
    readings = sorted({each["readings"] for each in shown}, key=int)
    panels = list(dict.fromkeys(each["panel"] for each in shown))
    base = altair.Chart(altair.Data(values=list(shown))).encode(
        x=altair.X("readings:N", sort=readings, title="Readings", axis=altair.Axis(labelAngle=0)),
        y=altair.Y("rate:N", sort=rates, title=None),
    )
    squares = base.mark_rect().encode(
        color=altair.Color(
            "coverage:Q",
            title="Coverage, %",
            scale=altair.Scale(domain=[90, 93, 95, 100], range=["#801650", "#F46A25", "#F5F5F5", "#12436D"]),
        )
    )
    dark = (altair.datum.coverage < 92) | (altair.datum.coverage > 98)
    figures = base.mark_text(fontSize=9).encode(
        text=altair.Text("coverage:Q", format=".1f"),
        color=altair.condition(dark, altair.value("white"), altair.value("black")),
    )
    return (
        (squares + figures)
        .properties(width=MAP_WIDTH, height=MAP_HEIGHT)
        .facet(
            row=altair.Row(
                "panel:N",
                sort=panels,
                title=None,
                header=altair.Header(labelAngle=0, labelAlign="left", labelLimit=260),
            ),
            column=altair.Column("column:N", title=None),
        )
    )


def page(
    rows: Sequence[dict[str, Any]],
    headlines: Sequence[Headline],
    levels: Sequence[Level],
    reviewers: Sequence[ReviewerCoverage],
    made_on: date,
    command: str,
) -> str:
    """The whole page as MyST text; every figure in it comes from the arguments."""
    offered = [row for row in rows if row["interval"] == "offered"]
    lowest = min(offered, key=lambda row: row["covered"])
    below = [row for row in offered if row["covered"] < FLOOR]
    cells, replicates = len(offered), sum(row["replicates"] for row in offered)
    parts = [
        "# Coverage: do the intervals hold?",
        f"Made on {made_on.isoformat()} by `{command}`, which writes every figure on this page.",
        "An interval is right when, over many audits, it holds the truth as often as it says. This page "
        f"draws {replicates:,} samples from made-up populations whose truth is known, in {cells} cells, and "
        "counts. The functions under test are the ones an audit uses.",
        "## The interval offered by default",
        f"- lowest coverage in any cell: {_percent(lowest)} ({_name(lowest)});\n"
        f"- cells below {100 * FLOOR:g} %: {len(below)} of {cells};\n"
        f"- mean over cells: {100 * sum(row['covered'] for row in offered) / cells:.1f} %;\n"
        f"- a cell under {100 * LOOK_AGAIN:g} % at first look is simulated again four times as long, with "
        "other seeds, and both runs are pooled. The error bar is that between finite populations.",
        "```{image} coverage/map.svg\n:alt: Coverage of the offered interval by design, rate and readings; "
        "the same figures are in the file below it\n```",
        "Beside each row: incidents in the population and quality of the score; up: the rate of crimes not "
        "recorded; columns: the design, and one or several crimes an incident. All figures: "
        "{download}`coverage.csv <coverage/coverage.csv>`.",
        "The ten lowest cells:",
        _table(
            ["Cell", "Offered", "Upper limit too low", "Half-width", "t-Wilson", "Korn-Graubard", "Wald"],
            [_lowest_line(row, rows) for row in sorted(offered, key=lambda row: row["covered"])[:10]],
        ),
        "## Other intervals on the same draws",
        _table(
            ["Interval", "Lowest cell", "Cells below 93 %", "Mean coverage"],
            [_interval_line(interval, rows) for interval in INTERVALS],
        ),
        *_headline_parts(headlines),
        "## Tests: how often do they say what is not so?",
        "The truth lies exactly on the boundary, and the thresholds are looked at again and again.",
        _table(
            ["Test", "Case", "Allowed", "Found", "Holds"],
            [
                [
                    each.test,
                    each.case,
                    f"{100 * each.nominal:g} %",
                    f"{100 * each.wrong:.1f} ± {100 * each.standard_error:.1f} %",
                    "yes" if each.holds else "**no**",
                ]
                for each in levels
            ],
        ),
        "## When reviewers err",
        "Sensitivity and specificity are those of one reviewer; the adjudicator and the re-reading are "
        "taken as right. *Shared* is the share of incidents on which both reviewers make the same mistake. "
        f"Known cases: {SEEDED} of each kind; of the agreed incidents {100 * REREAD_AGREED:g} % are read "
        "again.",
        _table(
            [
                "Rate",
                "Read",
                "Sensitivity",
                "Specificity",
                "Shared",
                "Scheme",
                "Bias",
                "Coverage",
                "Half-width",
                "Judgements each",
            ],
            [_reviewer_line(each) for each in reviewers],
        ),
        "What this does not show: scores that are not normal in each class, linkage error, drift during "
        "the audit, and an adjudicator who errs.",
    ]
    return "\n\n".join(parts) + "\n"


def _headline_parts(headlines: Sequence[Headline]) -> list[str]:
    if not headlines:
        return []
    return [
        "## Readings needed, relative to a simple random sample",
        "AUC 0.90, calibrated score, 50,000 incidents, 30 % of the allocation ignoring the score. The law is "
        "exp(-z²/2) with z = Φ⁻¹(AUC): the best that any use of such a score can do.",
        _table(
            [
                "Rate",
                "Half-width",
                "Crimes an incident",
                "Design",
                "Readings",
                "Simple",
                "Ratio",
                "At most",
                "Coverage",
                "Law",
            ],
            [
                [
                    f"{100 * each.target.rate:g} %",
                    f"± {100 * each.target.half_width:g}",
                    "several" if each.clustered else "one",
                    each.design,
                    f"{each.readings:,.0f}",
                    f"{each.simple_readings:,.0f}",
                    f"{each.ratio:.3f} ± {each.standard_error:.3f}",
                    f"{each.target.at_most:.2f}",
                    f"{100 * each.coverage:.1f} ± {100 * each.coverage_error:.1f} %",
                    f"{each.law:.2f}",
                ]
                for each in headlines
            ],
        ),
    ]


def _population(row: dict[str, Any]) -> str:
    return f"{row['population']:,} incidents"


def _population_and_score(row: dict[str, Any]) -> str:
    return f"{_population(row)}, AUC {row['auc']:g} {row['score'].replace('_', '-')}"


def _name(row: dict[str, Any]) -> str:
    crimes = "several crimes an incident" if row["clustered"] else "one crime an incident"
    frame = _population(row) if row["design"] == "simple" else _population_and_score(row)
    return f"{row['design']}, {frame}, {row['readings']} readings, rate {100 * row['rate']:g} %, {crimes}"


def _percent(row: dict[str, Any]) -> str:
    return f"{100 * row['covered']:.1f} ± {100 * row['standard_error']:.1f} %"


def _same_cell(row: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        row[key] == other[key]
        for key in ("design", "readings", "population", "rate", "auc", "score", "clustered")
    )


def _lowest_line(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> list[str]:
    beside = {other["interval"]: other for other in rows if _same_cell(row, other)}
    return [
        _name(row),
        _percent(row),
        f"{100 * row['too_low']:.1f} %",
        f"{100 * row['half_width']:.2f}",
        *(f"{100 * beside[name]['covered']:.1f} %" for name in ("t-Wilson", "Korn-Graubard", "Wald")),
    ]


def _interval_line(interval: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    own = [row["covered"] for row in rows if row["interval"] == interval]
    return [
        interval,
        f"{100 * min(own):.1f} %",
        f"{sum(each < FLOOR for each in own)} of {len(own)}",
        f"{100 * sum(own) / len(own):.1f} %",
    ]


def _reviewer_line(each: ReviewerCoverage) -> list[str]:
    plan = each.plan
    return [
        f"{100 * plan.rate:g} %",
        f"{plan.readings:,}",
        f"{plan.sensitivity:.2f}",
        f"{plan.specificity:.2f}",
        f"{100 * plan.shared:g} %",
        each.scheme,
        f"{100 * each.bias:+.2f}",
        f"{100 * each.covered:.1f} ± {100 * each.standard_error:.1f} %",
        f"{100 * each.half_width:.2f}",
        f"{each.judgements:.2f}",
    ]


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    body = ["| " + " | ".join(line) + " |" for line in [headings, ["---"] * len(headings), *lines]]
    return "\n".join(body)
