"""The accessible workbook (.xlsx), by the Analysis Function's own gptables; its warnings are errors.

gptables drops the marking-up of a table whose name looks like a cell (``t1``) with only a warning, so that a
warning here ends the writing.
"""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

from opencdi.publication.figures import Release
from opencdi.publication.tables.sheets import Sheet, cover, notes_of, sheets
from opencdi.publication.tables.zipped import rewritten

A4 = 9
CORE = "docProps/core.xml"
NO_DATE = datetime(2000, 1, 1)
"""Stands where a draft has no day of release, so that the same draft gives the same bytes."""


def write_workbook(release: Release, path: Path) -> None:
    """Write it. Memory: one sheet's cells at a time beside the release; about 150 MB with pandas."""
    import gptables
    import pandas

    made = sheets(release)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Notices from one library to the authors of another say nothing of the workbook.
        for notice in (DeprecationWarning, PendingDeprecationWarning, FutureWarning):
            warnings.simplefilter("ignore", notice)
        book = gptables.produce_workbook(
            str(path),
            sheets={sheet.label: _table(sheet) for sheet in made},
            cover=_cover(release),
            notes_table=pandas.DataFrame(
                [(note.name, note.text) for note in notes_of(made)],
                columns=["Note reference", "Note text"],
            ),
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
        )
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.set_paper(A4)
            sheet.fit_to_pages(1, 0)
        book.set_properties(
            {
                "title": release.title,
                "subject": "OFFICIAL",
                "author": release.publisher,
                "comments": "DRAFT. Not for publication." if release.is_draft else "",
                "created": (release.released or NO_DATE).replace(tzinfo=None),
            }
        )
        book.close()
    rewritten(path, {CORE: _in_british_english})


def _table(sheet: Sheet) -> object:
    import gptables
    import pandas

    references = " ".join(f"$${note.name}$$" for note in sheet.notes)
    frame = pandas.DataFrame(list(sheet.rows), columns=list(sheet.headings), dtype=object)
    return gptables.GPTable(
        table=frame,
        table_name=sheet.name,
        title=sheet.title,
        subtitles=[f"{sheet.subtitle} {references}"],
        instructions=_how_to_read(),
        additional_formatting=[_column(sheet, place) for place in sorted(sheet.numbers)],
    )


def _column(sheet: Sheet, place: int) -> dict[str, object]:
    shown = {"num_format": "0.0" if place in sheet.decimals else "#,##0", "align": "right"}
    return {"column": {"columns": [place], "include_names": True, "format": shown}}


def _how_to_read() -> str:
    return "This sheet has one table. Notes and shorthand are explained in the Notes sheet."


def _cover(release: Release) -> object:
    import gptables

    about, reading, contact = (list(lines) for _, lines in cover(release))
    return gptables.Cover(
        cover_label="Cover", title=release.title, intro=about, about=reading, contact=contact
    )


def _in_british_english(core: bytes) -> bytes:
    return core.replace(b"</cp:coreProperties>", b"<dc:language>en-GB</dc:language></cp:coreProperties>")
