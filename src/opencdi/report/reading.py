"""``sample.xlsx``: the sampled incidents to read, and a sheet for the verdicts.

It shows what an auditor needs and nothing of what the machine found, scored or ranked: neither findings
nor strata, and the incidents in the order of a ticket that has nothing to do with their score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter.worksheet import Worksheet

from opencdi import schema
from opencdi.engine import Relation
from opencdi.report.workbooks import new_workbook

LONDON = ZoneInfo("Europe/London")
LONGEST_CELL = 32_000
"""Characters; Excel cuts a cell at 32,767, and a log that is cut says so."""

INCIDENT = (
    "incident_id",
    "reported_at",
    "channel",
    "caller_role",
    "opening_code",
    "closing_codes",
    "narrative",
)
RECORDED = (
    "incident_id",
    "crime_id",
    "class_code",
    "offence_written",
    "status",
    "recorded_at",
    "cancellation_reason",
)
JUDGED = (
    "incident_id",
    "required_no",
    "verdict",
    "class_required",
    "class_recorded",
    "crime_id",
    "offence_group",
    "offence_subgroup",
    "domestic_abuse",
    "within_24_hours",
    "class_right",
    "cancellation_right",
    "n100_right",
    "victim_told",
    "cause",
)

ABOUT = (
    "Sampled incidents to read: {force}",
    "OFFICIAL-SENSITIVE. This file holds whole logs. Keep it where the exports may be kept.",
    "Read each incident on the sheet `incidents`, with what is on record from it on the sheet `records`.",
    "On the sheet `verdicts` give one row for each crime that should be on record; add rows where an "
    "incident requires more than one, and number them from 1.",
    "Where an incident requires no crime, give the number 0 and the verdict nothing_required. Where it "
    "cannot be decided from the record, give cannot_tell.",
    "A row left without a verdict counts as not yet read.",
)
GONE = "[not among the records any more: give cannot_tell]"
"""Instead of the log of an incident that the exports no longer hold."""

OF_ONE_FORCE = "Then run: opencdi estimate DIR --verdicts sample.xlsx"
OF_A_COUNTRY = (
    "This is one force's share of a national sample. Then give it back to whoever drew the sample, who runs: "
    "opencdi country-estimate DIR"
)
"""What to do with the workbook once it is read."""


def write_reading_sheet(
    path: Path,
    force: str,
    sampled: Sequence[str],
    incidents: Relation,
    crimes: Relation,
    links: Relation,
    then: str,
) -> list[str]:
    """Write the workbook for the sampled incidents, in the order given. ``then`` says what to do with it.

    Gives those that are not among the incidents any more since the sample was frozen.
    """
    order = {incident: place for place, incident in enumerate(sampled)}
    logs = _rows(incidents, INCIDENT, f"where incident_id in {_texts(sampled)}")
    recorded = crimes.engine.rows(
        f"select links.incident_id, crimes.* from {links.name} as links "
        f"join {crimes.name} as crimes on crimes.crime_id = links.crime_id "
        f"where links.incident_id in {_texts(sampled)} and links.link_class in ('clear', 'ambiguous') "
        "order by crimes.crime_id"
    )
    gone = sorted({*sampled} - {row["incident_id"] for row in logs})
    logs += [{"incident_id": incident, "narrative": GONE} for incident in gone]
    workbook = new_workbook(path, f"Sample to read: {force}", None)
    heading = workbook.add_format({"bold": True, "bottom": 2})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    about = workbook.add_worksheet("About")
    about.set_column(0, 0, 110, wrapped)
    for row, line in enumerate((*ABOUT, then)):
        about.write_string(row, 0, line.format(force=force))
    in_order = sorted(logs, key=lambda row: order[row["incident_id"]])
    _fill(workbook.add_worksheet("incidents"), INCIDENT, in_order, heading, wrapped)
    beside = sorted(recorded, key=lambda row: (order[row["incident_id"]], row["crime_id"]))
    _fill(workbook.add_worksheet("records"), RECORDED, beside, heading, wrapped)
    blank = [{"incident_id": incident, "required_no": 1} for incident in sampled]
    verdicts = workbook.add_worksheet("verdicts")
    _fill(verdicts, JUDGED, blank, heading, wrapped)
    _offer_lists(verdicts, len(sampled))
    workbook.close()
    return gone


def _rows(relation: Relation, columns: Sequence[str], tail: str) -> list[dict[str, Any]]:
    return relation.engine.rows(f"select {', '.join(columns)} from {relation.name} {tail}")


def _fill(
    sheet: Worksheet, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], heading: Any, wrapped: Any
) -> None:
    for place, name in enumerate(columns):
        sheet.set_column(place, place, 90 if name == "narrative" else 22, wrapped)
        sheet.write_string(0, place, name, heading)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            sheet.write_string(number, place, _text(row.get(name)))


def _offer_lists(sheet: Worksheet, rows: int) -> None:
    for place, name in enumerate(JUDGED):
        allowed = schema.VERDICTS.column(name).allowed
        if allowed:
            sheet.data_validation(1, place, 3 * rows, place, {"validate": "list", "source": list(allowed)})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    if hasattr(value, "astimezone"):
        return str(value.astimezone(LONDON).strftime("%d %b %Y %H:%M:%S"))
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + " [cut here: read the log itself]"


def _texts(values: Sequence[str]) -> str:
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + ")"
