"""What people typed is shown as text; code that could show it otherwise is not there (ASVS 1.2.x, 15.3.x)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import opencdi.review

ROOM = Path(opencdi.review.__file__).parent
PYTHON = [path for path in ROOM.rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = [path for path in ROOM.rglob("jinja2/**/*") if path.suffix in (".html", ".txt")]
# The one place that joins pieces the macros have made.
MAY_MAKE_MARKUP = {"shell/forms/rendering.py", "shell/forms/summary.py"}


def _found(paths: list[Path], pattern: str, but: frozenset[str] | set[str] = frozenset()) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOM)}:{number}"
        for path in paths
        if str(path.relative_to(ROOM)) not in but
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if wanted.search(line)
    ]


def test_1_2_1_no_template_marks_anything_as_safe() -> None:
    pages = [path for path in TEMPLATES if path.suffix == ".html"]
    assert _found(pages, r"\|\s*safe\b|autoescape|Markup\(") == []


def test_1_2_1_no_code_makes_markup_outside_the_form_macros() -> None:
    assert _found(PYTHON, r"\bMarkup\(|mark_safe|format_html|SafeString", MAY_MAKE_MARKUP) == []


def test_1_2_4_no_code_builds_sql_from_values() -> None:
    assert _found(PYTHON, r"\.raw\(|\.extra\(|RawSQL") == []


def test_1_3_2_nothing_runs_text_as_code_or_reads_pickles() -> None:
    assert _found(PYTHON, r"\beval\(|(?<!\.)\bexec\(|\bpickle\b|yaml\.load\(|shell=True|os\.system") == []


def test_15_3_3_every_form_lists_its_fields() -> None:
    assert _found(PYTHON, r"fields\s*=\s*[\"']__all__|exclude\s*=\s*[\[(]") == []


def test_no_template_has_a_script_style_or_handler_of_its_own() -> None:
    pages = [path for path in TEMPLATES if path.suffix == ".html"]
    assert _found(pages, r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=\"|javascript:") == []


def test_every_form_that_sends_carries_the_security_token() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if path.name != "parts.html":
            assert text.count('<form method="post"') == text.count("csrfmiddlewaretoken"), path


def test_3_5_3_views_that_change_something_take_only_forms() -> None:
    """Held page by page by the crawl in test_crawl.py; here only that nothing opts out of the token."""
    assert _found(PYTHON, r"csrf_exempt") == []


@pytest.mark.parametrize("word", ["print(", "breakpoint(", "pdb."])
def test_nothing_is_left_from_finding_faults(word: str) -> None:
    assert _found(PYTHON, rf"(?<![\w.])(?<!Console\(\)\.){re.escape(word)}") == []
