"""The macros of every page make the same HTML as govuk-frontend itself, of each of its own examples."""

from __future__ import annotations

import gzip
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from tests.conftest import REPOSITORY

FIXTURES = json.loads(
    gzip.decompress(Path(__file__).with_name("govuk-frontend-fixtures.json.gz").read_bytes())
)
COMPONENTS: dict[str, list[dict[str, Any]]] = FIXTURES["components"]


class Meaning(HTMLParser):
    """Elements, attributes in any order and words, without the spaces between them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[object, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *sorted((name, " ".join((value or "").split())) for name, value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(("words", " ".join(data.split())))


def meaning(html: str) -> list[tuple[object, ...]]:
    parser = Meaning()
    parser.feed(html)
    parser.close()
    return parser.found


def made(component: str, options: dict[str, Any]) -> str:
    name = "govuk" + "".join(part.capitalize() for part in component.split("-"))
    template = f"govuk_frontend_jinja/components/{component}/macro.html"
    module = engines["jinja2"].env.get_template(template).module  # type: ignore[attr-defined]
    return str(getattr(module, name)(options))


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_component_is_made_as_govuk_frontend_makes_it(component: str) -> None:
    for example in COMPONENTS[component]:
        assert meaning(made(component, example["options"])) == meaning(example["html"]), example["name"]


def test_the_examples_are_of_the_version_whose_styles_are_built() -> None:
    built = json.loads((REPOSITORY / "assets" / "package.json").read_text(encoding="utf-8"))
    assert FIXTURES["version"] == built["devDependencies"]["govuk-frontend"]
    assert len(COMPONENTS) > 30


def test_the_comparison_would_notice_a_class_more() -> None:
    example = COMPONENTS["button"][0]
    other = {**example["options"], "classes": "govuk-button--warning"}
    assert meaning(made("button", other)) != meaning(example["html"])
