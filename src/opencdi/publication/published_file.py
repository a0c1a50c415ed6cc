"""Results that others published, from a CSV: one row a figure, each with where it was published."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from opencdi.errors import UserError
from opencdi.publication.dates import month_end
from opencdi.publication.figures import ALL_CRIMES, DOMESTIC_ABUSE, AuditResults, Figure, Source
from opencdi.publication.forces import Force, force_of_code, force_of_name

NEEDED = ("publisher", "force", "inspection", "measure", "value_percent", "source_url")

MEASURES = {
    "all reported crime recorded": ("recorded", *ALL_CRIMES),
    "violent crime recorded": ("recorded", "offence_group", "Violence against the person"),
    "sexual offences recorded": ("recorded", "offence_group", "Sexual offences"),
    "rape recorded": ("recorded", "offence_subgroup", "Rape"),
    "rape recorded correctly": ("recorded_correctly", "offence_subgroup", "Rape"),
    "domestic abuse recorded": ("recorded", *DOMESTIC_ABUSE),
    "records complying with the recording standard": ("records_to_standard", *ALL_CRIMES),
}
"""How a published measure is called here; a row may instead name `measure`, `dimension` and `group_name`."""

Row = Mapping[str, str]


def read_published(path: Path) -> list[AuditResults]:
    """Every audit of the file, its figures together.

    Columns: publisher, force (or force_code), inspection, measure, value_percent, source_url; and where they
    are known period_start, period_end, ci_plus_minus_percent, numerator, denominator, confidence, grade,
    published, quote. Raises ``UserError`` naming the line of whatever does not fit.
    """
    audits: dict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
    lines: dict[tuple[str, ...], int] = {}
    for line, row in _rows(path):
        force = _force(path, line, row)
        audits[force.code, row["inspection"]].append((line, row))
        earlier = lines.setdefault((force.code, row["inspection"], *_key(path, line, row)), line)
        if earlier != line:
            raise UserError(
                f"{path}, line {line}: {force.name}, {row['inspection']}: `{row['measure']}` stands on line "
                f"{earlier} already. A force's figure may stand once; take one out."
            )
    return [_audit(path, rows) for rows in audits.values()]


def _rows(path: Path) -> list[tuple[int, Row]]:
    if not path.is_file():
        raise UserError(f"There is no file {path}. Check the name.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path} is not a CSV file in UTF-8. Save it as CSV UTF-8 and run again.") from None
    if not text.strip():
        raise UserError(f"{path} is empty. It needs a line of headings and a line for each figure.")
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = next((name for name in NEEDED if name not in (reader.fieldnames or ())), None)
    if missing is not None:
        raise UserError(f"{path} has no column `{missing}`. Add it.")
    return [(reader.line_num, _stripped(path, reader.line_num, row)) for row in reader]


def _stripped(path: Path, line: int, row: Mapping[str | None, Any]) -> Row:
    if None in row:
        raise UserError(f"{path}, line {line} has more cells than headings. Quote cells that hold commas.")
    return {str(name): (value or "").strip() for name, value in row.items()}


def _force(path: Path, line: int, row: Row) -> Force:
    try:
        return force_of_code(row["force_code"]) if row.get("force_code") else force_of_name(row["force"])
    except UserError as error:
        raise UserError(f"{path}, line {line}: {error}") from None


def _audit(path: Path, rows: list[tuple[int, Row]]) -> AuditResults:
    line, first = rows[0]
    force = _force(path, line, first)
    first_day, last_day = (_day(path, line, first, name) for name in ("period_start", "period_end"))
    if first_day and last_day and last_day < first_day:
        raise UserError(f"{path}, line {line}: the period ends before it starts. Correct its dates.")
    figures = tuple(_figure(path, line, row) for line, row in rows)
    return AuditResults(
        id=f"{force.code}-{_as_id(first['inspection'])}",
        force=force,
        title=f"{first['inspection']} inspection" if first["inspection"].isdigit() else first["inspection"],
        first_day=first_day,
        last_day=last_day,
        source=_source(path, line, first),
        design="as published",
        edition="not stated by the publisher",
        figures=figures,
        results_of="publisher",
        grade=first.get("grade", ""),
    )


def _source(path: Path, line: int, row: Row) -> Source:
    if not row["source_url"] or not row["publisher"]:
        raise UserError(
            f"{path}, line {line}: a figure for {row['force']} has no source. Give its `publisher` and "
            "`source_url`, or take the figure out."
        )
    return Source(
        row["publisher"],
        f"{row['force']}, {row['inspection']}",
        row["source_url"],
        _day(path, line, row, "published"),
        row.get("quote", ""),
    )


def _figure(path: Path, line: int, row: Row) -> Figure:
    _source(path, line, row)
    estimate = _share(path, line, row, "value_percent")
    half = _share(path, line, row, "ci_plus_minus_percent") if row.get("ci_plus_minus_percent") else None
    numerator, denominator = (_whole(path, line, row, name) for name in ("numerator", "denominator"))
    if numerator is not None and denominator is None:
        raise UserError(f"{path}, line {line}: {numerator} crimes of how many? Give the `denominator`.")
    if numerator is not None and denominator is not None and numerator > denominator:
        raise UserError(f"{path}, line {line}: {numerator} of {denominator} is no share. Correct the counts.")
    return Figure(
        *_key(path, line, row),
        numerator=numerator,
        denominator=denominator,
        estimate=estimate,
        lower=None if half is None else max(0.0, estimate - half),
        upper=None if half is None else min(1.0, estimate + half),
        confidence=_confidence(path, line, row) if row.get("confidence") else None,
        method="as published" if half is not None else "",
        note=_note(row, half, denominator),
        marker="x" if denominator is None else "",
    )


def _note(row: Row, half: float | None, denominator: int | None) -> str:
    parts = []
    if half is None:
        parts.append("The publisher gives no interval.")
    elif not row.get("confidence"):
        parts.append("The publisher does not state the confidence of the interval.")
    if denominator is None:
        parts.append("The publisher does not give the number of crimes audited.")
    if row.get("published_count_text"):
        parts.append(f"Published with it: {row['published_count_text']}.")
    return " ".join(parts)


def _key(path: Path, line: int, row: Row) -> tuple[str, str, str]:
    if row.get("dimension") and row.get("group_name"):
        return row["measure"], row["dimension"], row["group_name"]
    found = MEASURES.get(row["measure"].lower())
    if found is None:
        raise UserError(
            f"{path}, line {line}: measure `{row['measure']}` is not known. Use one of: "
            f"{', '.join(MEASURES)}; or give `dimension` and `group_name` as well."
        )
    return found


def _share(path: Path, line: int, row: Row, name: str) -> float:
    try:
        value = float(row[name]) / 100
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UserError(f"{path}, line {line}: `{name}` must be a number from 0 to 100. Correct the cell.")
    return round(value, 12)


def _confidence(path: Path, line: int, row: Row) -> float:
    try:
        value = float(row["confidence"])
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise UserError(f"{path}, line {line}: `confidence` must be a number like 0.95. Correct the cell.")
    return value


def _whole(path: Path, line: int, row: Row, name: str) -> int | None:
    value = row.get(name, "").replace(",", "")
    if not value:
        return None
    if not value.isdigit():
        raise UserError(f"{path}, line {line}: `{name}` must be a whole number. Correct the cell.")
    return int(value)


def _day(path: Path, line: int, row: Row, name: str) -> date | None:
    """A day as 2018-03-01; of a month alone its first day, and where a period ends with it, its last."""
    value = row.get(name, "")
    if not value:
        return None
    try:
        if len(value) > 7:
            return date.fromisoformat(value)
        first = date.fromisoformat(f"{value}-01")
        return month_end(first) if name == "period_end" else first
    except ValueError:
        raise UserError(
            f"{path}, line {line}: `{name}` must be a date like 2018-03-01. Correct it."
        ) from None


def _as_id(text: str) -> str:
    return "-".join(text.lower().split())
