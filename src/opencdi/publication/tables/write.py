"""All tables of a release in one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from opencdi.publication.figures import Release
from opencdi.publication.tables.changelog import changelog
from opencdi.publication.tables.metadata import write_metadata
from opencdi.publication.tables.opendocument import write_opendocument
from opencdi.publication.tables.tidy import write_csvs
from opencdi.publication.tables.workbook import write_workbook


def write_tables(
    release: Release,
    folder: Path,
    before: Release | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """CSV with its metadata, both workbooks and the changelog; ``before`` is the release before this one."""
    folder.mkdir(parents=True, exist_ok=True)
    progress("CSV files")
    write_csvs(release, folder)
    write_metadata(release, folder)
    progress("tables.xlsx")
    write_workbook(release, folder / "tables.xlsx")
    progress("tables.ods")
    write_opendocument(release, folder / "tables.ods")
    (folder / "CHANGES.md").write_text(changelog(release, before), encoding="utf-8", newline="\n")
