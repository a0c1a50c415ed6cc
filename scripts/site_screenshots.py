"""Real pictures of the public pages, for the documents: ``scripts/site_screenshots.py SITE [PICTURES]``.

Takes the first screen of the page of all forces and of one force at desktop and phone width. Only use it on
made-up forces or on what is published already.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = {"desktop": (1280, 1500), "phone": (390, 844)}
PAGES = {"all": "index.html", "force": "forces/thames-valley.html"}
LARGEST_BYTES = 300_000


def main(site: Path, pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for device, (width, height) in WIDTHS.items():
            for name, page in PAGES.items():
                _take(browser, site / page, width, height, pictures / f"site-{name}-{device}.png")
        browser.close()


def _take(browser: Browser, page: Path, width: int, height: int, picture: Path) -> None:
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.goto(page.resolve().as_uri())
    tab.screenshot(path=picture)
    tab.close()
    if picture.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{picture} is over {LARGEST_BYTES:,} bytes: take less of the page.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("docs/images"))
