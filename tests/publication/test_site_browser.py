"""The site in a real browser: axe finds nothing, nothing scrolls sideways, a keyboard is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.publication.small_release import release_of, release_of_others

from opencdi.publication.site import write_pages

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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason="No Chromium at /usr/bin/chromium: install it to run this."
    ),
]

PAGES = (
    "index.html",
    "forces/cheshire.html",
    "methods.html",
    "quality.html",
    "revisions.html",
    "releases.html",
    "accessibility.html",
    "about.html",
    "data.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_pages(release_of(8, 3, signed=False), folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


def _states(browser: Browser) -> Iterator[tuple[str, Page]]:
    for width in (1280, 320):
        yield f"{width} px", browser.new_page(viewport={"width": width, "height": 900})
    printed = browser.new_page(viewport={"width": 1280, "height": 900})
    printed.emulate_media(media="print")
    yield "print", printed
    forced = browser.new_page(viewport={"width": 1280, "height": 900})
    forced.emulate_media(forced_colors="active")
    yield "forced colours", forced


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_at_any_width_in_print_and_in_forced_colours(
    site: Path, browser: Browser, name: str
) -> None:
    for state, page in _states(browser):
        page.goto((site / name).as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"
        page.close()


@pytest.mark.parametrize("name", ["index.html", "forces/kent.html"])
def test_axe_finds_nothing_where_others_published_the_results(
    tmp_path: Path, browser: Browser, name: str
) -> None:
    write_pages(release_of_others(), tmp_path)
    for state, page in _states(browser):
        page.goto((tmp_path / name).as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"
        page.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_small_phone(site: Path, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto((site / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


@pytest.mark.parametrize("name", PAGES[:2])
def test_every_link_and_every_wide_table_is_reached_by_the_tab_key_alone(
    site: Path, browser: Browser, name: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((site / name).as_uri())
    wanted = page.evaluate("document.querySelectorAll('a[href], summary, [tabindex=\"0\"]').length")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = 1
    while page.evaluate("document.activeElement !== document.body") and reached <= wanted:
        outlined = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return document.activeElement.matches(':focus-visible') &&"
            " (s.outlineStyle !== 'none' || s.position === 'static') })()"
        )
        assert outlined
        page.keyboard.press("Tab")
        reached += 1
    assert reached - 1 == wanted
    page.close()


def test_with_scripts_off_a_page_asks_only_for_itself_and_its_numbers_open(
    site: Path, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (site / "forces" / "cheshire.html").as_uri()
    page.goto(address)
    assert page.locator("h1").is_visible()
    assert page.locator("figure svg").first.is_visible()
    page.locator("a.f").first.click()
    assert page.url.split("#")[0] == address and "#f" in page.url
    assert [url for url in asked if not url.startswith("data:")] == [address]
    context.close()


def test_every_tile_of_the_map_leads_to_its_force(site: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto((site / "index.html").as_uri())
    tile = page.locator(".map a", has_text="Ches")
    box = tile.bounding_box()
    assert box and box["width"] >= 24 and box["height"] >= 24
    tile.click()
    assert page.locator("h1").inner_text().startswith("Cheshire")
    page.close()
