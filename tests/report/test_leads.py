"""Leads stand by their gravity, and every figure knows how many it counts and which come first."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import after, finding, incident, tables

from opencdi.engine import DuckDBEngine
from opencdi.report.leads import ALL, ANY, DIMENSIONS, Leads, broken_down_of

KINDS = ("missing", "late", "wrong_class")
FAR = datetime(9999, 1, 1, tzinfo=UTC)

LEADS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS),
            "channel": st.sampled_from(["999", "101", None]),
            "seriousness": st.integers(1, 3),
            "confidence": st.sampled_from([0.2, 0.5, 0.9]),
            "deadline_at": st.sampled_from([None, after(1), after(30)]),
        }
    ),
    max_size=25,
)


def _leads(rows: list[dict[str, Any]], codes: dict[str, str]) -> Leads:
    with DuckDBEngine() as engine:
        made = tables(
            engine,
            findings=rows,
            incidents=[incident(number, opening_code=code) for number, code in codes.items()],
        )
        return Leads.of(broken_down_of(made))


@settings(max_examples=20, deadline=None)
@given(LEADS)
def test_each_figure_counts_its_leads_and_lists_the_gravest_first(given: list[dict[str, Any]]) -> None:
    rows = [finding(incident_id=f"I{number}", **values) for number, values in enumerate(given)]
    found = _leads(rows, {})
    by_gravity = sorted(
        rows,
        key=lambda row: (
            row["seriousness"],
            -row["confidence"],
            row["deadline_at"] or FAR,
            row["finding_id"],
        ),
    )
    channel = next(dimension for dimension in DIMENSIONS if dimension.slug == "channel")
    cells = {(cell.value, cell.kind): cell for cell in found.cells(channel, 3)}
    for value, kind in product(("999", "101", "unknown"), (*KINDS, ANY)):
        counted = [
            row["finding_id"]
            for row in by_gravity
            if (row["channel"] or "unknown") == value and kind in (row["kind"], ANY)
        ]
        cell = cells.pop((value, kind), None)
        assert (cell.leads if cell else 0) == len(counted)
        assert [found.finding_id(rank) for rank in (cell.first if cell else ())] == counted[:3]
    assert not cells


def test_a_lead_knows_its_record_and_the_code_its_incident_was_opened_with() -> None:
    rows = [
        finding("missing", "I1", seriousness=1),
        {**finding("over_recorded", ""), "incident_id": None, "crime_id": "C1"},
    ]
    found = _leads(rows, {"I1": "D03"})
    assert [found.subject(rank) for rank in range(2)] == ["iI1", "cC1"]
    code = next(dimension for dimension in DIMENSIONS if dimension.slug == "code")
    assert {cell.value: cell.leads for cell in found.cells(code, 1) if cell.kind == ANY} == {
        "D03": 1,
        "(none)": 1,
    }


def test_without_leads_no_figure_counts_any() -> None:
    assert _leads([], {"I1": "D03"}).cells(ALL, 3) == []
