"""The markup is clean by html-validate, an npm program kept beside the tests: `npm ci` in tests/markup."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.publication.small_release import release_of, release_of_others

from opencdi.publication.figures import Release
from opencdi.publication.site import write_pages

HOME = Path(__file__).parents[1] / "markup"
PROGRAM = HOME / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def _runs() -> bool:
    if shutil.which("node") is None or not PROGRAM.exists():
        return False
    return subprocess.run(["node", str(PROGRAM), "--version"], capture_output=True).returncode == 0


needs_program = pytest.mark.skipif(
    not _runs(), reason="html-validate is not installed, or Node is too old: run `npm ci` in tests/markup."
)


@needs_program
@pytest.mark.parametrize("signed", [True, False])
def test_html_validate_finds_nothing_on_any_page(tmp_path: Path, signed: bool) -> None:
    assert validated(release_of(4, 2, signed=signed), tmp_path / "site") == 12


@needs_program
def test_html_validate_finds_nothing_where_others_published_the_results(tmp_path: Path) -> None:
    assert validated(release_of_others(), tmp_path / "site") == 10


def validated(release: Release, site: Path) -> int:
    """How many pages the release has, once html-validate has found nothing on any."""
    write_pages(release, site)
    pages = [str(path) for path in sorted(site.rglob("*.html"))]
    found = subprocess.run(
        ["node", str(PROGRAM), "--config", str(HOME / "htmlvalidate.json"), *pages],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return len(pages)
