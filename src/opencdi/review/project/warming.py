"""What a process reads once, read before it answers anybody, so that no first visitor waits for it."""

from __future__ import annotations

from django.template import engines
from django.urls import get_resolver

from opencdi.counting import classification, rulebook


def warm() -> None:
    """Compiles every page, reads the offence list and the rules, and prepares the addresses."""
    pages = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    classification.load()
    rulebook.load()
    get_resolver().reverse_dict  # noqa: B018  (a property that builds what it gives)
