"""The report in a real browser: axe finds nothing, nothing scrolls sideways, nothing is asked outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from tests.report.small_audit import AUDIT, compared

from opencdi import report
from opencdi.engine import DuckDBEngine

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="No Chromium at /usr/bin/chromium: install it to run this."
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("audit") / "report"
    made.mkdir()
    with DuckDBEngine() as engine:
        report.write(made, AUDIT, compared(engine))
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def _first(folder: Path, kind: str) -> Path:
    return {
        "index": folder / "index.html",
        "leads": folder / "leads" / "all-wrong_class.html",
        "record": min((folder / "incidents").glob("*.html")),
    }[kind]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("kind", ["index", "leads", "record"])
def test_axe_finds_nothing(folder: Path, browser: Browser, kind: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(_first(folder, kind).as_uri())
    found = Axe().run(page)
    page.close()
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", ["index", "leads", "record"])
def test_no_page_scrolls_sideways_on_a_small_phone(folder: Path, browser: Browser, kind: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(_first(folder, kind).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_with_scripts_off_the_page_asks_only_for_itself(folder: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(_first(folder, "index").as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator("figure svg").first.is_visible()
    assert [url for url in asked if not url.startswith("data:")] == [_first(folder, "index").as_uri()]
    context.close()
