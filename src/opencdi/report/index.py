"""What the first page of the report shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opencdi.linkage import LEVELS
from opencdi.report import charts, figures
from opencdi.report.charts import Bar, Chart
from opencdi.report.drill import Limits
from opencdi.report.figures import Delay, Line
from opencdi.report.leads import DIMENSIONS, Dimension
from opencdi.report.summary import MISSING, Summary, Tables, in_list_order, summary
from opencdi.report.words import LINKS, label

BARS_IN_A_CHART = 12

NON_CRIME_OPENINGS = frozenset(
    {
        "crime_related_incident",
        "anti_social_behaviour",
        "suspicious",
        "welfare",
        "missing_person",
        "transport",
        "administration",
        "other",
    }
)
"""Opening groups that do not name a crime: where unrecorded crime is known to hide (domain.md 1.8)."""


def index_values(
    tables: Tables, crossed: Mapping[Dimension, Sequence[Line]], limits: Limits
) -> dict[str, Any]:
    """Everything the template of the first page fills in, but for the figures' links."""
    found = summary(tables)
    times = figures.recording_times(tables)
    linked = figures.links(tables)
    in_time = {line.offence_group: line for line in times.by_group}
    return {
        "summary": found,
        "crossed": crossed,
        "reconciliation": figures.reconciliation(tables),
        "rejects": figures.rejects(tables, limits.reject_reasons),
        "reject_limit": limits.reject_reasons,
        "delays": times.delays,
        "timeliness": [in_time[group] for group in in_list_order(set(in_time))],
        "strata": figures.strata(tables, limits.strata),
        "links": linked.by_class,
        "reference_levels": linked.levels,
        "level_words": _reference_in_words,
        "missing_chart": _missing_chart(found),
        "delay_chart": _delay_chart(times.delays),
        "opening_chart": _opening_chart(crossed),
        "link_chart": _link_chart(linked.by_class),
    }


def _missing_chart(found: Summary) -> Chart | None:
    bars = [Bar(line.offence_group, line.missing) for line in found.groups if line.missing]
    return _chart("missing", "Leads to missing crimes by offence group", sorted(bars, key=_longest_first))


def _delay_chart(delays: Sequence[Delay]) -> Chart | None:
    bars = [
        Bar(each.label, each.crimes, each.past_24_hours, "(late)" if each.past_24_hours else "")
        for each in delays
    ]
    if not any(bar.value for bar in bars):
        return None
    return _chart("delays", "Recorded crimes by time from report to recording", bars)


def _opening_chart(crossed: Mapping[Dimension, Sequence[Line]]) -> Chart | None:
    opening = next(dimension for dimension in DIMENSIONS if dimension.slug == "opening")
    bars = [
        Bar(
            label("opening", line.value),
            missing,
            line.value in NON_CRIME_OPENINGS,
            "(not opened as crime)" if line.value in NON_CRIME_OPENINGS else "",
        )
        for line in crossed[opening]
        if (missing := sum(line.leads.get(kind, 0) for kind in MISSING))
    ]
    return _chart("opening", "Leads to missing crimes by opening group", sorted(bars, key=_longest_first))


def _link_chart(linked: Mapping[str, int]) -> Chart | None:
    bars = [Bar(LINKS[name][0], linked.get(name, 0)) for name in LINKS]
    return _chart("links", "Crime records by how surely they are linked to an incident", bars)


def _reference_in_words(level: str) -> str:
    return LEVELS["reference"].get(level, level)


def _longest_first(bar: Bar) -> tuple[int, str]:
    return (-bar.value, bar.label)


def _chart(name: str, title: str, bars: Sequence[Bar]) -> Chart | None:
    if not bars:
        return None
    shown = bars[:BARS_IN_A_CHART]
    told = "; ".join(f"{bar.label} {bar.value:,}" for bar in shown)
    return charts.bar_chart(name, title, f"{told}. The table beside the chart holds the same figures.", shown)
