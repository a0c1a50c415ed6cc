"""Whether markup is clean by html-validate, an npm program: `npm ci` in tests/markup installs it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "markup"
PROGRAM = HOME / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"


def _runs() -> bool:
    if shutil.which("node") is None or not PROGRAM.exists():
        return False
    return subprocess.run(["node", str(PROGRAM), "--version"], capture_output=True).returncode == 0


needs_program = pytest.mark.skipif(
    not _runs(), reason="html-validate is not installed, or Node is too old: run `npm ci` in tests/markup."
)


def validated(folder: Path) -> int:
    """How many pages the folder has, once html-validate has found nothing on any."""
    pages = [str(path) for path in sorted(folder.rglob("*.html"))]
    found = subprocess.run(
        ["node", str(PROGRAM), "--config", str(HOME / "htmlvalidate.json"), *pages],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return len(pages)
