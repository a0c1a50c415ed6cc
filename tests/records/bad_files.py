"""A corpus of bad input: each case spoils a sound audit in one way and says the sentence it must bring."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl

from .conftest import crime, incident, write_csv


@dataclass(frozen=True)
class BadCase:
    """``spoil`` changes an audit's folder; ``says`` are parts of the one sentence a person then reads."""

    name: str
    spoil: Callable[[Path], None]
    says: tuple[str, ...]


CASES: list[BadCase] = []


def bad(*says: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def register(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
        CASES.append(BadCase(spoil.__name__, spoil, says))
        return spoil

    return register


def _rename(root: Path, name: str) -> Path:
    """Let audit.toml name another file of incidents."""
    toml = root / "audit.toml"
    toml.write_text(toml.read_text().replace("incidents.csv", name))
    return root / name


def _profile(root: Path, old: str, new: str, table: str = "incidents") -> None:
    path = root / "profiles" / f"{table}.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def _layout(root: Path, *lines: str) -> None:
    path = root / "profiles" / "incidents.toml"
    path.write_text("\n".join([path.read_text(), "[layout]", *lines, ""]))


def _rows(root: Path, **changed: str) -> None:
    write_csv(root / "incidents.csv", [incident(number, **changed) for number in range(30)])


def _crimes(root: Path, **changed: str) -> None:
    write_csv(root / "crimes.csv", [crime(number, **changed) for number in range(30)])


def _workbook(path: Path, rows: list[dict[str, object]], sheets: tuple[str, ...] = ("Export",)) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(path)


# Files that are not there, or are not what their name says -----------------------------------------


@bad("incidents.csv", "Check its name")
def a_missing_file(root: Path) -> None:
    (root / "incidents.csv").unlink()


@bad("extracts/2025-*.csv", "Check its name")
def a_glob_that_matches_nothing(root: Path) -> None:
    _rename(root, "extracts/2025-*.csv")


@bad("incidents-2.csv is a folder", "Name the files in it")
def a_night_s_export_that_a_cluster_wrote_as_a_folder(root: Path) -> None:
    _rename(root, "incidents*.csv")
    (root / "incidents-2.csv").mkdir()


@bad("incidents-2.csv is a link to a file that is not there")
def a_night_s_export_whose_share_is_away(root: Path) -> None:
    _rename(root, "incidents*.csv")
    (root / "incidents-2.csv").symlink_to(root / "away" / "incidents-2.csv")


@bad("extracts is a folder", "extracts/*.csv")
def a_folder_in_place_of_a_file(root: Path) -> None:
    _rename(root, "extracts").mkdir()


@bad("incidents.csv is empty (0 bytes)", "Export it again")
def an_empty_file(root: Path) -> None:
    (root / "incidents.csv").write_bytes(b"")


@bad("headings (line 1) and no rows")
def a_header_only(root: Path) -> None:
    text = (root / "incidents.csv").read_text()
    (root / "incidents.csv").write_text(text.partition("\n")[0] + "\n")


@bad("headings (line 1) and no rows")
def a_header_without_even_a_line_end(root: Path) -> None:
    text = (root / "incidents.csv").read_text()
    (root / "incidents.csv").write_text(text.partition("\n")[0])


@bad("incidents-1.csv holds headings (line 1) and no rows")
def a_first_export_without_rows_before_one_with_rows(root: Path) -> None:
    text = _rename(root, "incidents-*.csv").with_name("incidents.csv").read_text()
    (root / "incidents-1.csv").write_text(text.partition("\n")[0] + "\n")
    (root / "incidents-2.csv").write_text(text)


@bad("incidents.csv, line 1, is empty where the headings should be", "header_line")
def an_empty_first_line(root: Path) -> None:
    path = root / "incidents.csv"
    path.write_text("\n\n" + path.read_text())


@bad("is not text (byte 3 of line 1", "Export it as CSV")
def a_binary_file_named_csv(root: Path) -> None:
    (root / "incidents.csv").write_bytes(b"\x7fEL\x00\x01\x02" * 400)


@bad("is a zip or Excel file, whatever its name says")
def a_workbook_named_csv(root: Path) -> None:
    _workbook(root / "incidents.csv", [incident(1)])


@bad("is a gzip file, whatever its name says", "ending .gz")
def a_gzip_named_csv(root: Path) -> None:
    path = root / "incidents.csv"
    path.write_bytes(gzip.compress(path.read_bytes()))


@bad("is a Parquet file, whatever its name says")
def a_parquet_named_csv(root: Path) -> None:
    (root / "incidents.csv").write_bytes(b"PAR1" + b"\x15" * 40 + b"PAR1")


@bad("is a PDF, whatever its name says", "Export it as CSV")
def a_pdf_named_csv(root: Path) -> None:
    (root / "incidents.csv").write_bytes(b"%PDF-1.7\n1 0 obj\n")


@bad("incidents.xlsx is not a zip or Excel file", "rename it to .csv")
def text_named_xlsx(root: Path) -> None:
    _rename(root, "incidents.xlsx").write_bytes((root / "incidents.csv").read_bytes())


@bad("incidents.xls is not an old Excel file", "rename it to .csv")
def a_web_page_named_xls(root: Path) -> None:
    _rename(root, "incidents.xls").write_text("<html><table><tr><td>Incident No</td></tr></table></html>")


@bad("damaged or cut short", "copy it again")
def a_gzip_cut_short(root: Path) -> None:
    packed = gzip.compress((root / "incidents.csv").read_bytes())
    _rename(root, "incidents.csv.gz").write_bytes(packed[: len(packed) // 2])


@bad("unpacks to more than 64 MB", "unpack it yourself")
def a_gzip_bomb(root: Path) -> None:
    with gzip.open(_rename(root, "incidents.csv.gz"), "wb", compresslevel=9) as file:
        for _ in range(70):
            file.write(b"a,b\n" * 2**18)


@bad("unpacks to more than 64 MB", "unpack it yourself")
def a_zip_bomb(root: Path) -> None:
    path = _rename(root, "incidents.zip")
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("incidents.csv", "w", force_zip64=True) as file,
    ):
        for _ in range(70):
            file.write(b"a,b\n" * 2**18)


@bad("incidents.zip is damaged")
def a_damaged_zip(root: Path) -> None:
    _rename(root, "incidents.zip").write_bytes(b"PK\x03\x04 not a zip at all")


@bad("incidents.zip holds no files")
def a_zip_of_nothing(root: Path) -> None:
    with zipfile.ZipFile(_rename(root, "incidents.zip"), "w") as archive:
        archive.writestr("__MACOSX/._incidents.csv", b"x")


@bad("holds another archive, more.zip", "Unpack it")
def a_zip_in_a_zip(root: Path) -> None:
    with zipfile.ZipFile(_rename(root, "incidents.zip"), "w") as archive:
        archive.writestr("more.zip", b"PK\x05\x06" + b"\x00" * 18)


@bad("locked with a password")
def a_zip_with_a_password(root: Path) -> None:
    path = _rename(root, "incidents.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("incidents.csv", (root / "incidents.csv").read_bytes())
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


# Workbooks, Parquet, JSON --------------------------------------------------------------------------


@bad("far more than a workbook of its size holds", "export it as CSV")
def a_workbook_that_spans_seventeen_thousand_million_cells(root: Path) -> None:
    path = _rename(root, "incidents.xlsx")
    book = openpyxl.Workbook()
    book.active["A1"] = "Incident No"
    book.active["XFD1048576"] = "x"
    book.save(path)


@bad("far more than a workbook of its size holds")
def a_workbook_that_unpacks_without_end(root: Path) -> None:
    path = _rename(root, "incidents.xlsx")
    _workbook(path, [incident(1)])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/media/image1.png", "w", force_zip64=True) as file,
    ):
        for _ in range(70):
            file.write(b"0" * 2**20)


@bad("rows on 2 sheets: June, July", "sheet")
def a_workbook_with_two_sheets_of_rows(root: Path) -> None:
    _workbook(_rename(root, "incidents.xlsx"), [incident(1)], ("June", "July"))


@bad("has no sheet `August`; it has June")
def a_sheet_that_is_not_there(root: Path) -> None:
    _workbook(_rename(root, "incidents.xlsx"), [incident(1)], ("June",))
    _layout(root, 'sheet = "August"')


@bad("no rows on any sheet")
def a_workbook_without_rows(root: Path) -> None:
    openpyxl.Workbook().save(_rename(root, "incidents.xlsx"))


@bad("cannot be read as a workbook")
def a_zip_named_xlsx(root: Path) -> None:
    with zipfile.ZipFile(_rename(root, "incidents.xlsx"), "w") as archive:
        archive.writestr("incidents.csv", b"a,b\n1,2\n")


@bad("line 2 of incidents.xlsx", "`HO", "spreadsheets turn 8/6 into 8 June")
def an_offence_code_that_excel_made_a_date(root: Path) -> None:
    rows: list[dict[str, object]] = [{**crime(n), "HO Code": datetime(2025, 6, 8)} for n in range(30)]
    toml = root / "audit.toml"
    toml.write_text(toml.read_text().replace("crimes.csv", "incidents.xlsx"))
    _workbook(root / "incidents.xlsx", rows)


@bad("line 2 of incidents.xlsx", "`Incident No` was stored as a number and has lost its last digits")
def an_incident_number_too_long_for_excel(root: Path) -> None:
    rows: list[dict[str, object]] = [
        {**incident(n), "Incident No": 42230012345678912345 + n * 10**6} for n in range(30)
    ]
    _workbook(_rename(root, "incidents.xlsx"), rows)


@bad("damaged and cannot be read as Parquet")
def a_damaged_parquet(root: Path) -> None:
    _rename(root, "incidents.parquet").write_bytes(b"PAR1 and nothing more")


@bad("incidents.json, line 1, is not JSON")
def text_named_json(root: Path) -> None:
    _rename(root, "incidents.json").write_text("[{'Incident No': 1}]")


@bad("not a list of JSON records")
def json_that_is_no_list_of_records(root: Path) -> None:
    _rename(root, "incidents.json").write_text(json.dumps([1, 2, 3]))


# Characters, delimiters, quotes, headings ------------------------------------------------------------


@bad("neither UTF-8 (byte 2", "nor Windows-1252 (byte 2", "state `charset`")
def bytes_of_no_character_set(root: Path) -> None:
    path = root / "incidents.csv"
    path.write_bytes(path.read_bytes()[:2] + b"\x81" + path.read_bytes()[2:])


@bad("is not utf-8 throughout: byte")
def a_character_set_stated_wrongly(root: Path) -> None:
    _layout(root, 'charset = "utf-8"')
    text = (root / "incidents.csv").read_text().replace("HELP", "CAFÉ")
    (root / "incidents.csv").write_bytes(text.encode("cp1252"))


@bad("character set `klingon`, which is not known")
def a_character_set_that_does_not_exist(root: Path) -> None:
    _layout(root, 'charset = "klingon"')


@bad("is not text (byte 1 of line 1", "utf-16-le")
def utf_16_without_a_mark(root: Path) -> None:
    path = root / "incidents.csv"
    path.write_bytes(path.read_text().encode("utf-16-le"))


@bad("incidents.csv, line 1, has one column when cut at ';'", "looks cut at ','")
def a_wrong_delimiter(root: Path) -> None:
    _layout(root, 'delimiter = ";"')


@bad("line 1, has one column only")
def a_list_in_place_of_a_table(root: Path) -> None:
    (root / "incidents.csv").write_text("Incident No\n1\n2\n3\n")


@bad("line 1: columns 27 and 28 are both named `Notes`", "Rename one")
def two_columns_of_one_name(root: Path) -> None:
    path = root / "incidents.csv"
    head, _, rest = path.read_text().partition("\n")
    path.write_text(head + ",Notes,Notes\n" + rest.replace('COMMA"\n', 'COMMA",x,y\n'))


@bad("no headings on line 1")
def headings_that_are_all_empty(root: Path) -> None:
    (root / "incidents.csv").write_text(",,,\n1,2,3,4\n")


@bad("incidents.csv, line 2: 27 fields where the headings have 26; 30 of 30 rows", "delimiter")
def ragged_rows(root: Path) -> None:
    path = root / "incidents.csv"
    head, _, rest = path.read_text().partition("\n")
    path.write_text(head + "\n" + rest.replace('COMMA"\n', 'COMMA",\n'))


@bad("incidents.csv, line 60: 1 fields", "headings have 26")
def a_quotation_mark_that_is_never_closed(root: Path) -> None:
    path = root / "incidents.csv"
    rows = [incident(number) for number in range(29)]
    write_csv(path, rows)
    path.write_text(path.read_text() + '"TS-1,' + "x,\n" * 40)
    _profile(root, "formats", "rejects_allowed = 0.01\nformats")


@bad("is never closed, or one row is longer than 8 MB")
def a_row_without_end(root: Path) -> None:
    path = root / "incidents.csv"
    path.write_text(path.read_text() + '"TS-1' + "word " * 6_000_000)


@bad("ends at line 61, before the headings the profile expects on line 99")
def a_header_line_beyond_the_file(root: Path) -> None:
    _layout(root, "header_line = 99")


# Values ------------------------------------------------------------------------------------------------


@bad("line 2 of incidents.csv", "`Opening Code` holds a date where a code or number belongs")
def a_date_in_a_code_column(root: Path) -> None:
    _rows(root, **{"Opening Code": "08-Jun"})


@bad("line 2 of crimes.csv", "`HO Code` holds a date")
def a_date_in_the_offence_code(root: Path) -> None:
    _crimes(root, **{"HO Code": "08/06/2025"})


@bad("line 2 of incidents.csv", "`Incident No` was stored as a number and has lost its last digits")
def numbers_in_scientific_form(root: Path) -> None:
    _rows(root, **{"Incident No": "4.2230E+16"})


@bad("line 2 of incidents.csv", "`Incident No` was stored as a decimal number", "pattern")
def numbers_with_decimals(root: Path) -> None:
    write_csv(root / "incidents.csv", [incident(n, **{"Incident No": f"{n}.0"}) for n in range(30)])


@bad("line 2 of incidents.csv", "`Call Received` is before 1900 or in the future")
def dates_in_the_future(root: Path) -> None:
    _rows(root, **{"Call Received": "14/06/2225 21:05:30"})


@bad("line 2 of incidents.csv", "`Call Received` is before 1900 or in the future")
def dates_before_1900(root: Path) -> None:
    _rows(root, **{"Call Received": "14/06/1825 21:05:30"})


@bad("line 2 of incidents.csv", "`Call Received` is before 1900")
def years_of_two_digits_read_as_four(root: Path) -> None:
    _rows(root, **{"Call Received": "14/06/25 21:05:30"})


@bad("line 2 of incidents.csv", "`Call Received` cannot be read as %d/%m/%Y %H:%M:%S")
def dates_in_another_format(root: Path) -> None:
    _rows(root, **{"Call Received": "14 Jun 2025 9pm"})


@bad("line 2 of incidents.csv", "`Call Received` is empty")
def dates_that_are_missing(root: Path) -> None:
    _rows(root, **{"Call Received": ""})


@bad("`Call Received`", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "State it in the profile")
def days_and_months_that_can_be_swapped(root: Path) -> None:
    _rows(root, **{"Call Received": "05/06/2025 21:05:30"})
    _profile(root, 'formats = ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]\n', "")


@bad("line 2 of incidents.csv", "`Incident No` holds no number")
def records_without_a_number(root: Path) -> None:
    _rows(root, **{"Incident No": " "})


@bad("line 4 of incidents.csv", "stands already on line 2 of incidents.csv, with other content")
def one_number_for_all_records(root: Path) -> None:
    write_csv(
        root / "incidents.csv",
        [incident(n, **{"Incident No": "TS-1", "Unit": f"P{n}"}) for n in range(30)],
    )


@bad("incidents.csv, line 2: no code list knows this value of `Opening Code`", "[codes.opening_group]")
def codes_that_no_list_knows(root: Path) -> None:
    _rows(root, **{"Opening Code": "777"})


@bad("incidents.csv: all 30 rows are skipped or repeated", "[[skip]]")
def rules_that_skip_everything(root: Path) -> None:
    path = root / "profiles" / "incidents.toml"
    rule = '[[skip]]\ncolumn = "Unit"\nequals = ["P12"]\nbecause = "test rows"\n'
    path.write_text(path.read_text() + rule)


# Profiles and settings -----------------------------------------------------------------------------------


@bad("profiles/incidents.toml: unknown key `colums`", "correct its spelling")
def a_profile_with_an_unknown_key(root: Path) -> None:
    _profile(root, "[columns]", "[colums]\n[columns]")


@bad("profiles/incidents.toml", "`narative` is not a field of incidents")
def a_profile_with_an_unknown_field(root: Path) -> None:
    _profile(root, "narrative =", "narative =")


@bad("profiles/incidents.toml", "must say which column holds incident_id")
def a_profile_without_the_number(root: Path) -> None:
    _profile(root, 'incident_id = "Incident No"\n', "")


@bad("codes.opening_group", "`assault` is not one of violence")
def a_code_list_with_a_meaning_of_its_own(root: Path) -> None:
    _profile(root, '"110" = "violence"', '"110" = "assault"')


@bad("`codes.colour` is not a coded field")
def a_code_list_for_no_field(root: Path) -> None:
    _profile(root, "[codes.channel]", '[codes.colour]\nred = "x"\n[codes.channel]')


@bad("not a regular expression")
def a_pattern_that_is_none(root: Path) -> None:
    _profile(root, 'unit = "Unit"', 'unit = { columns = ["Unit"], pattern = "(" }')


@bad("may not look ahead")
def a_pattern_that_looks_ahead(root: Path) -> None:
    _profile(root, 'unit = "Unit"', 'unit = { columns = ["Unit"], pattern = "P(?=1)" }')


@bad("`dd/mm/yyyy` is not a date format")
def a_format_in_other_letters(root: Path) -> None:
    _profile(root, '"%d/%m/%Y"]', '"dd/mm/yyyy"]')


@bad("`Europe/Oxford` is not a time zone")
def a_time_zone_that_does_not_exist(root: Path) -> None:
    _profile(root, "formats", 'zone = "Europe/Oxford"\nformats')


@bad("a delimiter is one character")
def a_delimiter_of_two_characters(root: Path) -> None:
    _layout(root, 'delimiter = "||"')


@bad("exactly one of")
def a_rule_without_a_test(root: Path) -> None:
    path = root / "profiles" / "incidents.toml"
    path.write_text(path.read_text() + '[[skip]]\ncolumn = "Unit"\nbecause = "?"\n')


@bad("There is no file", "profiles/incidents.toml")
def a_profile_that_is_not_there(root: Path) -> None:
    (root / "profiles" / "incidents.toml").unlink()


@bad("profiles/incidents.toml is not valid TOML", "line 1")
def a_profile_that_is_not_toml(root: Path) -> None:
    (root / "profiles" / "incidents.toml").write_text("table incidents\n")


@bad("no built-in profile `builtin:niche`", "builtin:ucpd-incidents")
def a_builtin_profile_that_does_not_exist(root: Path) -> None:
    toml = root / "audit.toml"
    toml.write_text(toml.read_text().replace("profiles/incidents.toml", "builtin:niche"))


@bad("incidents.csv has no column `Call Taken`", "Its columns are `Incident No`")
def a_column_the_export_does_not_have(root: Path) -> None:
    _profile(root, '"Call Received"', '"Call Taken"')


@bad("is a profile for crimes, but audit.toml uses it for incidents")
def a_profile_of_the_other_table(root: Path) -> None:
    toml = root / "audit.toml"
    toml.write_text(toml.read_text().replace("profiles/incidents.toml", "profiles/crimes.toml"))


@bad("names no export of crimes")
def an_audit_without_crimes(root: Path) -> None:
    toml = root / "audit.toml"
    toml.write_text(toml.read_text().rpartition("[[exports]]")[0])


@bad("audit.toml: unknown key `forse`")
def settings_with_an_unknown_key(root: Path) -> None:
    toml = root / "audit.toml"
    toml.write_text('forse = "x"\n' + toml.read_text())
