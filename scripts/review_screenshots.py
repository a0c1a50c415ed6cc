"""Pictures of every screen of the review room, for the documents: ``scripts/review_screenshots.py [FOLDER]``.

Builds a made-up room and takes each screen of ``tests/review/screens.py`` at desktop and phone width
with Debian's Chromium. Writes ``review-SCREEN-DEVICE.png`` and the page ``docs/review-screens.md``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.review.browser.conftest import CHROMIUM, FLAGS, context_for, opened  # noqa: E402
from tests.review.room_process import Room, Shown, running_room  # noqa: E402

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
ON_PHONES = {"sign-in", "work-auditor", "queue", "judge", "check", "decide"}
LARGEST_BYTES = 300_000
TALLEST = 1500


def main(pictures: Path) -> None:
    pictures.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_room(Path(folder)) as room,
        sync_playwright() as playing,
    ):
        browser = playing.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for shown in room.screens:
            for device in WIDTHS:
                if device == "desktop" or shown.name in ON_PHONES:
                    _take(browser, room, shown, device, pictures)
        browser.close()
        _write_page([shown.name for shown in room.screens])


def _take(browser: Browser, room: Room, shown: Shown, device: str, pictures: Path) -> None:
    width, height = WIDTHS[device]
    context = context_for(browser, room, shown, viewport={"width": width, "height": height})
    page = opened(context, room, shown)
    picture = pictures / f"review-{shown.name}-{device}.png"
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.screenshot(path=picture, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
    context.close()
    # Flat colours: 48 of them show every screen as it is, in a third of the bytes.
    Image.open(picture).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(picture, optimize=True)
    if picture.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{picture} is over {LARGEST_BYTES:,} bytes: show less on that screen.")


def _write_page(names: list[str]) -> None:
    """A page that shows them all; written whole, so that it never names a screen that is gone."""
    lines = ["# The screens of the review room", ""]
    lines += ["Every screen with made-up people and reports, taken by `scripts/review_screenshots.py`.", ""]
    for name in names:
        title = name.replace("-", " ").capitalize()
        lines += [f"## {title}", "", f"![{title}](images/review-{name}-desktop.png)", ""]
        if name in ON_PHONES:
            lines += [f"![{title}, on a telephone](images/review-{name}-phone.png)", ""]
    (REPOSITORY / "docs" / "review-screens.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs" / "images")
