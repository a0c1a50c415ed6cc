"""Every chart type with few, many, missing, extreme and identical values, as pictures for the documents.

``scripts/chart_gallery.py [PICTURES_FOLDER]``. The wide drawings, one picture a chart type; a phone's
drawings in a second. The page of the documents shows them, so that whoever changes a chart looks at it.
"""

from __future__ import annotations

import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(REPOSITORY))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.publication.chart_cases import CASES, CHARTS  # noqa: E402

STYLE = (REPOSITORY / "src/opencdi/publication/charts/chart.css").read_text(encoding="utf-8")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main(pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for kind in CHARTS:
            for size in ("wide", "narrow"):
                _picture(browser, kind, size, pictures / f"chart-{kind}-{size}.png")
        browser.close()


def _picture(browser: Browser, kind: str, size: str, path: Path) -> None:
    drawings = []
    for case in CASES:
        chart = CHARTS[kind](case)
        drawing = chart.wide if size == "wide" else chart.narrow
        drawings.append(f"<figure><figcaption>{case}</figcaption>{drawing.svg(case, case, case)}</figure>")
    columns = 2 if size == "wide" else 5
    page = browser.new_page(viewport={"width": columns * (680 if size == "wide" else 330), "height": 600})
    page.set_content(
        f"<style>{STYLE} .all{{columns:{columns}}} figure{{margin:8px;break-inside:avoid}} "
        "figcaption{font:700 14px arial}</style>"
        f'<div class="all chart">{"".join(drawings)}</div>'
    )
    page.screenshot(path=path, full_page=True)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs" / "images")
