"""The markup of every published page is clean."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.publication.html_validate import needs_program, validated
from tests.publication.small_release import release_of, release_of_others

from opencdi.publication.site import write_pages


@needs_program
@pytest.mark.parametrize("signed", [True, False])
def test_html_validate_finds_nothing_on_any_page(tmp_path: Path, signed: bool) -> None:
    write_pages(release_of(4, 2, signed=signed), tmp_path / "site")
    assert validated(tmp_path / "site") == 12


@needs_program
def test_html_validate_finds_nothing_where_others_published_the_results(tmp_path: Path) -> None:
    write_pages(release_of_others(), tmp_path / "site")
    assert validated(tmp_path / "site") == 10
