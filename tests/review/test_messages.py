"""Every string of the room can be translated, and the catalogues are up to date with the pages."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "review_messages.py"))


def test_the_template_has_every_string_of_today() -> None:
    kept = {line for line in (SCRIPT["LOCALE"] / "django.pot").read_text().splitlines() if '"' in line}
    today = {line for line in SCRIPT["template"]().splitlines() if '"' in line}
    assert today == kept, "Run scripts/review_messages.py and commit what it writes."


@pytest.mark.django_db
def test_a_page_says_its_language_and_offers_the_other() -> None:
    browser = Client()
    assert '<html lang="en-gb"' in browser.get("/help/").content.decode()
    browser.post("/language/", {"language": "cy"})
    page = browser.get("/help/").content.decode()
    assert '<html lang="cy"' in page
    assert ">English</button>" in page


@pytest.mark.django_db
def test_a_translation_is_shown_where_there_is_one(settings: Any, tmp_path: Path) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from django.utils import translation

    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="cy")
    catalog.add("Help", "Cymorth")
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path]
    translation.trans_real._translations = {}
    try:
        assert "Cymorth" in Client(headers={"accept-language": "cy"}).get("/help/").content.decode()
    finally:
        translation.trans_real._translations = {}
