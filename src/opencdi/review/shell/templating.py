"""The Jinja2 environment: GOV.UK macros, gettext, and the few functions a page may call."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.html import json_script
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

from opencdi.review.shell import times
from opencdi.review.shell.forms.rendering import field, question
from opencdi.review.shell.forms.summary import error_summary
from opencdi.review.shell.roles import role_name


def environment(*, loader: BaseLoader, **options: Any) -> Environment:
    """The environment of every page; named in the settings, called by Django.

    ``loader`` is Django's, over the ``jinja2`` folder of each application. The macros lean on missing keys
    being empty, hence the chainable undefined.
    """
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    made = Environment(
        loader=ChoiceLoader([loader, macros]),
        extensions=["jinja2.ext.i18n"],
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **{name: value for name, value in options.items() if name != "undefined"},
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals.update(
        static=static,
        url=_address,
        language=translation.get_language,
        field=field,
        question=question,
        error_summary=error_summary,
    )
    made.filters.update(
        day=times.day, moment=times.moment, clock=times.clock, role_name=role_name, json_script=json_script
    )
    return made


def _address(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
