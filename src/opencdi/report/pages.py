"""Pages from templates: the environment, its filters and the writing of one file."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from opencdi.report import words
from opencdi.report.kept_templates import KeptTemplates
from opencdi.report.times import day, day_and_time, london

_TO_ESCAPE = re.compile("[&<>\"']")


def _escaped(value: Any) -> str:
    """As ``escape``, but a text in which nothing is to be escaped is not copied into a ``Markup``."""
    return value if type(value) is str and not _TO_ESCAPE.search(value) else escape(value)


class _Filled(Template):
    """A template that escapes texts in a third of the time: a page holds hundreds of them.

    Compiled templates call ``escape`` by that name; of a Jinja that named it otherwise they would escape
    as ever, and take their time.
    """

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, *rest: Any) -> Template:
        template = super().from_code(environment, code, *rest)
        template.root_render_func.__globals__["escape"] = _escaped
        return template


class _OfRows(Environment):
    """An environment whose values are mostly rows of tables: the column that a template names is looked for
    before an attribute of that name."""

    template_class = _Filled

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            return obj[attribute] if type(obj) is dict else getattr(obj, attribute)
        except (AttributeError, KeyError):
            return super().getattr(obj, attribute)


@cache
def _environment() -> Environment:
    environment = _OfRows(
        loader=PackageLoader("opencdi.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=KeptTemplates(),
        auto_reload=False,
    )
    environment.filters.update(
        day=day,
        london=london,
        moment=day_and_time,
        plain=words.plain,
        number=lambda value: f"{value:,}",
        decimal=lambda value: f"{value:,.1f}",
        confidence=words.confidence_in_words,
        file_name=lambda path: path.replace("\\", "/").rpartition("/")[2],
        question=words.question,
    )
    environment.globals.update(words=words, style=_style())
    return environment


def _style() -> Markup:
    """The one style sheet, placed inside every page so that each can be sent on its own."""
    text = files("opencdi.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return Markup("\n".join(line for line in lines if line and not line.startswith("/*")))


def write_page(path: Path, template: str, **values: Any) -> None:
    """Fill a template and write the page."""
    write_text(path, filled(template, **values))


def filled(template: str, **values: Any) -> str:
    """A page as text."""
    return _environment().get_template(template).render(**values)


def write_text(path: Path, page: str) -> None:
    """Write a page into a folder, which is made if it is not there."""
    try:
        path.write_text(page, encoding="utf-8")
    except FileNotFoundError:
        path.parent.mkdir(parents=True)
        path.write_text(page, encoding="utf-8")
