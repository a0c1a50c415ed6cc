"""The same tables as an open spreadsheet (.ods), as GOV.UK asks for, by odfdo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from opencdi.publication.figures import Release
from opencdi.publication.tables.sheets import Note, Sheet, Value, cover, notes_of, sheets
from opencdi.publication.tables.zipped import rewritten

if TYPE_CHECKING:
    from odfdo import Document, Element, Table

NO_DATE = datetime(2000, 1, 1)
TITLE, HEADING, NUMBER, TEXT = "opencdi-title", "opencdi-heading", "opencdi-number", "opencdi-text"
PARAGRAPH, DECIMAL = "opencdi-paragraph", "opencdi-decimal"
ACROSS = (
    b'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
    b'style:scale-to-X="1" style:scale-to-Y="0"'
)
WIDEST = 17.0
"""Centimetres a column is wide at most; longer texts break."""

CENTIMETRES_A_LETTER = 0.19

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What XML cannot hold."""


def write_opendocument(release: Release, path: Path) -> None:
    """Write it. Memory: all cells at once, about 2 kB each row."""
    from odfdo import Document

    document = Document("spreadsheet")
    document.body.clear()
    _add_styles(document)
    made = sheets(release)
    notes = notes_of(made)
    _add(document, "Cover", [(TITLE, [release.title]), *_cover_rows(release)])
    contents = [(PARAGRAPH, [sheet.label, sheet.title]) for sheet in made]
    _add(document, "Contents", [(TITLE, ["Contents"]), (HEADING, ["Sheet", "Table"]), *contents], header=2)
    numbered = [(PARAGRAPH, [f"note {number}", note.text]) for number, note in enumerate(notes, 1)]
    _add(document, "Notes", [(TITLE, ["Notes"]), (HEADING, ["Note", "Text"]), *numbered], header=2)
    for sheet in made:
        _add_sheet(document, sheet, notes)
    _describe(document, release)
    document.save(path)
    rewritten(path, {"meta.xml": _without_the_machine, "styles.xml": _as_read_here})


Rows = Sequence[tuple[str, Sequence[Value]]]


def _cover_rows(release: Release) -> Rows:
    rows: list[tuple[str, Sequence[Value]]] = []
    for heading, lines in cover(release):
        rows += [(HEADING, [heading]), *((PARAGRAPH, [line]) for line in lines)]
    return rows


def _add_sheet(document: Document, sheet: Sheet, notes: Sequence[Note]) -> None:
    referred = " ".join(f"[note {notes.index(note) + 1}]" for note in sheet.notes)
    table = _add(
        document,
        sheet.label,
        [
            (TITLE, [sheet.title]),
            (TEXT, [f"{sheet.subtitle} {referred}"]),
            (TEXT, ["This sheet has one table. Notes and shorthand are explained in the Notes sheet."]),
            (HEADING, sheet.headings),
            *((TEXT, row) for row in sheet.rows),
        ],
        header=4,
        looks={place: DECIMAL if place in sheet.decimals else NUMBER for place in sheet.numbers},
    )
    _mark_up(document, table, sheet)


def _add(
    document: Document, label: str, rows: Rows, header: int = 1, looks: Mapping[int, str] | None = None
) -> Table:
    """One sheet; its first ``header`` rows are marked up as headings where it is printed and read out.

    ``looks`` are the styles of columns of numbers.
    """
    from odfdo import Element, Table

    table = Table(label)
    table.clear()
    table.set_attribute("table:name", label)
    document.body.append(table)
    for number, width in enumerate(_widths([row for _, row in rows[max(header - 1, 1) :]])):
        column = Element.from_tag("table:table-column")
        column.set_attribute("table:style-name", _column_style(document, label, number, width))
        table._xml_append(column)
    top = Element.from_tag("table:table-header-rows")
    for style, row in rows[:header]:
        top.append(_row(style, row, {}))
    table._xml_append(top)
    for style, row in rows[header:]:
        table._xml_append(_row(style, row, looks or {}))
    return table


def _row(style: str, values: Iterable[Value], looks: Mapping[int, str]) -> Element:
    """A row from its text in XML, which is many times as quick as a cell at a time."""
    from odfdo import Element

    cells = "".join(_cell(looks.get(place, style), value) for place, value in enumerate(values))
    return Element.from_tag(f"<table:table-row>{cells}</table:table-row>")


def _cell(style: str, value: Value) -> str:
    shown = escape(_CONTROL.sub("", str(value)))
    look = f'table:style-name="{style}"'
    if isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value!r}"'
        return f"<table:table-cell {look} {kind}><text:p>{shown}</text:p></table:table-cell>"
    return f'<table:table-cell {look} office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'


def _widths(rows: Sequence[Sequence[Value]]) -> list[float]:
    columns = max((len(row) for row in rows), default=1)
    longest = [max((len(str(row[n])) for row in rows if len(row) > n), default=1) for n in range(columns)]
    return [min(WIDEST, 0.4 + CENTIMETRES_A_LETTER * max(letters, 6)) for letters in longest]


def _column_style(document: Document, label: str, number: int, width: float) -> str:
    from odfdo import Style

    name = f"co-{re.sub('[^a-z]', '-', label.lower())}-{number}"
    document.insert_style(Style("table-column", name=name, width=f"{width:.2f}cm"), automatic=True)
    return name


ONE_DECIMAL = (
    '<number:number-style style:name="opencdi-one-decimal"><number:number number:decimal-places="1" '
    'number:min-decimal-places="1" number:min-integer-digits="1"/></number:number-style>'
)


def _add_styles(document: Document) -> None:
    from odfdo import Element, Style

    document.insert_style(Element.from_tag(ONE_DECIMAL), automatic=True)

    for name, properties in (
        (TITLE, {"bold": True, "size": "14pt"}),
        (HEADING, {"bold": True}),
        (NUMBER, {}),
        (DECIMAL, {}),
        (TEXT, {}),
        (PARAGRAPH, {}),
    ):
        style = Style("table-cell", name=name, area="text", font_name="Liberation Sans", **properties)
        if name == DECIMAL:
            style.set_attribute("style:data-style-name", "opencdi-one-decimal")
        if name in (NUMBER, DECIMAL):
            style.set_properties({"fo:text-align": "end"}, area="paragraph")
        if name in (HEADING, PARAGRAPH):
            style.set_properties({"fo:wrap-option": "wrap", "style:vertical-align": "top"}, area="table-cell")
        if name == HEADING:
            style.set_properties({"fo:border-bottom": "0.5pt solid #000000"}, area="table-cell")
        document.insert_style(style, automatic=True)


def _mark_up(document: Document, table: Table, sheet: Sheet) -> None:
    """The table as a named range with its headings, so that a reader's program knows where it is."""
    from odfdo import Element

    last = f"{_letters(len(sheet.headings) - 1)}{4 + len(sheet.rows)}"
    ranges = document.body.get_element("table:database-ranges")
    if ranges is None:
        ranges = Element.from_tag("table:database-ranges")
        document.body.append(ranges)
    marked = Element.from_tag("table:database-range")
    marked.set_attribute("table:name", sheet.name)
    marked.set_attribute("table:target-range-address", f"'{sheet.label}'.A4:'{sheet.label}'.{last}")
    marked.set_attribute("table:contains-header", "true")
    ranges.append(marked)


def _letters(column: int) -> str:
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _describe(document: Document, release: Release) -> None:
    meta, when = document.meta, (release.released or NO_DATE).replace(tzinfo=None)
    meta.title, meta.creator, meta.language = release.title, release.publisher, "en-GB"
    meta.set_initial_creator(release.publisher)
    meta.set_subject("OFFICIAL")
    meta.set_description("DRAFT. Not for publication." if release.is_draft else "Released.")
    meta.set_creation_date(when)
    meta.set_modification_date(when)
    meta.set_editing_cycles(1)
    meta.set_editing_duration(timedelta(0))


def _without_the_machine(meta: bytes) -> bytes:
    return re.sub(rb"<meta:generator>.*?</meta:generator>", b"<meta:generator>OpenCDI</meta:generator>", meta)


def _as_read_here(styles: bytes) -> bytes:
    """In British English, and printed across, as wide as a page."""
    spoken = re.sub(rb'fo:language="[a-z]+"', b'fo:language="en"', styles)
    placed = re.sub(rb'fo:country="[A-Z]+"', b'fo:country="GB"', spoken)
    bare = re.sub(
        rb' (fo:page-(width|height)|style:print-orientation|style:scale-to[-XY]*)="[^"]*"', b"", placed
    )
    return bare.replace(b"<style:page-layout-properties", b"<style:page-layout-properties " + ACROSS)
