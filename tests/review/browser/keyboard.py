"""Going about a page with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_TABS = 60


def go_to(page: Page, selector: str) -> None:
    """Tabs until the element has the keyboard. Fails where it cannot be reached, or is not seen."""
    for _ in range(MOST_TABS):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            box = page.locator("*:focus").bounding_box()
            assert box is not None
            assert box["width"] > 0
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached by {MOST_TABS} presses of the tab key.")
