"""The built style sheet, scripts and icons carry nobody's brand and ask nothing of the outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import opencdi.review.shell

BUILT = Path(opencdi.review.shell.__file__).parent / "static" / "review"
SOURCES = Path(__file__).resolve().parents[2] / "assets"
FILES = sorted(path for path in BUILT.rglob("*") if path.is_file())
BRAND = re.compile(r"gds[ -]?transport|crest|crown|logotype|opengraph|@font-face", re.IGNORECASE)
OUTSIDE = re.compile(r"""url\(\s*['"]?(?:https?:)?//|@import|sourceMappingURL""", re.IGNORECASE)
BROWSER_STORES = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")


def test_there_is_a_style_sheet_two_scripts_and_a_notice() -> None:
    assert {"review.css", "review.js", "offence-search.js", "NOTICE"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", [p for p in FILES if p.name != "NOTICE"], ids=lambda path: path.name)
def test_no_crown_no_crest_no_gds_transport_and_no_outside_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not BRAND.search(path.name)
    assert not BRAND.search(text)
    assert not OUTSIDE.search(text)


@pytest.mark.parametrize("name", ["review.js", "offence-search.js"])
def test_scripts_keep_nothing_in_the_browser(name: str) -> None:
    assert not BROWSER_STORES.search((BUILT / name).read_text(encoding="utf-8"))


def test_every_icon_the_style_sheet_names_is_there() -> None:
    css = (BUILT / "review.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(\./images/([\w-]+\.svg)\)", css))
    assert named == {path.name for path in (BUILT / "images").iterdir()}


def test_the_notice_names_the_versions_that_were_built() -> None:
    notice = (BUILT / "NOTICE").read_text(encoding="utf-8")
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    for package in ("govuk-frontend", "@ministryofjustice/frontend", "accessible-autocomplete"):
        assert re.search(rf"^{package} {re.escape(wanted[package])}\b", notice, re.MULTILINE)
    assert "Crown copyright" in notice
    assert "Permission is hereby granted" in notice


def test_the_lock_of_the_assets_holds_hashes_and_no_addresses() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())
