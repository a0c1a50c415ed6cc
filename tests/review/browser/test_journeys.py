"""The journeys of every role done by the keyboard alone, to the end, in a room of their own.

Judging and deciding between judgements are in ``tests/review/test_keyboard.py``, key presses counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page
from tests.review.browser.conftest import context_for
from tests.review.browser.keyboard import go_to
from tests.review.room_process import Room, running_room

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Step:
    """Tab to an element, then press these keys, or type this text into it."""

    to: str
    keys: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Journey:
    """``screen`` is where it begins (``tests/review/screens.py``); ``ends`` are words of the last page."""

    name: str
    screen: str
    steps: tuple[Step, ...]
    ends: str


def choose(name: str, place: int = 0) -> Step:
    """One of the radios of a question, by its place."""
    return Step(f"[name={name}]", (*["ArrowDown"] * place,) or ("Space",))


def write(name: str, text: str) -> Step:
    return Step(f"[name={name}]", text=text)


def day(name: str, when: date) -> tuple[Step, ...]:
    parts = {"day": when.day, "month": when.month, "year": when.year}
    return tuple(write(f"{name}_{part}", str(value)) for part, value in parts.items())


SEND = Step("main form:not([action]) button[type=submit], main form[action=''] button", ("Enter",))
NEXT_YEAR = date(date.today().year + 1, 3, 2)
LAST_YEAR = date(date.today().year - 1, 3, 2)

JOURNEYS = (
    Journey(
        "the auditor hands a case back",
        "hand-back",
        (Step("main form button", ("Enter",)),),
        "reports judged.",
    ),
    Journey(
        "the force accepts a verdict",
        "answer-verdict",
        (choose("says"), SEND),
        "Your answer has been kept.",
    ),
    Journey(
        "the inspector decides a dispute",
        "decide-dispute",
        (choose("verdict"), write("reason", "The log names a blow."), SEND),
        "The log names a blow.",
    ),
    Journey(
        "the registrar enters what was put right",
        "correct-record",
        (write("crime_id", "42/77777/26"), *day("corrected_on", LAST_YEAR), SEND),
        "42/77777/26",
    ),
    Journey(
        "the inspector recommends",
        "recommend",
        (write("what", "Look at each log closed without a crime."), SEND),
        "Look at each log closed without a crime.",
    ),
    Journey(
        "the force takes an action on",
        "take-on",
        (write("owner", "Head of contact"), *day("due_on", NEXT_YEAR), SEND),
        "Head of contact",
    ),
    Journey(
        "the force adds evidence",
        "add-evidence",
        (write("words", "A daily check runs."), SEND),
        "A daily check runs.",
    ),
    Journey(
        "the inspector closes an action",
        "check-action",
        (write("words", "Seen on three days."), SEND),
        "Checked and closed",
    ),
    Journey(
        "the force explains its figures",
        "explain",
        (write("words", "We were short of people."), SEND),
        "We were short of people.",
    ),
    Journey(
        "the panel member scores a case",
        "panel-case",
        (choose("value", 1), write("remark", "The officer came late."), SEND),
        "",
    ),
    Journey("the panel member declares no conflict", "declare", (choose("has_conflict"), SEND), ""),
    Journey(
        "the inspector confirms a redaction",
        "redact",
        (SEND,),
        "",
    ),
    Journey(
        "the registrar decides a lead",
        "lead",
        (choose("says"), write("reason", "The log names a crime."), SEND),
        "",
    ),
    Journey(
        "the administrator gives cases to others",
        "reassign",
        (choose("which", 1), choose("because"), SEND),
        "given",
    ),
)


@pytest.fixture(scope="module")
def own_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Journeys change what others look at."""
    with running_room(tmp_path_factory.mktemp("journeys")) as running:
        yield running


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_journey_is_done_by_the_keyboard_alone(browser: Browser, own_room: Room, journey: Journey) -> None:
    shown = own_room.screen(journey.screen)
    context = context_for(browser, own_room, shown)
    page = context.new_page()
    page.goto(own_room.address + shown.path)
    for step in journey.steps[:-1]:
        _do(page, step)
    go_to(page, journey.steps[-1].to)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator(".govuk-error-summary").count() == 0, page.locator(
        ".govuk-error-summary"
    ).inner_text()
    assert page.url != own_room.address + shown.path
    assert journey.ends in page.locator("main").inner_text()
    context.close()


def _do(page: Page, step: Step) -> None:
    go_to(page, step.to)
    for key in step.keys:
        page.keyboard.press(key)
    if step.text:
        page.keyboard.press("Control+A")
        page.keyboard.type(step.text)
