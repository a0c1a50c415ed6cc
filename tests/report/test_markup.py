"""The markup of a registrar's report is clean."""

from __future__ import annotations

from pathlib import Path

from tests.publication.html_validate import needs_program, validated
from tests.report.small_audit import AUDIT, compared

from opencdi import report
from opencdi.engine import DuckDBEngine


@needs_program
def test_html_validate_finds_nothing_on_any_page_of_the_report(tmp_path: Path) -> None:
    with DuckDBEngine() as engine:
        report.write(tmp_path, AUDIT, compared(engine))
    assert validated(tmp_path) > 10
