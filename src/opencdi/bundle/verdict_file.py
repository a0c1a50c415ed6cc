"""Reading verdicts from the web application's export or from a spreadsheet, and writing the published copy.

A spreadsheet program changes what it thinks are numbers and dates: `00012` becomes 12, class `8/6` becomes 8
June. Such a cell is refused with its line, never repaired.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

from opencdi import schema
from opencdi.bundle.files import write_csv
from opencdi.errors import UserError
from opencdi.estimation.verdicts import Answer, Verdict

COLUMNS = schema.VERDICTS.names
NEEDED = tuple(column.name for column in schema.VERDICTS if column.required)

_MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}( .*)?|\d{{1,2}}[- ]{_MONTH}([- ]\d{{2,4}})?", re.IGNORECASE
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+\d+", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n", ""})

Row = tuple[int, dict[str, str]]


def read_verdicts(path: Path, sampled: Collection[str]) -> list[Verdict]:
    """The verdicts of a CSV or .xlsx file.

    A prepared row that was left as it is counts as not yet read.
    Raises ``UserError`` naming the line for a missing or unknown column, a value outside its list, or a cell
    that a spreadsheet program has changed.
    """
    if not path.exists():
        raise UserError(
            f"There is no {path}. Export the verdicts from the web application, or give a file "
            "with --verdicts."
        )
    every = _workbook_rows(path) if path.suffix.lower() == ".xlsx" else _text_rows(path)
    rows = [(line, row) for line, row in every if not _not_yet_read(row)]
    numbers_without_zeros = {each.lstrip("0"): each for each in sampled}
    return [_verdict(path, line, row, sampled, numbers_without_zeros) for line, row in rows]


def _not_yet_read(row: dict[str, str]) -> bool:
    """A prepared row into which nobody has typed anything."""
    return not any(value for name, value in row.items() if name not in ("incident_id", "required_no"))


def write_verdicts(path: Path, verdicts: Sequence[Verdict]) -> None:
    """The canonical CSV: what estimation uses, in key order."""
    names = [name for name in COLUMNS if name in _FIELD_OF]
    ordered = sorted(verdicts, key=lambda each: (each.incident_id, each.required_no))
    write_csv(path, names, ([_cell(getattr(each, _FIELD_OF[name])) for name in names] for each in ordered))


_FIELD_OF = {
    **{
        name: name
        for name in (
            "incident_id",
            "required_no",
            "verdict",
            "offence_group",
            "offence_subgroup",
            "domestic_abuse",
            "edition",
            "within_24_hours",
            "class_right",
            "cancellation_right",
            "n100_right",
            "victim_told",
            "reread_chance",
        )
    },
    "first_verdict": "first",
    "second_verdict": "second",
    "reread_verdict": "reread",
    "known_verdict": "known",
}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _text_rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(
            f"{path} is not in UTF-8. In the spreadsheet program choose `CSV UTF-8` when saving."
        ) from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings = _headings(path, next(reader, []))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(headings):
                raise UserError(
                    f"{path}, line {reader.line_num}: more cells than headings. Quote texts that hold commas."
                )
            yield reader.line_num, dict(zip(headings, (cell.strip() for cell in cells), strict=False))


def _workbook_rows(path: Path) -> Iterator[Row]:
    import python_calamine as calamine

    try:
        sheets = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError:
        raise UserError(f"{path} cannot be read as a workbook. Save it again as .xlsx or as CSV.") from None
    name = "verdicts" if "verdicts" in sheets.sheet_names else sheets.sheet_names[0]
    table = sheets.get_sheet_by_name(name).to_python(skip_empty_area=False)
    headings = _headings(path, [str(cell) for cell in table[0]] if table else [])
    for line, cells in enumerate(table[1:], start=2):
        texts = [_plain(path, line, cell) for cell in cells]
        if any(texts):
            yield line, dict(zip(headings, texts, strict=False))


def _plain(path: Path, line: int, cell: Any) -> str:
    if isinstance(cell, (datetime, date, time)):
        raise UserError(
            f"{path}, line {line}: a cell holds a date where text belongs: a spreadsheet program has "
            "changed it. Format the column as text and enter the value again."
        )
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()


def _headings(path: Path, cells: Sequence[str]) -> list[str]:
    headings = [cell.strip().lower().replace(" ", "_") for cell in cells]
    missing = next((name for name in NEEDED if name not in headings), None)
    if missing is not None:
        raise UserError(f"{path} has no column `{missing}`. The first row must hold the names of columns.")
    unknown = next((name for name in headings if name and name not in COLUMNS), None)
    if unknown is not None:
        raise UserError(f"{path}: unknown column `{unknown}`. Remove it or correct its name.")
    twice = next((name for name in headings if name and headings.count(name) > 1), None)
    if twice is not None:
        raise UserError(
            f"{path} has two columns `{twice}`, and nothing says which counts. Keep the one that does."
        )
    return headings


def _verdict(
    path: Path, line: int, row: dict[str, str], sampled: Collection[str], without_zeros: dict[str, str]
) -> Verdict:
    def text(name: str) -> str | None:
        return row.get(name) or None

    def listed(name: str) -> str | None:
        value = text(name)
        allowed = schema.VERDICTS.column(name).allowed
        if value is not None and value.lower().replace(" ", "_") not in allowed:
            raise UserError(
                f"{path}, line {line}: `{name}` must be one of {', '.join(allowed)}. Correct the cell."
            )
        return value.lower().replace(" ", "_") if value else None

    verdict = listed("verdict")
    if verdict is None:
        raise UserError(f"{path}, line {line}: no verdict. Give one, or `cannot_tell`.")
    known = listed("known_verdict")
    incident = row.get("incident_id", "")
    if known is None:
        _refuse_damaged(path, line, incident, sampled, without_zeros)
    for name in ("offence_group", "offence_subgroup"):
        if _DATE.fullmatch(row.get(name, "")):
            raise UserError(
                f"{path}, line {line}: `{name}` holds a date: a spreadsheet program has changed it. "
                "Restore it."
            )
    return Verdict(
        incident_id=incident,
        required_no=_whole_number(path, line, row.get("required_no", "")),
        verdict=verdict,
        offence_group=text("offence_group"),
        offence_subgroup=text("offence_subgroup"),
        domestic_abuse=_yes_or_no(path, line, row.get("domestic_abuse", "")),
        edition=text("edition"),
        within_24_hours=cast(Answer | None, listed("within_24_hours")),
        class_right=cast(Answer | None, listed("class_right")),
        cancellation_right=cast(Answer | None, listed("cancellation_right")),
        n100_right=cast(Answer | None, listed("n100_right")),
        victim_told=cast(Answer | None, listed("victim_told")),
        first=listed("first_verdict"),
        second=listed("second_verdict"),
        reread=listed("reread_verdict"),
        reread_chance=_chance(path, line, row.get("reread_chance", "")),
        known=known,
    )


def _refuse_damaged(
    path: Path, line: int, incident: str, sampled: Collection[str], without_zeros: dict[str, str]
) -> None:
    if incident in sampled:
        return
    restore = "Take the numbers from the sample file again, with the column formatted as text."
    whole = without_zeros.get(incident.lstrip("0"))
    if incident and whole is not None:
        raise UserError(
            f"{path}, line {line}: incident {incident} stands in the sample as "
            f"{whole}: a spreadsheet program has dropped zeros. {restore}"
        )
    if _DATE.fullmatch(incident) or _SCIENTIFIC.fullmatch(incident):
        raise UserError(
            f"{path}, line {line}: a spreadsheet program has turned the incident number into a "
            f"date or a power of ten. {restore}"
        )
    raise UserError(
        f"{path}, line {line}: incident {incident or '(empty)'} is not in the sample. Only sampled incidents "
        "count; remove the row or correct the number."
    )


def _whole_number(path: Path, line: int, value: str) -> int:
    if not value.isdecimal():
        raise UserError(f"{path}, line {line}: `required_no` must be a whole number. Correct the cell.")
    return int(value)


def _yes_or_no(path: Path, line: int, value: str) -> bool:
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise UserError(f"{path}, line {line}: `domestic_abuse` must be yes or no. Correct the cell.")


def _chance(path: Path, line: int, value: str) -> float | None:
    if not value:
        return None
    try:
        chance = float(value)
    except ValueError:
        chance = 0.0
    if not 0 < chance <= 1:
        raise UserError(
            f"{path}, line {line}: `reread_chance` must be above 0 and at most 1. Correct the cell."
        )
    return chance
