"""Real pictures of a report, for the documents: ``scripts/screenshots.py AUDIT_FOLDER [PICTURES_FOLDER]``.

Takes the first page (whole and first screen), one page of leads and one record, at desktop and phone
width, with Debian's Chromium. Only use it on a made-up force: the pictures show records.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
WIDTHS = {"desktop": 1280, "phone": 390}
SCREEN_HEIGHT = {"desktop": 1000, "phone": 844}
LARGEST_BYTES = 300_000


def main(audit: Path, pictures: Path) -> None:
    report = audit / "report"
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for device, width in WIDTHS.items():
            for name, page in _pages(report).items():
                _take(browser, page, width, SCREEN_HEIGHT[device], pictures / f"report-{name}-{device}.png")
        browser.close()


def _pages(report: Path) -> dict[str, Path]:
    return {
        "index": report / "index.html",
        "leads": report / "leads" / "all-missing.html",
        "record": _first_lead(report / "leads" / "all-missing.html"),
    }


def _first_lead(leads: Path) -> Path:
    """The record of the first lead on a page."""
    found = re.search(r'href="\.\./(incidents/[0-9a-f]+\.html)"', leads.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"{leads} leads to no record: audit a larger made-up force.")
    return leads.parent.parent / found[1]


def _take(browser: Browser, page: Path, width: int, height: int, picture: Path) -> None:
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.goto(page.resolve().as_uri())
    tab.screenshot(path=picture)
    tab.close()
    if picture.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{picture} is over {LARGEST_BYTES:,} bytes: take less of the page.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("docs/images"))
