"""A whole audit in a real browser, from `opencdi review load` to `opencdi estimate`.

Sixty cases, four auditors (one by keyboard alone, one without scripts), an adjudicator, the force's lead and
registrar, an inspector and a panel. Whatever they do goes through pages, and the rates that come out are
those of the known answers.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.review.browser.pages import Hand, Keyboard, Mouse, fill_date, incident_of, judge
from tests.review.known_audit import folder_in, truth, verdicts
from tests.review.room_process import demonstration_at, served

from opencdi.bundle import Bundle

READINGS = 60
SEED = "2 6 4 1 5 3"
HANDS: dict[str, Hand] = {
    "amira": Mouse(),
    "ben": Keyboard(),
    "cerys": Mouse(scripts=False),
    "dev": Mouse(),
}
IN_THREE_WEEKS = date.today() + timedelta(days=21)
DAY = (IN_THREE_WEEKS.day, IN_THREE_WEEKS.month, IN_THREE_WEEKS.year)

pytestmark = pytest.mark.slow


def opencdi(home: Path, *arguments: object) -> str:
    """A command of the room in ``home``; what it said."""
    called = [sys.executable, "-c", "from opencdi.cli import main; main()", *map(str, arguments)]
    done = subprocess.run(
        called, env=demonstration_at(home), check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def is_wrong(name: str, number: int) -> bool:
    """Amira overlooks one report in seven; the adjudicator puts it right."""
    return name == "amira" and number % 7 == 1


class Room:
    """The room as people reach it: each signs in with the password of the demonstration."""

    def __init__(self, browser: Browser, address: str, password: str) -> None:
        self.browser, self.address, self.password = browser, address, password

    @contextmanager
    def signed_in(self, name: str, hand: Hand | None = None) -> Iterator[Page]:
        scripts = not isinstance(hand, Mouse) or hand.scripts
        context = self.browser.new_context(base_url=self.address, java_script_enabled=scripts)
        page = context.new_page()
        page.goto("/account/sign-in/")
        page.keyboard.press("Tab")
        page.fill("#id_login", f"{name}@demo.invalid")
        page.fill("#id_password", self.password)
        with page.expect_navigation(url=self.address + "/"):
            page.keyboard.press("Enter")
        yield page
        context.close()


def test_a_whole_audit_runs_in_the_browser_and_the_rates_are_those_of_the_known_answers(
    browser: Browser, tmp_path: Path
) -> None:
    folder, home = folder_in(tmp_path / "testshire-2026", READINGS, SEED), tmp_path / "room"
    opencdi(home, "review", "migrate")
    opencdi(home, "review", "demo-people", "--force", "Testshire")
    told = opencdi(home, "review", "load", folder)
    assert f"Cases added:       {READINGS} from the sample" in told
    sampled = _sampled(folder)
    assert {number % 10 for number in sampled} == set(range(10))
    with served(home) as address:
        room = Room(browser, address, (home / "demo-password").read_text().strip())
        for name, hand in HANDS.items():
            _judge_everything(room, name, hand)
        assert _decide_every_difference(room) > 0
        disputed = _ask_answer_decide(room, sampled)
        _panel(room)
    assert "     0  reading" in opencdi(home, "review", "progress", folder)
    opencdi(home, "review", "verify")
    opencdi(home, "review", "export", folder)
    opencdi(home, "estimate", folder)
    _rates_are_those_of(folder, _known(sampled, disputed))


def _sampled(folder: Path) -> list[int]:
    with (folder / "sample" / "sample.csv").open(newline="") as file:
        return sorted(int(row["incident_id"][-4:]) for row in csv.DictReader(file))


def _judge_everything(room: Room, name: str, hand: Hand) -> None:
    """All that is in the queue, then the signature."""
    with room.signed_in(name, hand) as page:
        page.goto("/reading/")
        hand.press(page, "Read the next report")
        while page.get_by_role("button", name="Open the report").count():
            hand.press(page, "Open the report")
            number = incident_of(page)
            judge(page, hand, [] if is_wrong(name, number) else truth(number))
        hand.press(page, "Sign off")
        hand.press(page, page.locator("main form button").inner_text())
        assert page.get_by_text("You signed").is_visible()
        assert page.get_by_text("You have judged everything").is_visible()


def _decide_every_difference(room: Room) -> int:
    """Erin takes the judgement that has the crime; how many she decided."""
    decided = 0
    with room.signed_in("erin") as page:
        while True:
            page.goto("/deciding/")
            waiting = page.locator("main a[href^='/deciding/']")
            if not waiting.count():
                return decided
            waiting.first.click()
            for group in page.locator("input[type=radio][value=a][name^=choice_]").all():
                name = group.get_attribute("name")
                first = page.locator("main table").nth(int(str(name)[-1])).locator("tbody tr").first
                side = "b" if first.locator("td").first.inner_text().strip() == "–" else "a"
                page.check(f"input[name={name}][value={side}]")
            page.fill("#id_reason", "The log names the blow in so many words.")
            page.locator("button[name=then][value=check]").click()
            page.get_by_role("button", name="Let it stand").click()
            assert page.get_by_text("Your decision stands").count()
            decided += 1


def _ask_answer_decide(room: Room, sampled: list[int]) -> dict[int, str]:
    """The inspector asks; the lead accepts one verdict and disputes two; one stands, one is changed.

    What was changed, by the number of the incident.
    """
    changed, upheld, accepted = [number for number in sampled if number % 10 == 0][:3]
    with room.signed_in("hugh") as page:
        _open_audit(page)
        page.get_by_role("button", name="Ask for answers").click()
        fill_date(page, "last_day", DAY)
        page.locator("main form button").click()
        assert page.get_by_text("The force has until the end of that day").count()
    with room.signed_in("gwen") as page:
        for number in (changed, upheld):
            _answer(page, number, "dispute", "The log was closed as a duplicate of another report.")
        _answer(page, accepted, "accept", "")
    with room.signed_in("hugh") as page:
        for number, verdict in ((changed, "nothing_required"), (upheld, "missing")):
            _open_verdict(page, number)
            page.get_by_role("button", name="Decide this dispute").click()
            page.check(f"input[name=verdict][value={verdict}]")
            page.fill("#id_reason", "The other report has been seen.")
            page.get_by_role("button", name="Let this verdict stand").click()
            assert page.get_by_text("Your decision stands").count()
    with room.signed_in("farah") as page:
        _open_verdict(page, accepted)
        page.get_by_role("button", name="Enter what was put right").click()
        page.fill("#id_crime_id", "42/99999/26")
        today = date.today()
        fill_date(page, "corrected_on", (today.day, today.month, today.year))
        page.locator("main form button").click()
        assert page.get_by_text("the record has been put right").count()
    return {changed: "nothing_required"}


def _open_audit(page: Page) -> None:
    page.goto("/answers/")
    page.get_by_role("link", name="testshire-2026").click()


def _open_verdict(page: Page, number: int) -> None:
    _open_audit(page)
    page.get_by_role("link", name=f"TS-{number:04d}").first.click()


def _answer(page: Page, number: int, says: str, reason: str) -> None:
    _open_verdict(page, number)
    page.get_by_role("button", name="Answer this verdict").click()
    page.check(f"input[name=says][value={says}]")
    page.fill("#id_reason", reason)
    page.get_by_role("button", name="Send this answer").click()
    assert page.get_by_text("Your answer has been kept").count()


def _panel(room: Room) -> None:
    """The inspector calls a panel on rape and confirms the redactions; a member scores and recommends."""
    with room.signed_in("hugh") as page:
        page.goto("/panels/")
        page.get_by_role("button", name="Call a panel on testshire-2026").click()
        page.check("input[name=kind][value=rape]")
        fill_date(page, "meets_on", DAY)
        page.fill("#id_most", "2")
        page.get_by_label("Ines Bright").check()
        page.get_by_role("button", name="Draw the cases").click()
        while page.get_by_role("link", name="Check and confirm").count():
            page.get_by_role("link", name="Check and confirm").first.click()
            page.get_by_role("button", name="Confirm: the panel may see this").click()
    with room.signed_in("ines") as page:
        page.goto("/panels/")
        page.locator("main a[href^='/panels/']").first.click()
        page.check("input[name=has_conflict][value=no]")
        page.get_by_role("button", name="Declare").click()
        for case in (1, 2):
            page.get_by_role("link", name=f"Case {case}", exact=True).click()
            assert page.get_by_text("RAPED LAST NIGHT").count()
            page.check(f"input[name=value][value='{case}']")
            page.fill("#id_remark", "The report was taken seriously and written down late.")
            page.get_by_role("button", name="Keep this score").click()
        page.get_by_role("button", name="Recommend something to the force").click()
        page.fill("#id_what", "Tell everybody who answers calls what a report of rape needs.")
        page.get_by_role("button", name="Make this recommendation").click()


def _known(sampled: list[int], changed: dict[int, str]) -> Counter[str]:
    """How often each verdict stands, worked out from the known answers and what the inspector decided."""
    stands = [[changed[number]] if number in changed else verdicts(number) for number in sampled]
    return Counter(verdict for each in stands for verdict in each)


def _rates_are_those_of(folder: Path, known: Counter[str]) -> None:
    with Bundle(folder / "sample").rates.open(newline="") as file:
        rows = {row["measure"]: row for row in csv.DictReader(file) if row["dimension"] == "all"}
    recorded = known["correct"] + known["late"] + known["wrong_class"]
    required = recorded + known["missing"] + known["cancelled_wrong"]
    expected = {
        "recorded": (recorded, required),
        "recorded_correctly": (recorded - known["wrong_class"], required),
        "in_24_hours": (recorded - known["late"], recorded),
        "right_class": (recorded - known["wrong_class"], recorded),
        "cancelled_rightly": (0, known["cancelled_wrong"]),
    }
    found = {name: (float(rows[name]["numerator"]), float(rows[name]["denominator"])) for name in expected}
    assert found == {name: pytest.approx(each) for name, each in expected.items()}
    assert float(rows["recorded"]["estimate"]) == pytest.approx(recorded / required)
