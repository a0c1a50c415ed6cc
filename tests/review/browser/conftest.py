"""A real Chromium before a real room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.review.room_process import SEND_EMPTY, Room, Shown, running_room

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                reason = "No Chromium at /usr/bin/chromium: install it to run this."
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with running_room(tmp_path_factory.mktemp("room")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each file: while it is open, Django takes every call in this thread for asynchronous."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def context_for(browser: Browser, room: Room, shown: Shown, **options: Any) -> BrowserContext:
    """A browser in which whoever sees this screen is signed in."""
    context = browser.new_context(**options)
    if shown.session:
        context.add_cookies([{"name": "sessionid", "value": shown.session, "url": room.address}])
    return context


def opened(context: BrowserContext, room: Room, shown: Shown) -> Page:
    """The screen, after what is done on it first."""
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.complaints.append(message.text))  # type: ignore[attr-defined]
    page.goto(room.address + shown.path)
    if shown.first == SEND_EMPTY:
        page.locator("main form button[type=submit], main form button:not([type])").first.click()
        page.wait_for_load_state()
    return page
