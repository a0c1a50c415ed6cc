"""Judging in a real browser: by keyboard alone and quickly, with scripts on and off; axe finds nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from tests.review.browsing import signed_in
from tests.review.made_up import (
    auditors,
    correct,
    crimes,
    found,
    judge,
    loaded,
    person,
    readings,
    recorded_sample,
    sign,
)

from opencdi.review.audits.models import Assignment, Audit
from opencdi.review.judging.models import Judgement
from opencdi.review.judging.reading import case_to_read
from opencdi.review.people.models import Person
from opencdi.review.policy import Role

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

MOST_KEY_PRESSES = 12

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="No Chromium at /usr/bin/chromium: install it to run this."
    ),
]

Open = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def _the_browser_runs_beside_django() -> Iterator[None]:
    """Playwright's loop runs in this thread; Django would otherwise take its own calls for asynchronous."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_as(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Opens an address as somebody who is signed in."""
    contexts = []

    def opened(person: Person, place: str, scripts: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 900}, base_url=live_server.url
        )
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        cookie = signed_in(person).cookies[name]
        context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(place)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def audit() -> Audit:
    auditors("anna", "ben")
    person("clara", Role.ADJUDICATOR)
    return loaded(recorded_sample(2))


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def enter_and_go(self, place: str) -> None:
        """Press Enter and wait until the next page has put the keyboard where one goes on."""
        self.page.wait_for_function("document.activeElement !== document.body")
        with self.page.expect_navigation(url=f"**{place}"):
            self.press("Enter")
        self.page.wait_for_function("document.activeElement !== document.body")


def first_of(reader: Person) -> Assignment:
    return Assignment.objects.filter(person=reader).order_by("number")[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_plain_case_takes_no_more_than_twelve_key_presses(
    audit: Audit, open_as: Open, scripts: bool
) -> None:
    anna = Person.objects.get(name="Anna")
    reading = first_of(anna)
    page = open_as(anna, f"/reading/{reading.key}/", scripts)
    keyboard = Keyboard(page)
    keyboard.enter_and_go("/crime/1/")
    page.wait_for_load_state("networkidle")
    keyboard.press("Space", "Tab", "8", "N")
    if scripts:
        keyboard.press("Enter")
    keyboard.press("Tab", "Space", "Tab", "Space")
    keyboard.enter_and_go("/check/")
    keyboard.enter_and_go("/submitted/")
    assert keyboard.presses <= MOST_KEY_PRESSES
    judged = case_to_read(anna, reading.key)
    assert judged is not None and judged.stage == Judgement.Stage.SUBMITTED
    number = int(reading.case.incident_id[-4:])
    assert judged.answers == correct(number)
    keyboard.enter_and_go("/crime/1/")
    assert keyboard.presses <= MOST_KEY_PRESSES + 1


def test_a_report_that_requires_nothing_takes_four(audit: Audit, open_as: Open) -> None:
    anna = Person.objects.get(name="Anna")
    reading = first_of(anna)
    page = open_as(anna, f"/reading/{reading.key}/crime/1/")
    keyboard = Keyboard(page)
    keyboard.press("ArrowDown")
    keyboard.enter_and_go("/check/")
    keyboard.enter_and_go("/submitted/")
    assert keyboard.presses <= 4
    judged = case_to_read(anna, reading.key)
    assert judged is not None and judged.answers.nothing_required


def test_words_selected_in_the_log_become_a_quotation(audit: Audit, open_as: Open) -> None:
    anna = Person.objects.get(name="Anna")
    page = open_as(anna, f"/reading/{first_of(anna).key}/crime/1/")
    quote = page.get_by_role("button", name="Quote the selected words")
    quote.click()
    assert page.get_by_role("status").filter(has_text="Select words in the log first").count() == 1
    page.evaluate(
        """() => {
            const text = document.querySelector(".review-narrative").firstChild
            const start = text.data.indexOf("PUNCHED")
            const range = document.createRange()
            range.setStart(text, start)
            range.setEnd(text, start + "PUNCHED IN THE FACE".length)
            window.getSelection().removeAllRanges()
            window.getSelection().addRange(range)
        }"""
    )
    quote.click()
    assert page.locator("#id_words").input_value() == "PUNCHED IN THE FACE"


def differing(audit: Audit) -> tuple[Person, str]:
    pair = readings(audit)[:2]
    judge(pair[0].person, pair[0].key, correct(1))
    judge(pair[1].person, pair[1].key, crimes(found(1, in_time="no", cause="workload")))
    sign(pair[0].person, pair[1].person)
    adjudication = pair[0].case.adjudications.get()
    return adjudication.person, f"/deciding/{adjudication.key}/"


def pages_of(audit: Audit) -> list[tuple[str, Person, str]]:
    """Every page of an auditor and an adjudicator, in the states they have: name, person, address."""
    anna = Person.objects.get(name="Anna")
    first = readings(audit)[0]
    clara, decide = differing(audit)
    other = next(each for each in Assignment.objects.filter(person=anna) if each.case_id != first.case_id)
    at = f"/reading/{other.key}/"
    return [
        ("queue", anna, "/reading/"),
        ("break", anna, "/reading/break/"),
        ("warning", anna, at),
        ("judge", anna, f"{at}crime/1/"),
        ("hand-back", anna, f"{at}hand-back/"),
        ("sign-off", anna, "/reading/sign-off/"),
        ("revealed", anna, "/reading/revealed/"),
        ("to-decide", clara, "/deciding/"),
        ("decide", clara, decide),
        ("decide-crime", clara, f"{decide}crime/1/"),
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(audit: Audit, open_as: Open, width: int) -> None:
    shots = os.environ.get("OPENCDI_SCREENSHOTS")
    for name, reader, place in pages_of(audit):
        page = open_as(reader, place, width=width)
        page.wait_for_load_state("networkidle")
        if shots:
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        found_faults = Axe().run(page).response["violations"]
        assert not found_faults, (name, [(each["id"], each["nodes"][0]["html"]) for each in found_faults])
        sideways = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not sideways, name


def test_axe_finds_nothing_after_an_error_and_on_the_way_to_the_signature(
    audit: Audit, open_as: Open
) -> None:
    anna = Person.objects.get(name="Anna")
    shots = os.environ.get("OPENCDI_SCREENSHOTS")
    page = open_as(anna, f"/reading/{first_of(anna).key}/crime/1/")
    page.get_by_label("A crime", exact=True).check()
    page.get_by_role("button", name="Save and check").first.click()
    page.wait_for_url("**/crime/1/")
    checked = [("error", page.url)]
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Select the class of the crime").click()
    assert page.evaluate("document.activeElement.id") == "id_class_code"
    assert not Axe().run(page).response["violations"], checked
    if shots:
        page.screenshot(path=f"{shots}/error.png", full_page=True)
    page.get_by_label("Nothing: no crime").check()
    page.get_by_role("button", name="Save and check").first.click()
    page.wait_for_url("**/check/")
    for name, then in (("check", "Submit this judgement"), ("submitted", "")):
        faults = Axe().run(page).response["violations"]
        assert not faults, (name, [(each["id"], each["nodes"][0]["html"]) for each in faults])
        if shots:
            page.screenshot(path=f"{shots}/{name}.png", full_page=True)
        if then:
            page.get_by_role("button", name=then).click()
            page.wait_for_url("**/submitted/")


def test_the_adjudicator_decides_by_keyboard_alone_and_axe_finds_nothing_on_the_way(
    audit: Audit, open_as: Open
) -> None:
    clara, place = differing(audit)
    page = open_as(clara, place)
    _tab_to(page, "choice_0")
    page.keyboard.press("Space")
    _tab_to(page, "reason")
    page.keyboard.type("The clock started at 09:02.")
    _tab_to(page, "then")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    _axe(page, "check-decision")
    page.wait_for_function("document.activeElement !== document.body")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decided/")
    _axe(page, "decided")
    reader = readings(audit)[0]
    reveal = open_as(reader.person, f"/reading/{reader.key}/reveal/")
    _axe(reveal, "reveal")
    assert "The clock started at 09:02." in reveal.content()


def test_judging_works_in_forced_colours_and_at_four_hundred_per_cent(audit: Audit, open_as: Open) -> None:
    anna = Person.objects.get(name="Anna")
    page = open_as(anna, f"/reading/{first_of(anna).key}/crime/1/", width=320)
    page.emulate_media(forced_colors="active")
    _axe(page, "forced-colours")
    wide, window = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert wide <= window


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the keyboard."""
    for _ in range(80):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name}.")


def _axe(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    shots = os.environ.get("OPENCDI_SCREENSHOTS")
    if shots:
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)
    faults = Axe().run(page).response["violations"]
    assert not faults, (name, [(each["id"], each["nodes"][0]["html"]) for each in faults])
