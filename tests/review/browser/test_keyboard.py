"""Each journey done by the keyboard alone, as somebody who has no mouse does it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.review.browser.conftest import context_for
from tests.review.browser.keyboard import go_to
from tests.review.room_process import Room


@pytest.fixture
def page(browser: Browser, room: Room) -> Iterator[Page]:
    """A window of somebody who has not signed in."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_first_press_of_tab_offers_to_skip_to_the_content(page: Page, room: Room) -> None:
    page.goto(room.address + "/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"


def test_signing_in_by_the_keyboard_up_to_the_second_factor(page: Page, room: Room) -> None:
    page.goto(room.address + "/account/sign-in/")
    go_to(page, "#id_login")
    page.keyboard.type(room.email)
    page.keyboard.press("Tab")
    page.keyboard.type(room.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/check/")
    go_to(page, "#id_code")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error: ")


def test_a_mistake_is_mended_from_the_summary_by_the_keyboard(page: Page, room: Room) -> None:
    page.goto(room.address + "/account/sign-in/")
    go_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_login"


@pytest.mark.parametrize("name", ["judge", "check", "decide", "account", "hand-back"])
def test_everything_that_can_be_pressed_is_reached_and_is_large_enough(
    browser: Browser, room: Room, name: str
) -> None:
    shown = room.screen(name)
    context = context_for(browser, room, shown)
    page = context.new_page()
    page.goto(room.address + shown.path)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
            .filter(one => one.offsetParent !== null && !one.disabled && one.type !== 'radio').length"""
    )
    page.evaluate("document.activeElement.blur()")
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.body.setAttribute('tabindex', '-1'); document.body.focus()")
    reached = set()
    for _ in range(wanted + 40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(reached) >= wanted
    context.close()


def test_the_warning_before_a_session_ends_takes_the_keyboard_and_one_press(
    browser: Browser, room: Room
) -> None:
    context = context_for(browser, room, room.screen("queue"))
    page = context.new_page()
    page.clock.install()
    page.goto(room.address + "/reading/")
    page.clock.fast_forward(18 * 60 * 1000 + 5000)
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.matches('[data-stay]')")
    with page.expect_response("**/stay-signed-in/") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 204
    assert page.locator("dialog[open]").count() == 0
    context.close()
