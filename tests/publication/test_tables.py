"""The published tables: read by other people's tools, the same bytes every time, nothing that runs."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import warnings
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.publication import made_up

from opencdi.errors import UserError
from opencdi.publication.control.control import control
from opencdi.publication.figures import Correction, Count, Figure, Release
from opencdi.publication.forces import forces
from opencdi.publication.tables.cells import FORMULA, in_csv
from opencdi.publication.tables.changelog import changelog
from opencdi.publication.tables.checksums import NAME, write_checksums
from opencdi.publication.tables.columns import FIGURES
from opencdi.publication.tables.every import TABLES
from opencdi.publication.tables.reading import read_earlier
from opencdi.publication.tables.sheets import sheets
from opencdi.publication.tables.write import write_tables

EVIL = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def release() -> Release:
    audits = [
        made_up.audit(force, year, seed=year + number, crimes=700)
        for number, force in enumerate(forces()[27:30])
        for year in (2024, 2025)
    ]
    yearly = Figure(
        "unrecorded_in_a_year", "all", "all crimes", "crimes", denominator=91_234, estimate=9_876.4
    )
    audits[1] = replace(
        audits[1], figures=(*audits[1].figures, replace(yearly, lower=8_001.0, upper=11_999.0))
    )
    audits[0] = replace(audits[0], title=EVIL, causes=(Count("+decision", 30), Count("other", 55)))
    made = replace(made_up.release(audits), released=datetime(2027, 1, 14, 9, 30, tzinfo=UTC))
    return control(made).release


@pytest.fixture(scope="module")
def folder(release, tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("site") / "data"
    write_tables(release, found)
    return found


def test_other_peoples_reader_of_csvw_accepts_the_files(folder):
    from csvw import CSVW, TableGroup

    group = TableGroup.from_file(folder / "csv-metadata.json")
    assert group.check_referential_integrity(strict=True)
    rows = {str(table.url): list(table.iterdicts(strict=True)) for table in group.tables}
    assert all(rows.values()) and isinstance(rows["audits.csv"][0]["first_day"], date)
    checked = CSVW(str(folder / "csv-metadata.json"), validate=True)
    assert checked.is_valid and not [str(each.message) for each in checked.warnings]


def test_frictionless_accepts_the_data_package_with_its_hashes(folder):
    import frictionless

    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])


def test_frictionless_would_see_a_changed_cell(folder, tmp_path):
    import frictionless

    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    figures = tmp_path / "figures.csv"
    figures.write_text(figures.read_text().replace(",0.95,", ",nineteen in twenty,", 1))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_columns_of_the_files_are_the_declared_ones(folder):
    for table in TABLES:
        with (folder / table.file).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == [column.name for column in table.columns]


def test_a_row_of_figures_has_the_forces_code_and_an_iso_period(folder):
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["force_code"], row["period"]) == ("E23000028", "2024-04-01/2024-09-30")


def test_a_withheld_figure_is_empty_in_the_file_but_for_its_marker_and_note(folder):
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        withheld = [row for row in csv.DictReader(file) if row["marker"] == "c"]
    numbers = [column.name for column in FIGURES.columns if column.kind in ("number", "integer")]
    assert withheld and not any(row[name] for row in withheld for name in numbers)


def test_a_release_read_back_is_the_release_that_was_written(release, folder):
    again = read_earlier(folder.parent)
    assert [audit.figures for audit in again.audits] == [audit.figures for audit in release.audits]
    assert [audit.errors for audit in again.audits] == [audit.errors for audit in release.audits]


def test_the_same_release_gives_the_same_bytes(release, folder, tmp_path):
    write_tables(release, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_workbook_is_marked_up_as_accessible_ones_are(release, folder):
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    names = {sheet.name for sheet in sheets(release)}
    found = {name for page in book.worksheets for name in page.tables}
    assert names <= found
    for page in book.worksheets:
        assert page["A1"].value and not page.merged_cells.ranges and page.freeze_panes is None
    assert (book.properties.title, book.properties.creator) == (release.title, release.publisher)
    assert book.properties.language == "en-GB"


def test_no_cell_of_a_table_is_blank_and_shorthand_is_in_brackets(folder):
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    for page in book.worksheets:
        for table in page.tables.values():
            cells = [cell.value for row in page[table.ref] for cell in row]
            assert None not in cells and "" not in cells, page.title
    values = {cell.value for row in book["Groups"].iter_rows() for cell in row}
    assert "[c]" in values


def test_both_workbooks_say_the_same(release, folder):
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    open_book = python_calamine.CalamineWorkbook.from_path(str(folder / "tables.ods"))
    for sheet in sheets(release):
        page = book[sheet.label]
        table = page.tables[sheet.name]
        one = [[cell.value for cell in row] for row in page[table.ref]]
        other = open_book.get_sheet_by_name(sheet.label).to_python()[3:]
        assert [list(map(str, sheet.headings)), *map(list, sheet.rows)] == one
        assert [[_number(cell) for cell in row] for row in other] == [
            [_number(c) for c in row] for row in one
        ]


def _number(cell: object) -> object:
    return float(cell) if isinstance(cell, (int, float)) else cell


def test_the_open_spreadsheet_has_language_headings_and_named_tables(release, folder):
    with zipfile.ZipFile(folder / "tables.ods") as archive:
        parts = {name: archive.read(name).decode() for name in ("meta.xml", "content.xml", "styles.xml")}
        assert archive.namelist()[0] == "mimetype"
    assert "<dc:language>en-GB</dc:language>" in parts["meta.xml"] and "fr-FR" not in parts["meta.xml"]
    assert 'fo:country="FR"' not in parts["styles.xml"]
    assert parts["content.xml"].count("table:table-header-rows>") // 2 == 3 + len(sheets(release))
    for sheet in sheets(release):
        assert f'table:name="{sheet.name}"' in parts["content.xml"]


def test_nothing_that_looks_like_a_formula_runs(folder):
    with (folder / "audits.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert titles[0] == f"'{EVIL}"
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert all(cell.data_type != "f" for page in book.worksheets for row in page.iter_rows() for cell in row)
    with zipfile.ZipFile(folder / "tables.ods") as archive:
        assert "table:formula" not in archive.read("content.xml").decode()


@given(st.text())
@settings(max_examples=200)
def test_no_text_begins_like_a_formula_in_a_csv(text):
    assert not in_csv(text).startswith(FORMULA)


@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6)))
def test_a_number_in_a_csv_is_the_number(value):
    assert float(in_csv(value)) == pytest.approx(value, abs=1e-9)


def test_a_table_name_that_looks_like_a_cell_ends_the_writing(release, tmp_path, monkeypatch):
    from opencdi.publication.tables import workbook

    one = replace(sheets(release)[0], name="t1")
    monkeypatch.setattr(workbook, "sheets", lambda _: (one,))
    with pytest.raises(UserWarning), warnings.catch_warnings():
        workbook.write_workbook(release, tmp_path / "tables.xlsx")


def test_the_checksums_are_those_of_sha256sum(folder):
    site = folder.parent
    write_checksums(site)
    names = [line.split("  ", 1)[1] for line in (site / NAME).read_text().splitlines()]
    assert "data/figures.csv" in names and NAME not in names
    assert hashlib.sha256((site / names[0]).read_bytes()).hexdigest() in (site / NAME).read_text()
    subprocess.run(["sha256sum", "--check", "--quiet", NAME], cwd=site, check=True, timeout=60)


def test_the_changelog_names_what_changed_and_why(release):
    first = release.audits[0].figure("recorded")
    audit = replace(
        release.audits[0],
        figures=(replace(first, numerator=first.numerator - 1, estimate=0.5), *release.audits[0].figures[1:]),
    )
    why = Correction(date(2027, 2, 1), "One verdict was changed on appeal.", "New evidence.")
    later = replace(release, audits=(audit, *release.audits[1:]), number="2", corrections=(why,))
    text = changelog(later, release)
    assert "figures that differ: 1" in text and "recorded / all crimes" in text and "New evidence." in text
    assert "None." in changelog(release, release)


def test_a_folder_without_a_release_is_refused_by_name(tmp_path):
    with pytest.raises(UserError, match=r"holds no earlier release: there is no datapackage.json"):
        read_earlier(tmp_path)
