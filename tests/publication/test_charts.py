"""Charts: every label is inside and touches no other, every value has its place, the bytes never change."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publication.chart_cases import CASES, CHARTS, tiles

from opencdi.publication.charts.scale import Scale, count_ticks, rate_range, rate_ticks
from opencdi.publication.charts.text import lines_of, width_of
from opencdi.publication.charts.trend import TrendPoint, trend
from opencdi.publication.forces import forces

ARIAL_NOUGHT = 56
"""Width of a nought in Arial and in fonts of its widths, in hundredths of the font's size."""

EVERY = [(kind, case) for kind in CHARTS for case in CASES]


@pytest.mark.parametrize(("kind", "case"), EVERY)
def test_no_label_overlaps_another_or_leaves_the_drawing(kind: str, case: str) -> None:
    for drawing in CHARTS[kind](case).drawings():
        assert drawing.labels()
        assert drawing.colliding_labels() == []
        assert drawing.labels_outside() == []


@pytest.mark.parametrize(("kind", "case"), EVERY)
def test_a_chart_is_well_formed_and_has_a_title_and_a_description(kind: str, case: str) -> None:
    chart = CHARTS[kind](case)
    for drawing in chart.drawings():
        root = ET.fromstring(drawing.svg("one", chart.title, chart.description))
        space = "{http://www.w3.org/2000/svg}"
        named = {root.find(f"{space}{part}").get("id") for part in ("title", "desc")}  # type: ignore[union-attr]
        assert set(root.get("aria-labelledby", "").split()) == named
        assert not re.search(r"(?:NaN|inf|-?\d+\.\d{2,})", "".join(drawing.marks))


@pytest.mark.parametrize("kind", CHARTS)
def test_the_same_rows_give_the_same_bytes_and_few_of_them(kind: str) -> None:
    first, second = (CHARTS[kind]("many").html("x") for _ in range(2))
    assert first == second
    assert len(first.encode()) < 40_000


@pytest.mark.parametrize("shares", [(0.9, 0.8, 0.9), (0.8, 0.9, 0.8), (0.95, 0.9, 0.85)])
def test_no_label_of_a_trend_lies_on_its_line_where_there_is_room(shares: tuple[float, ...]) -> None:
    points = [
        TrendPoint(2015 + place, str(2015 + place), share, None, None, f"{100 * share:.1f}%")
        for place, share in enumerate(shares)
    ]
    for drawing in trend("Trend", "A rate over time.", points).drawings():
        joined = next(mark for mark in drawing.marks if "joined" in mark)
        line = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", joined)]
        told = [label.box for label in drawing.labels() if label.look == "b"]
        assert len(told) == len(points)
        for (x1, y1), (x2, y2) in pairwise(line):
            steps = [(x1 + (x2 - x1) * n / 200, y1 + (y2 - y1) * n / 200) for n in range(201)]
            for box in told:
                assert not any(box.left < x < box.right and box.top < y < box.bottom for x, y in steps)


def test_every_force_has_a_tile_of_its_own_that_says_its_figure() -> None:
    drawing = tiles("many").wide
    assert len(drawing.links) == 43
    assert len({link.name for link in drawing.links}) == 43
    assert all("%" in link.name for link in drawing.links)


def test_the_register_has_43_forces_with_letters_and_cells_of_their_own() -> None:
    assert len(forces()) == 43
    assert len({force.letters for force in forces()}) == 43
    assert len({(force.column, force.row) for force in forces()}) == 43
    assert len({force.slug for force in forces()}) == 43


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_every_rate_lies_inside_its_axis(values: list[float]) -> None:
    low, high = rate_range(values)
    assert 0 <= low <= min(values) + 1e-9 and max(values) - 1e-9 <= high <= 1
    assert high - low >= 0.0999
    assert 1 < len(rate_ticks(low, high, 7)) <= 8


@given(st.floats(1, 1e9))
def test_ticks_of_counts_are_round_and_few(high: float) -> None:
    ticks = count_ticks(high, 6)
    assert ticks[0] == 0 and ticks[-1] <= high and len(ticks) <= 7


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_scale_keeps_the_order_of_values(one: float, other: float) -> None:
    scale = Scale(0, 1, 10, 200)
    assert (scale(one) <= scale(other)) or one > other


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60), st.floats(60, 400)
)
def test_lines_are_no_wider_than_asked_unless_a_word_is(text: str, width: float) -> None:
    spaced = " ".join(text[at : at + 4] for at in range(0, len(text), 4))
    assert all(width_of(line, 12) <= width for line in lines_of(spaced, 12, width))
    assert " ".join(lines_of(spaced, 12, width)) == spaced


CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="No Chromium at /usr/bin/chromium: install it to run this.")
def test_labels_are_no_larger_in_a_real_browser_than_they_were_reckoned() -> None:
    from playwright.sync_api import sync_playwright

    flags = ["--headless", "--no-sandbox", "--disable-gpu"]
    drawn = [(chart, chart.wide) for kind in CHARTS for chart in (CHARTS[kind]("many"),)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page()
        page.set_content('<svg><text font-family="arial, Liberation Sans" font-size="100">0</text></svg>')
        if round(page.evaluate("document.querySelector('text').getComputedTextLength()")) != ARIAL_NOUGHT:
            pytest.skip("No font of Arial's widths: install fonts-liberation to run this.")
        for chart, drawing in drawn:
            page.set_content(
                "<style>.b{font-weight:700}</style>" + drawing.svg("x", chart.title, chart.description)
            )
            found = page.evaluate(
                "[...document.querySelectorAll('text')].map(t => [t.textContent, t.getComputedTextLength()])"
            )
            labels = drawing.labels()
            assert [text for text, _ in found] == [label.text for label in labels]
            for label, (_, width) in zip(labels, found, strict=True):
                assert width <= label.box.right - label.box.left + 0.75
        browser.close()
