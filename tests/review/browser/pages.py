"""What people do on the pages, in Chromium: by mouse and by keyboard. No service is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from playwright.sync_api import Page
from tests.review.known_audit import Fields

MOST_TABS = 80
INCIDENT = re.compile(r"TS-(\d{4})")


class Hand(Protocol):
    """How somebody fills a form in and sends it."""

    def answer(self, page: Page, fields: Fields, then: str) -> None:
        """The form for one crime, sent with the button ``then``."""

    def press(self, page: Page, words: str) -> None:
        """The button or link of these words, and on to the next page."""


class Mouse:
    """Clicks, with scripts on or off."""

    def __init__(self, scripts: bool = True) -> None:
        self.scripts = scripts

    def answer(self, page: Page, fields: Fields, then: str) -> None:
        for name, value in fields.items():
            if name == "class_code":
                self._class(page, value)
            elif name == "cause":
                page.select_option("#id_cause", value)
            elif name == "words":
                page.fill("#id_words", value)
            else:
                page.check(f"input[name={name}][value='{value}']", force=True)
        with page.expect_navigation():
            page.locator(f"button[name=then][value={then}]").last.click()

    def _class(self, page: Page, code: str) -> None:
        if not self.scripts:
            page.select_option("#id_class_code", code)
            return
        page.fill("input#id_class_code", code)
        page.locator("#id_class_code__listbox li", has_text=f"{code} ").first.click()

    def press(self, page: Page, words: str) -> None:
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=words, exact=True).first.click()


class Keyboard:
    """Never touches the mouse: tabs to what it wants, types, presses Enter."""

    def answer(self, page: Page, fields: Fields, then: str) -> None:
        page.wait_for_load_state("networkidle")
        for name, value in fields.items():
            if name == "class_code":
                self._to(page, "input#id_class_code")
                page.keyboard.type(value)
                page.locator("#id_class_code__listbox li", has_text=f"{value} ").first.wait_for()
                page.keyboard.press("Enter")
            elif name == "words":
                self._to(page, "#id_words")
                page.keyboard.type(value)
            elif name == "cause":
                self._to(page, "#id_cause")
                self._arrow_to(page, value)
            else:
                self._to(page, f"input[name={name}]")
                page.keyboard.press("Space")
                self._arrow_to(page, value)
        self._to(page, f"button[name=then][value={then}]")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def press(self, page: Page, words: str) -> None:
        page.wait_for_load_state()
        self._to(page, "main button, main [role=button]", words)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def _to(self, page: Page, selector: str, words: str = "") -> None:
        """Tabs on, and round from the end of the page to its beginning, until the keyboard is there."""
        for _ in range(MOST_TABS):
            if page.evaluate(
                "([s, w]) => document.activeElement.matches(s) "
                "&& (!w || document.activeElement.textContent.trim() === w)",
                [selector, words],
            ):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} {words} was not reached by {MOST_TABS} presses of the tab key.")

    def _arrow_to(self, page: Page, value: str) -> None:
        for _ in range(MOST_TABS):
            if page.evaluate("document.activeElement.value") == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError("The answer was not reached by the arrow keys.")


def incident_of(page: Page) -> int:
    """The number of the incident whose log is shown."""
    found = INCIDENT.search(page.inner_text("main"))
    assert found is not None
    return int(found[1])


def judge(page: Page, hand: Hand, crimes: Sequence[Fields]) -> None:
    """From the open log to the page that says that the judgement is submitted."""
    if not crimes:
        hand.answer(page, {"requires": "nothing"}, "check")
    for number, fields in enumerate(crimes, start=1):
        hand.answer(page, fields, "check" if number == len(crimes) else "another")
    hand.press(page, "Submit this judgement")


def fill_date(page: Page, name: str, day: tuple[int, int, int]) -> None:
    """Day, month and year into the three fields of a date."""
    for part, value in zip(("day", "month", "year"), day, strict=True):
        page.fill(f"#id_{name}_{part}", str(value))
