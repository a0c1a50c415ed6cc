"""Each line of the list of requirements has its test, and the page that says so is of today."""

from __future__ import annotations

import runpy

import pytest
from tests.conftest import REPOSITORY

SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "review_security.py"))
NUMBERS = [line.number for line in SCRIPT["LINES"]]


@pytest.mark.parametrize("number", [each for each in NUMBERS if each not in SCRIPT["ONLY_WRITTEN"]])
def test_a_line_has_a_test(number: str) -> None:
    assert SCRIPT["tests_of"](number)


def test_no_test_is_named_that_is_not_there() -> None:
    there = {f"{path}::{name}" for path, names in SCRIPT["tests"]().items() for name in names}
    named = {each for several in SCRIPT["ELSEWHERE"].values() for each in several}
    assert named - there == set()
    assert set(SCRIPT["ELSEWHERE"]) <= set(NUMBERS)


def test_what_is_only_written_stands_in_the_document_that_is_named() -> None:
    page = (REPOSITORY / "docs" / "deploy.md").read_text(encoding="utf-8")
    for number in SCRIPT["ONLY_WRITTEN"]:
        document, _, heading = SCRIPT["DOCUMENTS"][number].partition(", ")
        assert document == "deploy.md" and f"## {heading}" in page


def test_the_page_is_of_today() -> None:
    kept = SCRIPT["PAGE"].read_text(encoding="utf-8")
    assert kept == SCRIPT["page"](), "Run scripts/review_security.py and commit what it writes."
