"""Each screen in a real browser: axe finds nothing, nothing scrolls sideways, own colours, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tests.review.browser.conftest import context_for, opened
from tests.review.room_process import SEND_EMPTY, Room
from tests.review.screens import SCREENS

SIZES: dict[str, dict[str, Any]] = {
    "1280 px": {"viewport": {"width": 1280, "height": 900}},
    # A window of 1280 px at 400 % zoom has 320 px of its own, and is low as well.
    "320 px": {"viewport": {"width": 320, "height": 800}},
    "400 %": {"viewport": {"width": 320, "height": 225}, "device_scale_factor": 4},
    "forced colours": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
NAMES = [screen.name for screen in SCREENS]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=SIZES, ids=list(SIZES))
def size(request: pytest.FixtureRequest) -> dict[str, Any]:
    return SIZES[request.param]


@pytest.fixture(scope="module")
def contexts(browser: Browser, room: Room, size: dict[str, Any]) -> Iterator[Any]:
    """One browser context for each person, kept over the screens of one size."""
    kept: dict[str, BrowserContext] = {}

    def context_of(name: str) -> BrowserContext:
        shown = room.screen(name)
        if shown.session not in kept:
            kept[shown.session] = context_for(browser, room, shown, **size)
        return kept[shown.session]

    yield context_of
    for context in kept.values():
        context.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_is_accessible_at_each_size(contexts: Any, room: Room, name: str) -> None:
    page = opened(contexts(name), room, room.screen(name))
    try:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert _sideways(page) == []
        assert page.locator("h1").count() == 1
        assert page.title().endswith("OpenCDI")
        assert [text for text in page.complaints if "status of 4" not in text] == []  # type: ignore
    finally:
        page.close()


@pytest.mark.parametrize("name", NAMES)
def test_with_scripts_off_a_screen_shows_its_heading_and_asks_nothing_outside(
    browser: Browser, room: Room, name: str
) -> None:
    shown = room.screen(name)
    context = context_for(browser, room, shown, java_script_enabled=False)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = opened(context, room, shown)
    assert page.locator("h1").is_visible()
    assert [url for url in asked if not url.startswith((room.address, "data:"))] == []
    context.close()


@pytest.mark.parametrize("name", [screen.name for screen in SCREENS if screen.first == SEND_EMPTY])
def test_each_link_of_the_error_summary_lands_on_an_input(browser: Browser, room: Room, name: str) -> None:
    shown = room.screen(name)
    context = context_for(browser, room, shown)
    page = opened(context, room, shown)
    assert page.title().startswith("Error: ")
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() > 0
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    for place in range(links.count()):
        target = (links.nth(place).get_attribute("href") or "#")[1:]
        links.nth(place).click()
        assert page.evaluate("document.activeElement.id") == target
        assert page.evaluate("['INPUT', 'SELECT', 'TEXTAREA'].includes(document.activeElement.tagName)")
    context.close()


def _sideways(page: Page) -> list[str]:
    """Elements that push the page wider than the window."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('main *, header *, footer *')]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .map(one => one.tagName + '.' + one.className).slice(0, 5)""",
        width,
    )
    return found or ["the page"]
