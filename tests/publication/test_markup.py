"""The markup is clean by html-validate, an npm program kept beside the tests: `npm ci` in tests/markup."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.publication.small_release import release_of

from opencdi.publication.site import write_pages

HOME = Path(__file__).parents[1] / "markup"
PROGRAM = HOME / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


@pytest.mark.skipif(
    shutil.which("node") is None or not PROGRAM.exists(),
    reason="html-validate is not installed: run `npm ci` in tests/markup.",
)
@pytest.mark.parametrize("signed", [True, False])
def test_html_validate_finds_nothing_on_any_page(tmp_path: Path, signed: bool) -> None:
    site = tmp_path / "site"
    write_pages(release_of(4, 2, signed=signed), site)
    pages = [str(path) for path in sorted(site.rglob("*.html"))]
    found = subprocess.run(
        ["node", str(PROGRAM), "--config", str(HOME / "htmlvalidate.json"), *pages],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert len(pages) == 12
