"""Readers' verdicts, taken back from a worklist (``.xlsx``, ``.csv``) or from the review's verdict file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from opencdi.errors import UserError
from opencdi.records.profile import Layout
from opencdi.records.readers import rows_of
from opencdi.records.sources import expanded

INCIDENT_HEADINGS = ("incident", "incident_id")
VERDICT_HEADINGS = ("verdict (yours)", "verdict")
NUMBER_HEADING = "required_no"
KNOWN_CASE_HEADING = "known_verdict"

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
_CANNOT_TELL = "cannot tell"
KNOWN = "missing, not missing, cannot tell"

Verdict = bool | None
"""Whether a required crime is missing; None where the reader could not tell."""
Verdicts = Mapping[str, Verdict]

UNKNOWN_INCIDENT = "the audit has no incident of that number. Correct it and give the file back."
NO_VERDICT = f"that is not a verdict. Use one of: {KNOWN}."
TWO_VERDICTS = "this file holds two verdicts on this incident. Keep one of the two and give the file back."
OTHER_BEFORE = (
    "an earlier file holds another verdict on this incident, which stands. "
    "To change it, correct its line in discovery/verdicts.csv."
)


@dataclass(frozen=True)
class SetAside:
    """A row whose verdict was not taken, and why."""

    file: str
    line: int
    incident: str
    reason: str


@dataclass(frozen=True)
class Returned:
    """What one file brought back; every row is counted once."""

    file: str
    rows: int
    empty: int
    known_cases: int
    """Seeded known cases of the review, which are no incidents of the force's."""
    set_aside: tuple[SetAside, ...]
    verdicts: dict[str, Verdict]

    @property
    def taken(self) -> int:
        """Rows whose verdict was taken."""
        return self.rows - self.empty - self.known_cases - len(self.set_aside)


@dataclass(frozen=True)
class _Row:
    line: int
    incident: str
    per_crime: bool
    known_case: bool
    words: str


def told(verdicts: Verdicts) -> dict[str, bool]:
    """The verdicts that say one or the other."""
    return {incident: verdict for incident, verdict in verdicts.items() if verdict is not None}


def word_of(verdict: Verdict) -> str:
    """A verdict as tables hold it."""
    return "cannot_tell" if verdict is None else "missing" if verdict else "not_missing"


def returned(path: Path, known_incidents: Collection[str], before: Verdicts) -> Returned:
    """The verdicts of one file that can be taken beside those ``before``, and every row that cannot.

    A file with a row a crime (the review's) says missing of an incident if any of its crimes is; a file
    with a row an incident may not say both. Raises ``UserError`` for a file without the columns.
    """
    every = list(_rows(path))
    rows = [row for row in every if not row.known_case]
    aside: list[SetAside] = []
    by_incident: dict[str, list[tuple[_Row, Verdict]]] = defaultdict(list)
    for row in rows:
        reason = _reason(row, known_incidents)
        if reason:
            aside.append(SetAside(path.name, row.line, row.incident, reason))
        elif row.words:
            by_incident[row.incident].append((row, _ANSWERS[_plain(row.words)]))
    verdicts: dict[str, Verdict] = {}
    for incident, answers in by_incident.items():
        verdict, reason = _settled(answers, incident, before)
        if reason:
            aside += [SetAside(path.name, row.line, incident, reason) for row, _ in answers]
        else:
            verdicts[incident] = verdict
    return Returned(
        path.name,
        len(every),
        sum(not row.words for row in rows),
        len(every) - len(rows),
        tuple(sorted(aside, key=lambda one: one.line)),
        verdicts,
    )


_ANSWERS: dict[str, Verdict] = {
    **dict.fromkeys(_MISSING, True),
    **dict.fromkeys(_NOT_MISSING, False),
    _CANNOT_TELL: None,
}


def _reason(row: _Row, known_incidents: Collection[str]) -> str:
    """Why a row's verdict cannot be taken; empty where it can, or where there is none."""
    if not row.words:
        return ""
    if row.incident not in known_incidents:
        return UNKNOWN_INCIDENT
    return "" if _plain(row.words) in _ANSWERS else NO_VERDICT


def _settled(answers: list[tuple[_Row, Verdict]], incident: str, before: Verdicts) -> tuple[Verdict, str]:
    """One incident's verdict, or why none can be taken."""
    found = {verdict for _, verdict in answers}
    if len(found) > 1 and not all(row.per_crime for row, _ in answers):
        return None, TWO_VERDICTS
    verdict = True if True in found else None if None in found else False
    earlier = before.get(incident)
    if earlier is not None and earlier != verdict:
        return None, OTHER_BEFORE
    return verdict, ""


def _plain(words: str) -> str:
    return words.lower().replace("_", " ").replace("-", " ")


def _rows(path: Path) -> Iterator[_Row]:
    (source,) = expanded([str(path)], Path())
    rows = rows_of(source, Layout.model_validate({"sheet": "Leads"} if source.kind == "workbook" else {}))
    columns = {heading.strip().lower(): column for heading, column in rows.column_of.items()}
    incident = _column(columns, INCIDENT_HEADINGS, path)
    verdict = _column(columns, VERDICT_HEADINGS, path)
    for batch in rows.batches():
        for row in batch.to_pylist():
            yield _Row(
                row["line"],
                (row[incident] or "").strip(),
                NUMBER_HEADING in columns,
                bool(row.get(columns.get(KNOWN_CASE_HEADING, ""))),
                " ".join((row[verdict] or "").split()),
            )


def _column(columns: dict[str, str], headings: tuple[str, ...], path: Path) -> str:
    for heading in headings:
        if heading in columns:
            return columns[heading]
    raise UserError(f"{path} has no column `{headings[0].capitalize()}`. Use a worklist that OpenCDI wrote.")
