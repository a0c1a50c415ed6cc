"""Readers' verdicts, taken back from a worklist (``.xlsx``, ``.csv``) or from the review's verdict file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from opencdi.errors import UserError
from opencdi.records.profile import Layout
from opencdi.records.readers import rows_of
from opencdi.records.sources import expanded

INCIDENT_HEADINGS = ("incident", "incident_id")
VERDICT_HEADINGS = ("verdict (yours)", "verdict")
NUMBER_HEADING = "required_no"

_MISSING = frozenset({"missing", "n100 wrong", "cancelled wrongly", "cancelled wrong", "yes"})
_NOT_MISSING = frozenset(
    {
        "not missing",
        "recorded correctly",
        "correct",
        "recorded late",
        "late",
        "wrong class",
        "over recorded",
        "paperwork",
        "no error",
        "nothing required",
        "no",
    }
)
_NO_ANSWER = frozenset({"", "cannot tell"})
KNOWN = "missing, not missing, cannot tell"


def read_verdicts(path: Path, known_incidents: Collection[str]) -> dict[str, bool]:
    """Incident to whether a required crime was found missing; rows without a verdict are passed over.

    Raises ``UserError`` for an incident the audit does not have, a word that is no verdict, and two
    verdicts for one incident that differ.
    """
    found: dict[str, bool] = {}
    per_crime = False
    for line, incident, number, words in _rows(path):
        answer = _answer(words, path, line)
        if answer is None:
            continue
        if incident not in known_incidents:
            raise UserError(
                f"{path}, line {line}: the audit has no incident of that number. "
                "Correct it, or leave the row out."
            )
        per_crime = per_crime or number is not None
        if incident in found and found[incident] != answer and not per_crime:
            raise UserError(
                f"{path}, line {line}: this incident already has the other verdict further up. "
                "Keep one of the two."
            )
        found[incident] = found.get(incident, False) or answer
    return found


def _rows(path: Path) -> Iterator[tuple[int, str, str | None, str]]:
    (source,) = expanded([str(path)], Path())
    rows = rows_of(source, Layout.model_validate({"sheet": "Leads"} if source.kind == "workbook" else {}))
    columns = {heading.strip().lower(): column for heading, column in rows.column_of.items()}
    incident = _column(columns, INCIDENT_HEADINGS, path)
    verdict = _column(columns, VERDICT_HEADINGS, path)
    for batch in rows.batches():
        for row in batch.to_pylist():
            number = row.get(columns.get(NUMBER_HEADING, ""))
            yield row["line"], (row[incident] or "").strip(), number, (row[verdict] or "").strip()


def _column(columns: dict[str, str], headings: tuple[str, ...], path: Path) -> str:
    for heading in headings:
        if heading in columns:
            return columns[heading]
    raise UserError(f"{path} has no column `{headings[0].capitalize()}`. Use a worklist that OpenCDI wrote.")


def _answer(words: str, path: Path, line: int) -> bool | None:
    plain = words.lower().replace("_", " ").replace("-", " ")
    if plain in _NO_ANSWER:
        return None
    if plain in _MISSING:
        return True
    if plain in _NOT_MISSING:
        return False
    raise UserError(f"{path}, line {line}: that is not a verdict. Use one of: {KNOWN}.")
