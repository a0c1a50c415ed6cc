"""A registrar's morning list: what is close to 24 hours, what is new, and what was put right.

The hour is that of the last report in the exports. *New* and *put right* are told against the leads of the
last audit that had other findings; without one, every lead is new and the list says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from opencdi.engine import Engine, Relation, Step
from opencdi.report.summary import Tables

STILL_TO_RECORD = ("missing", "additional_missing", "n100_instead_of_crime")
"""Kinds of lead that a record made in time would answer."""

ROWS_SHOWN = 200
"""Rows of each list on the page."""

ROWS_LISTED = 5_000
"""Rows of each list in the workbook."""

_DAY = timedelta(hours=24)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """Some leads of many: ``rows`` holds the first, ``count`` says how many there are."""

    count: int
    rows: Sequence[Row]

    @property
    def shown(self) -> Sequence[Row]:
        """Those on the page."""
        return self.rows[:ROWS_SHOWN]


_NOTHING = Listed(0, ())


@dataclass(frozen=True)
class Before:
    """The audit before: ``at`` is its last report, ``findings`` are its leads, and ``findings_now`` those of
    the audit told against it. Leads that both have may be left out of both."""

    at: datetime | None
    findings: Relation
    findings_now: Relation


@dataclass(frozen=True)
class Morning:
    """``at`` is the last report in the exports; ``since`` that of the audit compared with, if any."""

    at: datetime | None
    since: datetime | None
    close: Listed
    passed: Listed
    new: Listed
    new_kinds: Mapping[str, int]
    put_right: Listed

    def sentences(self) -> list[str]:
        """What a registrar reads before opening anything."""
        if self.at is None:
            return ["This morning: no reports."]
        told = [
            f"This morning: {_counted(self.close.count, 'report')} with a crime still to record within 24 "
            f"hours, {self.passed.count:,} whose 24 hours ended since yesterday."
        ]
        if self.since is None:
            first = "This is the first audit of this folder, or the first by this edition"
            return [*told, f"{first}: nothing to compare with yet."]
        return [
            *told,
            f"Since the last audit: {_counted(self.new.count, 'new lead')}, "
            f"{_counted(self.put_right.count, 'earlier one')} put right or otherwise gone.",
        ]


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def morning(tables: Tables, at: datetime | None, before: Before | None) -> Morning:
    """The list for the tables ``findings`` and ``matches`` at the last report, told against the audit
    before."""
    findings = tables["findings"]
    engine = findings.engine
    if at is None:
        return Morning(None, before.at if before else None, _NOTHING, _NOTHING, _NOTHING, {}, _NOTHING)
    engine.run(_due(findings.name, at))
    close = _listed(engine, "morning_close", "deadline_at, finding_id")
    passed = _listed(engine, "morning_passed", "seriousness, deadline_at, finding_id")
    if before is None:
        return Morning(at, None, close, passed, _NOTHING, {}, _NOTHING)
    engine.run(_changes(before, tables["matches"].name))
    by_kind = "select kind, count(*) as n from morning_new group by kind order by n desc, kind"
    return Morning(
        at,
        before.at,
        close,
        passed,
        _listed(engine, "morning_new", "seriousness, deadline_at, finding_id"),
        {row["kind"]: int(row["n"]) for row in engine.rows(by_kind)},
        _listed(engine, "morning_put_right", "seriousness, finding_id"),
    )


def _due(findings: str, at: datetime) -> list[Step]:
    """``morning_close`` and ``morning_passed``."""
    kinds = ", ".join(f"'{kind}'" for kind in STILL_TO_RECORD)
    due = f"select * from {findings} where kind in ({kinds}) and deadline_at"
    return [
        Step("morning_close", f"{due} > {_moment(at)}"),
        Step("morning_passed", f"{due} > {_moment(at - _DAY)} and deadline_at <= {_moment(at)}"),
    ]


def _changes(before: Before, matches: str) -> list[Step]:
    """``morning_new``, and ``morning_put_right``: leads that are none any more, with the crime that answers
    the same required crime now, if one does."""
    then, now = before.findings.name, before.findings_now.name
    answers = (
        "select incident_id, required_no, crime_id as answered_by, hours_to_record, outcome, "
        "row_number() over (partition by incident_id, required_no order by match_no) as place "
        f"from {matches} where incident_id in (select incident_id from morning_gone)"
    )
    return [
        Step("morning_new", f"select * from {now} where finding_id not in (select finding_id from {then})"),
        Step("morning_gone", f"select * from {then} where finding_id not in (select finding_id from {now})"),
        Step(
            "morning_put_right",
            "select old.*, answer.answered_by, answer.hours_to_record, answer.outcome "
            f"from morning_gone as old left join ({answers}) as answer on answer.place = 1 "
            "and answer.incident_id = old.incident_id and answer.required_no = old.required_no",
        ),
    ]


def _listed(engine: Engine, name: str, order: str) -> Listed:
    count = int(engine.rows(f"select count(*) as n from {name}")[0]["n"])
    return Listed(count, engine.rows(f"select * from {name} order by {order} limit {ROWS_LISTED}"))


def _moment(instant: datetime) -> str:
    return f"timestamptz '{instant:%Y-%m-%d %H:%M:%S}+00'"


def write_morning(folder: Path, force: str, found: Morning, editions: Sequence[str]) -> None:
    """Write ``morning.html`` and ``morning.xlsx`` into an existing folder."""
    from opencdi import __version__
    from opencdi.report.morning_sheet import write_sheet
    from opencdi.report.pages import write_page
    from opencdi.report.summary import LEADS_NOT_RATES

    write_page(
        folder / "morning.html",
        "morning.html.jinja",
        force=force,
        morning=found,
        reach={"editions": editions},
        version=__version__,
        leads_not_rates=LEADS_NOT_RATES,
    )
    write_sheet(folder / "morning.xlsx", force, found)
