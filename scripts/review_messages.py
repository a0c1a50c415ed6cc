"""Gathers every string of the review room for translation: ``scripts/review_messages.py``.

Writes the template ``locale/django.pot``, brings the catalogue of each language up to date with it, keeping
what is translated, and compiles them. Welsh is prepared: a string without a translation is shown in English.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOM = Path(__file__).resolve().parent.parent / "src" / "opencdi" / "review"
LOCALE = ROOM / "locale"
LANGUAGES = ("cy",)
# A catalogue changes only with its strings: the day it was written would be one more change each time.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
METHODS = [("**.py", "python"), ("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.txt", "jinja2")]
OPTIONS = {"**/jinja2/**": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
}  # fmt: skip


def gathered() -> Catalog:
    """Every string, with the files it stands in."""
    catalog = Catalog(project="OpenCDI review room", charset="utf-8")
    found = extract_from_dir(str(ROOM), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=())
    for file, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, locations=[(file, 0)], context=context)
    return catalog


def template() -> str:
    """The template's text: no line numbers and no date, so that it changes only with the strings."""
    out = io.BytesIO()
    write_po(out, gathered(), width=110, omit_header=True, include_lineno=False, sort_by_file=True)
    return out.getvalue().decode()


def main() -> None:
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "django.pot").write_text(template(), encoding="utf-8")
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "django.po"
        catalog = Catalog(locale=language, project="OpenCDI review room", charset="utf-8")
        if path.exists():
            with path.open("rb") as file:
                catalog = read_po(file, locale=language)
        catalog.update(gathered(), no_fuzzy_matching=True)
        catalog.creation_date = catalog.revision_date = UNDATED
        with path.open("wb") as file:
            write_po(file, catalog, width=110, include_lineno=False, ignore_obsolete=True)
        with (folder / "django.mo").open("wb") as file:
            write_mo(file, catalog)


if __name__ == "__main__":
    main()
