"""The templates' environment: one style sheet inside every page, so that each can be sent on its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from opencdi import __version__
from opencdi.publication import dates
from opencdi.publication.pages import shown
from opencdi.publication.sentences.measures import heading_of


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("opencdi.publication"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=dates.day, moment=dates.moment, heading=heading_of, count=lambda value: f"{value:,}"
    )
    environment.globals.update(
        style=_style(),
        version=__version__,
        span=dates.span,
        told=shown.told,
        interval_told=shown.interval_told,
    )
    return environment


def _style() -> Markup:
    sheets = (("templates", "site.css"), ("charts", "chart.css"), ("templates", "modes.css"))
    texts = (files("opencdi.publication").joinpath(*parts).read_text(encoding="utf-8") for parts in sheets)
    lines = (line.strip() for text in texts for line in text.splitlines())
    return Markup("\n".join(line for line in lines if line and not line.startswith("/*")))


def rendered(template: str, **values: Any) -> str:
    """A page as text."""
    return _environment().get_template(template).render(**values)
