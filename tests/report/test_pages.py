"""Texts of a page are escaped as Jinja escapes them, whatever it calls what it escapes them with."""

from __future__ import annotations

import pytest
from jinja2 import Environment
from markupsafe import Markup

from opencdi.report import pages

_TEXTS = ("<b>", "a & b", '"quoted"', "it's", "plain", "", Markup("<i>"), 7, None)


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize(
    "template",
    [
        "{{ text }}",
        "{% set kept %}{{ text }}{% endset %}{{ kept }}",
        "{% macro said(it) %}{{ it }}{% endmacro %}{{ said(text) }}",
        "{{ text ~ '<br>' }}",
        "{{ [text, text] | join('<br>') }}",
        "{% filter upper %}{{ text }}{% endfilter %}",
    ],
)
def test_a_page_escapes_as_jinja_does(template: str, text: object) -> None:
    plain = Environment(autoescape=True).from_string(template)
    assert pages._environment().from_string(template).render(text=text) == plain.render(text=text)


def test_a_jinja_that_calls_its_escaping_otherwise_escapes_all_the_same() -> None:
    environment = pages._environment()
    source = environment.compile("{{ text }}", raw=True)
    renamed = source.replace("yield escape(", "yield escaped(").replace(" escape,", " escape as escaped,")
    assert renamed.count("escaped") == 2
    template = pages._Filled.from_code(environment, compile(renamed, "<template>", "exec"), {})
    assert template.render(text="<b>") == "&lt;b&gt;"
